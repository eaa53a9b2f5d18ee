//! The training file: OpenAI's chat format, one JSON object per line (spec §6.4).

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::Example;

/// The bytes to upload. The same examples in the same order give the same bytes.
#[derive(Clone)]
pub struct TrainingFile {
    /// UTF-8, each line ended by `\n`; empty if there are no examples.
    pub bytes: Vec<u8>,
    /// Number of lines.
    pub examples: usize,
    /// SHA-256 of `bytes`, in lower-case hexadecimal.
    pub sha256: String,
}

impl TrainingFile {
    /// Writes `examples` down, in their order. Only the builder does so, or a holdout could become a file.
    pub(crate) fn from_examples(examples: &[Example]) -> Self {
        let mut bytes = Vec::with_capacity(examples.iter().map(|e| 280 + e.user().len() + e.assistant().len()).sum());
        for example in examples {
            write_line(example, &mut bytes);
            bytes.push(b'\n');
        }
        let sha256 = hex(&Sha256::digest(&bytes));
        Self { bytes, examples: examples.len(), sha256 }
    }
}

/// The line of `example`, without its end.
pub(crate) fn line_of(example: &Example) -> Vec<u8> {
    let mut line = Vec::new();
    write_line(example, &mut line);
    line
}

fn write_line(example: &Example, out: &mut Vec<u8>) {
    serde_json::to_writer(out, &Line::from(example)).expect("strings are always representable");
}

/// Shows size and hash, never the words.
impl fmt::Debug for TrainingFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrainingFile")
            .field("bytes", &self.bytes.len())
            .field("examples", &self.examples)
            .field("sha256", &self.sha256)
            .finish()
    }
}

#[derive(Serialize)]
struct Line<'a> {
    messages: [ChatMessage<'a>; 3],
}

#[derive(Serialize)]
struct ChatMessage<'a> {
    role: &'static str,
    content: &'a str,
}

impl<'a> From<&'a Example> for Line<'a> {
    fn from(example: &'a Example) -> Self {
        Self {
            messages: [
                ChatMessage { role: "system", content: example.system() },
                ChatMessage { role: "user", content: example.user() },
                ChatMessage { role: "assistant", content: example.assistant() },
            ],
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Strategy;
    use crate::prompt::SYSTEM_PROMPT;
    use crate::redact::{Ledger, RedactionSettings, Redactor};
    use crate::validate::validate_jsonl;

    fn file(texts: &[&str]) -> TrainingFile {
        let redactor = Redactor::new(&RedactionSettings::default());
        let mut ledger = Ledger::new();
        let example = |text: &&str| Example::new(Strategy::NeutralRewrite, redactor.redact(text, &mut ledger).unwrap());
        TrainingFile::from_examples(&texts.iter().map(example).collect::<Vec<_>>())
    }

    fn lines(file: &TrainingFile) -> Vec<serde_json::Value> {
        let text = std::str::from_utf8(&file.bytes).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn produces_valid_jsonl() {
        let texts: Vec<String> = (0..12).map(|n| format!("msg \"{n}\" \\ \u{2028} \u{1f44d}\r\nline two")).collect();
        let file = file(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        validate_jsonl(&file.bytes).unwrap();
        for (line, text) in lines(&file).iter().zip(&texts) {
            assert_eq!(line["messages"][2]["content"], text.as_str());
        }
    }

    #[test]
    fn one_json_object_per_line() {
        let file = file(&["first", "two\nlines", "third\r\n"]);
        assert_eq!(file.examples, 3);
        assert!(file.bytes.ends_with(b"}\n"));
        assert!(lines(&file).iter().all(serde_json::Value::is_object));
        assert_eq!(lines(&file).len(), 3);
    }

    #[test]
    fn includes_system_prompt() {
        for line in lines(&file(&["hey", "u there?"])) {
            assert_eq!(line["messages"][0]["role"], "system");
            assert_eq!(line["messages"][0]["content"], SYSTEM_PROMPT);
            assert_eq!(line["messages"][1]["role"], "user");
            assert_eq!(line["messages"][2]["role"], "assistant");
        }
    }

    #[test]
    fn the_hash_is_that_of_the_bytes() {
        let empty = file(&[]);
        assert!(empty.bytes.is_empty());
        // The SHA-256 of nothing, FIPS 180-4.
        assert_eq!(empty.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_ne!(file(&["a b"]).sha256, file(&["a c"]).sha256);
    }
}
