use std::io::{BufReader, Cursor, Read};

use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize, PartialEq)]
struct Row {
    n: u32,
}

fn reader(json: impl Into<Vec<u8>>) -> JsonReader {
    // A small buffer, so that values lie across its border.
    JsonReader::new("x.json".into(), Box::new(BufReader::with_capacity(7, Cursor::new(json.into()))))
}

type Rows = Vec<(u64, Result<Row, WrongShape>)>;

/// The rows of `{"before":…,"rows":[…],"after":…}`, with the line of each.
fn rows(json: &str) -> Result<Rows, SourceError> {
    let mut reader = reader(json);
    let mut rows = Vec::new();
    reader.expect(Kind::Object)?;
    while let Some(key) = reader.next_key()? {
        if key != "rows" {
            reader.skip()?;
            continue;
        }
        reader.expect(Kind::Array)?;
        while reader.next_item()? {
            let line = reader.line();
            rows.push((line, reader.record()?));
        }
    }
    reader.end()?;
    Ok(rows)
}

fn error(json: &str) -> String {
    rows(json).unwrap_err().to_string()
}

#[test]
fn records_are_taken_one_by_one_from_within() {
    let json = "{\"before\":{\"rows\":[\"]\"]},\n \"rows\" : [\n {\"n\":1},\n {\"n\" : 2}\n ], \"after\":-1.5 }\n";
    assert_eq!(rows(json).unwrap(), [(3, Ok(Row { n: 1 })), (4, Ok(Row { n: 2 }))]);
    assert_eq!(rows(r#"{"rows":[]}"#).unwrap(), []);
    assert_eq!(rows("{}").unwrap(), []);
}

#[test]
fn a_record_of_another_shape_does_not_end_the_reading() {
    assert_eq!(rows(r#"{"rows":["x",{"n":2}]}"#).unwrap(), [(1, Err(WrongShape)), (1, Ok(Row { n: 2 }))]);
}

#[test]
fn broken_json_is_an_error_with_its_line_and_without_its_words() {
    let broken = "x.json, line 2, record: broken JSON; copy or export the file again";
    for json in [
        "{\"rows\":[{\"n\":1},\n{\"n\" 2}]}",
        "{\"rows\":[{\"n\":1}\n{\"n\":2}]}",
        "{\"rows\":[{\"n\":1},\n]}",
        "{\"rows\":[{\"n\":1}]\n\"canary\":1}",
        "{\"rows\":\n]}",
        "{\"x\":1,\ncanary:2}",
        "{\"rows\":[]}\n{}",
    ] {
        assert_eq!(error(json), broken, "{json}");
    }
}

#[test]
fn a_file_that_is_cut_short_says_so() {
    let whole = "{\"a\":1,\"rows\":[{\"n\":1},{\"n\":2}]}";
    for length in 0..whole.len() {
        let error = error(&whole[..length]);
        assert!(error.contains("the file ends early") || error.contains("broken JSON"), "{length}: {error}");
    }
}

#[test]
fn lone_surrogates_become_the_replacement_character() {
    let mut reader = reader(r#"["a\ud83d","\ud83d\ude00"]"#);
    reader.expect(Kind::Array).unwrap();
    let mut texts = Vec::new();
    while reader.next_item().unwrap() {
        texts.push(reader.record::<String>().unwrap().unwrap());
    }
    assert_eq!(texts, ["a\u{fffd}", "\u{1f600}"]);
}

#[test]
fn control_characters_are_read_as_telegram_desktop_escapes_them() {
    let mut reader = reader(r#"{"text":"one\x0Btwo","more":1}"#);
    let record: std::collections::HashMap<String, serde_json::Value> = reader.record().unwrap().unwrap();
    assert_eq!(record["text"], "one\u{b}two");
}

#[test]
fn text_that_is_not_utf8_is_an_error() {
    let mut reader = reader(b"[\"caf\xe9\"]".to_vec());
    reader.expect(Kind::Array).unwrap();
    reader.next_item().unwrap();
    let error = reader.record::<String>().unwrap_err().to_string();
    assert!(error.starts_with("x.json, line 1, record: text that is not valid UTF-8; "), "{error}");
}

#[test]
fn a_gigantic_record_is_refused_without_being_held() {
    let endless = Cursor::new(b"[\"".to_vec()).chain(std::io::repeat(b'a'));
    let mut reader = JsonReader::new("x.json".into(), Box::new(BufReader::new(endless)));
    reader.expect(Kind::Array).unwrap();
    reader.next_item().unwrap();
    let error = reader.record::<String>().unwrap_err().to_string();
    assert!(error.contains("the record is longer than 4 MiB"), "{error}");
    assert!(reader.record.capacity() < 3 * MAX_RECORD);
}

#[test]
fn deep_nesting_is_refused() {
    assert!(error(&format!("{{\"a\":{}", "[".repeat(100_000))).contains("nested too deeply"));
    assert!(error(&format!("{{\"rows\":[{}", "{\"a\":".repeat(100_000))).contains("nested too deeply"));
}

proptest::proptest! {
    #[test]
    fn any_records_come_out_as_serde_json_reads_them(texts in proptest::collection::vec(".*", 0..8), buffer in 1_usize..40) {
        let rows: Vec<_> = texts.iter().map(|text| serde_json::json!({"text": text, "more": [[text], {}, -1.5e3, null]})).collect();
        let json = serde_json::to_string_pretty(&rows).unwrap();
        let input = BufReader::with_capacity(buffer, Cursor::new(json.into_bytes()));
        let mut reader = JsonReader::new("x.json".into(), Box::new(input));
        reader.expect(Kind::Array).unwrap();
        let mut read = Vec::new();
        while reader.next_item().unwrap() {
            read.push(reader.record::<serde_json::Value>().unwrap().unwrap());
        }
        reader.end().unwrap();
        proptest::prop_assert_eq!(read, rows);
    }

    #[test]
    fn any_bytes_are_survived(bytes in "[\\[\\]{}\",:a1\\\\ \n-]*") {
        let mut reader = reader(bytes);
        let mut walk = || -> Result<(), SourceError> {
            while reader.peek()? != Kind::Other {
                match reader.peek()? {
                    Kind::Object => {
                        reader.expect(Kind::Object)?;
                        reader.next_key()?;
                    }
                    _ => {
                        reader.expect(Kind::Array)?;
                        reader.next_item()?;
                    }
                }
            }
            reader.skip()
        };
        let _ = walk();
    }
}
