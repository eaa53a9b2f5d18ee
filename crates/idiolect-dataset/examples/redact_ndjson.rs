//! Reads `{"id","text","region"?}` lines on standard input and writes `{"id","spans":[{"start","end","type"}]}`,
//! in Unicode code points: what a scorer of redaction needs, and never the text.

use std::io::{self, BufRead, Write};

use idiolect_dataset::{RedactionSettings, Redactor};
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let redactor = Redactor::new(&RedactionSettings::default());
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let item: Value = serde_json::from_str(&line?)?;
        let text = item["text"].as_str().unwrap_or_default();
        let region = item["region"].as_str().and_then(|region| region.parse().ok());
        let spans = redactor.find(text, region).map_err(io::Error::other)?;
        let code_points = |byte: usize| text[..byte].chars().count();
        let spans: Vec<Value> = spans
            .iter()
            .map(|span| {
                let (start, end) = (code_points(span.range.start), code_points(span.range.end));
                json!({ "start": start, "end": end, "type": span.kind.label() })
            })
            .collect();
        writeln!(out, "{}", json!({ "id": item["id"], "spans": spans }))?;
    }
    out.flush()
}
