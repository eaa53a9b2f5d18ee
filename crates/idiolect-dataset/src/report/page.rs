//! The page.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::chart::{Row, bars, columns, percent, rows, shares, thousands};
use super::{Cost, Report};
use crate::Manifest;
use crate::picture::{LENGTHS, Picture};

const STYLE: &str = include_str!("style.css");

/// The page as HTML, UTF-8. The same report gives the same bytes.
pub fn render(report: &Report) -> String {
    let manifest = report.manifest;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { "Dataset report" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    header {
                        h1 { "Dataset report" }
                        p.soft.break { (report.source) " · " (dates(report)) }
                    }
                    (figures(report))
                    (flow(report))
                    section {
                        h2 { "Messages per day" }
                        (columns(report.days))
                    }
                    div.pair { (redactions(manifest)) (prompts(manifest)) }
                    (style(report.picture))
                    @if !report.costs.is_empty() { (costs(report.costs)) }
                    @if !report.samples.is_empty() { (samples(report.samples)) }
                    (versions(manifest))
                }
            }
        }
    };
    page.into_string()
}

/// From the first to the last day on which something was sent, which the window may exceed by years.
fn dates(report: &Report) -> String {
    let mut days = report.days.all().map(|(date, _)| date);
    match (days.next(), days.last()) {
        (None, _) => {
            let manifest = report.manifest;
            format!("nothing was sent from {:.0} to {:.0}", manifest.window_start, manifest.window_end)
        }
        (Some(only), None) => only.to_string(),
        (Some(first), Some(last)) => format!("{first} to {last}"),
    }
}

fn figures(report: &Report) -> Markup {
    let manifest = report.manifest;
    let figures = [
        ("sent messages", manifest.messages_in_window),
        ("kept", manifest.messages_kept),
        ("training examples", manifest.training_examples),
        ("held out", manifest.holdout_examples),
        ("tokens an epoch", manifest.tokens.training_file),
        ("values redacted", manifest.redactions.by_kind().into_iter().map(|(_, count)| count).sum()),
    ];
    html! {
        dl.figures {
            @for (name, number) in figures { div { dt { (name) } dd { (thousands(number)) } } }
        }
    }
}

/// What came in and where it went.
fn flow(report: &Report) -> Markup {
    let manifest = report.manifest;
    let left_out: Vec<Row> = rows(manifest.dropped.by_reason()).into_iter().filter(|row| row.count > 0).collect();
    let extraction = report.extraction;
    let skipped: Vec<Row> = extraction
        .skipped
        .iter()
        .map(|(reason, skipped)| Row { label: reason.replace('_', " "), count: skipped.count })
        .collect();
    html! {
        div.pair {
            section {
                h2 { "What was read" }
                p.soft { (thousands(extraction.rows_read)) (if extraction.rows_read == 1 { " row, " } else { " rows, " }) (thousands(extraction.kept)) " of them sent messages. " @if !skipped.is_empty() { "The rest, by reason:" } }
                @if !skipped.is_empty() { (bars("Rows passed over, by reason", &skipped, extraction.rows_read)) }
                @for note in &extraction.notes { p.soft { (note) } }
            }
            section {
                h2 { "What was left out, and why" }
                p.soft { (thousands(manifest.messages_kept)) " of " (thousands(manifest.messages_in)) (if manifest.messages_in == 1 { " message was kept (" } else { " messages were kept (" }) (percent(manifest.messages_kept, manifest.messages_in)) ")." }
                (table_or(&left_out, "Messages left out, by rule", manifest.messages_in, "Nothing was left out."))
                @if manifest.messages_trimmed > 0 {
                    p.soft { (thousands(manifest.messages_trimmed)) " more lost a part that the person did not write: a quote, a forwarded text or a signature." }
                }
            }
        }
    }
}

fn redactions(manifest: &Manifest) -> Markup {
    let found: Vec<Row> = manifest
        .redactions
        .by_kind()
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| Row { label: kind.name().replace('_', " "), count })
        .collect();
    let total = found.iter().map(|row| row.count).sum();
    html! {
        section {
            h2 { "Redactions by type" }
            @if !manifest.pii_redaction { p { strong { "Some kinds are switched off in the settings." } } }
            (table_or(&found, "Values replaced by placeholders, by type", total, "Nothing was found to redact."))
        }
    }
}

