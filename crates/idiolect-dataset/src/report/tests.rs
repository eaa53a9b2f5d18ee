//! The page of a made-up dataset.

use jiff::SignedDuration;

use super::*;
use crate::{Dataset, DatasetBuilder, DatasetSettings, Message, Strategy, Window, picture};

fn dataset() -> Dataset {
    let window = Window::ending_at("2026-01-15T12:00:00Z".parse().unwrap(), 90);
    let mut builder = DatasetBuilder::new(DatasetSettings { strategy: Strategy::Mix, ..DatasetSettings::new(window) });
    for n in 0..200 {
        builder.push(&Message {
            message_id: format!("m{n}"),
            timestamp: window.start + SignedDuration::from_hours(n * 9),
            text: format!("zanzibar canary {n} <script>alert(1)</script> 😂 call 202-555-01{:02}", n % 100),
            conversation_id: None,
            recipient_count: None,
        });
    }
    builder.finish().unwrap()
}

fn page(dataset: &Dataset, costs: &[Cost], samples: &[(String, String)]) -> String {
    let mut extraction = ExtractionReport { rows_read: 300, kept: 200, ..ExtractionReport::default() };
    extraction.skip("received", || "row 7".to_owned());
    render(&Report {
        source: "ndjson:sent & kept.ndjson",
        extraction: &extraction,
        manifest: &dataset.manifest,
        days: &dataset.days,
        picture: &Picture::of(dataset),
        costs,
        samples,
    })
}

#[test]
fn less_than_a_cent_is_not_nothing() {
    let dollars = |usd: f64| {
        Cost { provider: "openai".into(), base_model: "m".into(), epochs: 3, trained_tokens: 30_000, usd }.dollars()
    };
    assert_eq!([0.0, 0.0049, 0.005, 0.09, 12.0].map(dollars), ["0.00", "<0.01", "0.01", "0.09", "12.00"]);
}

#[test]
fn no_message_text_is_on_it_unless_asked_for() {
    let dataset = dataset();
    let without = page(&dataset, &[], &[]);
    assert!(!without.contains("canary") && !without.contains("alert("), "message text on the page");
    let samples = picture::samples(&dataset, 5);
    assert_eq!(samples.len(), 5);
    let with = page(&dataset, &[], &samples);
    assert!(with.contains("canary") && with.contains("This page holds message text"));
    assert!(with.contains("&lt;script&gt;") && !with.contains("<script"), "text is escaped");
}

#[test]
fn it_is_one_file_without_scripts_or_addresses() {
    let cost = Cost { provider: "openai".into(), base_model: "m".into(), epochs: 3, trained_tokens: 30_000, usd: 0.09 };
    let page = page(&dataset(), &[cost], &[]);
    for absent in ["<script", "http://", "https://", "src=", "<link", "@import", "url("] {
        assert!(!page.contains(absent), "{absent} on the page");
    }
    for present in [
        "<!DOCTYPE html>",
        "lang=\"en\"",
        "prefers-color-scheme: dark",
        "sent &amp; kept",
        "0.09",
        "phone",
        "2025-10-17 to 2025-12-31",
    ] {
        assert!(page.contains(present), "{present} is missing");
    }
    assert_eq!(page.matches("role=\"img\"").count(), page.matches("aria-label=\"200 messages").count());
}

#[test]
fn shortened_messages_are_counted() {
    let window = Window::ending_at("2026-01-15T12:00:00Z".parse().unwrap(), 90);
    let mut builder = DatasetBuilder::new(DatasetSettings::new(window));
    builder.push(&Message {
        message_id: "1".into(),
        timestamp: window.start,
        text: "> are you in?\nsure thing".into(),
        conversation_id: None,
        recipient_count: None,
    });
    let dataset = builder.finish().unwrap();
    assert_eq!(dataset.manifest.messages_trimmed, 1);
    assert!(page(&dataset, &[], &[]).contains("1 more lost a part that the person did not write"));
}

#[test]
fn an_empty_dataset_has_a_page_too() {
    let window = Window::ending_at("2026-01-15T12:00:00Z".parse().unwrap(), 90);
    let dataset = DatasetBuilder::new(DatasetSettings::new(window)).finish().unwrap();
    let page = page(&dataset, &[], &[]);
    assert!(
        page.contains("Nothing was left out")
            && page.contains("nothing was sent from 2025-10-17T12:00:00Z to 2026-01-15T12:00:00Z")
            && !page.contains("NaN")
            && !page.contains("inf")
    );
}
