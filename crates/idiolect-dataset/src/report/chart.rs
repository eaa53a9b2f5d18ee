//! Pictures drawn by hand: tables of bars, and columns over days.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::{Day, Days};

/// `1234567` as `1,234,567`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `part` of `whole` in words: `12 %`, `0.4 %`.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let share = 100.0 * part as f64 / whole.max(1) as f64;
    if share == 0.0 || share >= 10.0 { format!("{share:.0} %") } else { format!("{share:.1} %") }
}

/// A row of a table of bars.
pub(super) struct Row {
    pub(super) label: String,
    pub(super) count: u64,
}

pub(super) fn rows<'a>(pairs: impl IntoIterator<Item = (&'a str, u64)>) -> Vec<Row> {
    pairs.into_iter().map(|(label, count)| Row { label: label.to_owned(), count }).collect()
}

/// A table whose last column is a bar, the longest for the largest count; shares are of `whole`.
pub(super) fn bars(caption: &str, rows: &[Row], whole: u64) -> Markup {
    table(caption, rows, whole, rows.iter().map(|row| row.count).max().unwrap_or(0))
}

/// The same for counts that are no parts of one whole: a bar is as long as its share.
pub(super) fn shares(caption: &str, rows: &[Row], whole: u64) -> Markup {
    table(caption, rows, whole, whole)
}

fn table(caption: &str, rows: &[Row], whole: u64, most: u64) -> Markup {
    html! {
        table.bars {
            caption.hidden { (caption) }
            thead.hidden { tr { th scope="col" { "what" } th scope="col" { "number" } th scope="col" { "share" } th scope="col" { "bar" } } }
            tbody {
                @for row in rows {
                    tr {
                        th scope="row" { (row.label) }
                        td.number { (thousands(row.count)) }
                        td.share { (percent(row.count, whole)) }
                        td.bar aria-hidden="true" { (bar(row.count, most.max(1))) }
                    }
                }
            }
        }
    }
}

fn bar(count: u64, most: u64) -> Markup {
    // A count above nothing is seen.
    let width = if count == 0 { 0.0 } else { (100.0 * count as f64 / most as f64).max(0.8) };
    html! {
        svg viewBox="0 0 100 10" preserveAspectRatio="none" {
            rect.track x="0" y="0" width="100" height="10" {}
            rect.fill x="0" y="0" width=(format!("{width:.1}")) height="10" {}
        }
    }
}

const HEIGHT: f64 = 150.0;
const WIDTH: f64 = 900.0;
/// Of a column, where there are few days.
const WIDEST: f64 = 48.0;
/// Columns at most; more days than that share one.
const COLUMNS: usize = 120;

/// A column for each day, or for each few days: what was sent, and within it what was kept.
pub(super) fn columns(days: &Days) -> Markup {
    let all: Vec<(Date, Day)> = days.all().collect();
    let Some(((first, _), (last, _))) = all.first().zip(all.last()) else {
        return html! { p { "No messages." } };
    };
    let per_column = all.len().div_ceil(COLUMNS).max(1);
    let columns: Vec<(Date, Day)> = all.chunks(per_column).map(together).collect();
    let most = columns.iter().map(|(_, day)| day.sent).max().unwrap_or(0).max(1);
    let step = WIDTH / columns.len() as f64;
    let height = |count: u64| HEIGHT * count as f64 / most as f64;
    let (sent, kept) = all.iter().fold((0, 0), |(sent, kept), (_, day)| (sent + day.sent, kept + day.kept));
    let unit = if per_column == 1 { "a day".to_owned() } else { format!("{per_column} days") };
    let label = format!(
        "{} messages sent and {} kept from {first} to {last}, at most {} in {unit}",
        thousands(sent),
        thousands(kept),
        thousands(most)
    );
    html! {
        figure.days {
            svg role="img" aria-label=(label) viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) preserveAspectRatio="none" {
                @for (n, (date, day)) in columns.iter().enumerate() {
                    g {
                        title { (date) ": " (thousands(day.sent)) " sent, " (thousands(day.kept)) " kept" }
                        (column("sent", n, step, height(day.sent)))
                        (column("kept", n, step, height(day.kept)))
                    }
                }
            }
            figcaption {
                span { (first) }
                span.key { span.dot.sent {} "sent" span.dot.kept {} "kept" span { "· at most " (thousands(most)) " in " (unit) " (UTC)" } }
                span { (last) }
            }
        }
    }
}

fn column(class: &str, n: usize, step: f64, height: f64) -> Markup {
    let gap = (step * 0.15).min(2.0);
    let width = (step - gap).min(WIDEST);
    html! {
        rect class=(class) x=(format!("{:.2}", n as f64 * step + (step - gap - width) / 2.0)) y=(format!("{:.2}", HEIGHT - height))
            width=(format!("{width:.2}")) height=(format!("{height:.2}")) {}
    }
}

fn together(days: &[(Date, Day)]) -> (Date, Day) {
    let sum = |of: fn(&Day) -> u64| days.iter().map(|(_, day)| of(day)).sum();
    (days[0].0, Day { sent: sum(|day| day.sent), kept: sum(|day| day.kept) })
}