fn prompts(manifest: &Manifest) -> Markup {
    let (forms, prompts) = (&manifest.forms, &manifest.prompts);
    let examples = manifest.training_examples + manifest.holdout_examples;
    let named: Vec<Row> = rows([
        ("in plain English", prompts.rewritten),
        ("plain already", prompts.plain),
        ("laughter or a sign, in words", prompts.reaction),
        ("as it is, nothing to rewrite", prompts.unchanged),
        ("by intent and keywords", forms.intent),
        ("without content", forms.style_rewrite),
    ]);
    let named: Vec<Row> = named.into_iter().filter(|row| row.count > 0).collect();
    let intents: Vec<Row> =
        manifest.intents.iter().map(|(intent, count)| Row { label: intent.replace('_', " "), count: *count }).collect();
    html! {
        section {
            h2 { "How the prompts say it" }
            p.soft { "Strategy " code { (manifest.strategy) } @if manifest.bursts > 0 { ", " (thousands(manifest.bursts)) " bursts of several messages" } "." }
            (table_or(&named, "Prompts by how their content is said", examples, "There are no examples."))
            @if !intents.is_empty() {
                h2 { "Intents" }
                (bars("Prompts by intent", &intents, forms.intent))
            }
        }
    }
}

fn style(picture: &Picture) -> Markup {
    let (endings, casing) = (&picture.endings, &picture.casing);
    let mut from = 1;
    let mut lengths = Vec::new();
    for (class, &count) in picture.lengths.iter().enumerate() {
        let label = match LENGTHS.get(class) {
            Some(to) => format!("{from} to {to}"),
            None => format!("{from} or more"),
        };
        from = LENGTHS.get(class).map_or(from, |to| to + 1);
        lengths.push(Row { label, count });
    }
    let endings = rows([
        ("no mark", endings.nothing),
        ("full stop", endings.stop),
        ("question mark", endings.question),
        ("exclamation mark", endings.exclamation),
        ("dots…", endings.trail),
        ("emoji", endings.emoji),
        ("other signs", endings.other),
    ]);
    let cased = casing.all_lower + casing.capital_first + casing.mixed + casing.all_upper;
    let casing = rows([
        ("all lower case", casing.all_lower),
        ("one capital, at the start", casing.capital_first),
        ("capitals here and there", casing.mixed),
        ("ALL CAPITALS", casing.all_upper),
        ("no such letters", picture.messages - cased),
    ]);
    let habits = rows([
        ("with emoji", picture.with_emoji),
        ("with stretched words (sooo)", picture.stretched),
        ("of several lines", picture.several_lines),
    ]);
    let emoji = picture.top_emoji();
    html! {
        div.pair {
            section { h2 { "Length, in characters" } (bars("Messages by length", &lengths, picture.messages)) }
            section { h2 { "How messages end" } (bars("Messages by ending", &endings, picture.messages)) }
            section { h2 { "Capitals" } (bars("Messages by use of capitals", &casing, picture.messages)) }
            section {
                h2 { "Habits" }
                (shares("Messages by habit", &habits, picture.messages))
                @if !emoji.is_empty() {
                    ul.emoji aria-label="Most frequent emoji" {
                        @for (emoji, count) in emoji { li { (emoji) " " (thousands(count)) } }
                    }
                }
            }
        }
    }
}

fn costs(costs: &[Cost]) -> Markup {
    html! {
        section {
            h2 { "What training would cost" }
            p.soft { "Estimates: tokens of the training file times epochs, at each provider's listed price. Training on this machine costs nothing." }
            div.scroll {
                table.list {
                    thead { tr { th scope="col" { "provider" } th scope="col" { "base model" } th.number scope="col" { "epochs" } th.number scope="col" { "tokens" } th.number scope="col" { "USD" } } }
                    tbody {
                        @for cost in costs {
                            tr {
                                th scope="row" { (cost.provider) }
                                td { (cost.base_model) }
                                td.number { (cost.epochs) }
                                td.number { (thousands(cost.trained_tokens)) }
                                td.number { (cost.dollars()) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn samples(samples: &[(String, String)]) -> Markup {
    html! {
        section {
            h2 { "Samples" }
            p { strong { "This page holds message text, because samples were asked for." } " Treat it as you would treat the messages." }
            @for (prompt, answer) in samples {
                div.sample { span.soft { (prompt) } "\n" b { (answer) } }
            }
        }
    }
}

fn versions(manifest: &Manifest) -> Markup {
    let list = [
        ("sha256", manifest.dataset_hash.as_str()),
        ("builder", &manifest.dataset_builder_version),
        ("cleaning", &manifest.cleaning_version),
        ("redaction", &manifest.redaction_ruleset_version),
        ("prompts", &manifest.prompt_version),
        ("neutral versions", &manifest.neutraliser_version),
        ("intents", &manifest.intent_version),
    ];
    html! {
        section {
            h2 { "Made by" }
            table.list {
                tbody { @for (name, value) in list { tr { th scope="row" { (name) } td.break { code { (value) } } } } }
            }
        }
    }
}

fn table_or(rows: &[Row], caption: &str, whole: u64, otherwise: &str) -> Markup {
    if rows.is_empty() {
        html! { p { (otherwise) } }
    } else {
        bars(caption, rows, whole)
    }
}
