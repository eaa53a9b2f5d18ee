//! The training file: OpenAI's chat format, one JSON object per line (spec §6.4).

use std::fmt;

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
    /// Lines that a [`LineWriter`] wrote. Only the builder has them, or a holdout could become a file.
    pub(crate) fn from_lines(bytes: Vec<u8>, examples: usize) -> Self {
        let sha256 = hex(&Sha256::digest(&bytes));
        Self { bytes, examples, sha256 }
    }

    #[cfg(test)]
    pub(crate) fn from_examples(examples: &[Example]) -> Self {
        let mut bytes = Vec::new();
        for example in examples {
            LineWriter::new(example.system()).write(example.user(), example.assistant(), &mut bytes);
        }
        Self::from_lines(bytes, examples.len())
    }
}

/// The line of `example`, without its end.
pub(crate) fn line_of(example: &Example) -> Vec<u8> {
    let mut line = Vec::new();
    LineWriter::new(example.system()).write(example.user(), example.assistant(), &mut line);
    line.pop();
    line
}

/// Writes lines that differ in the last two contents only.
pub(crate) struct LineWriter {
    /// Up to the user's content.
    start: Vec<u8>,
}

const BETWEEN: &[u8] = br#""},{"role":"assistant","content":""#;
const END: &[u8] = b"\"}]}\n";

impl LineWriter {
    pub(crate) fn new(system: &str) -> Self {
        let mut start = br#"{"messages":[{"role":"system","content":""#.to_vec();
        push_escaped(&mut start, system.as_bytes());
        start.extend_from_slice(br#""},{"role":"user","content":""#);
        Self { start }
    }

    /// Writes one line, its end included.
    pub(crate) fn write(&self, user: &str, assistant: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.start);
        push_escaped(out, user.as_bytes());
        out.extend_from_slice(BETWEEN);
        push_escaped(out, assistant.as_bytes());
        out.extend_from_slice(END);
    }

    /// Bytes of a line with contents of `content` bytes that need no escapes.
    pub(crate) fn line_len(&self, content: usize) -> usize {
        self.start.len() + BETWEEN.len() + END.len() + content
    }
}

/// How JSON writes each byte within a string: itself (0), `\` and a letter, or `\u00XX` (`u`).
static ESCAPES: [u8; 256] = {
    let mut table = [0; 256];
    let mut control = 0;
    while control < 0x20 {
        table[control] = b'u';
        control += 1;
    }
    table[0x08] = b'b';
    table[b'\t' as usize] = b't';
    table[b'\n' as usize] = b'n';
    table[0x0c] = b'f';
    table[b'\r' as usize] = b'r';
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table
};

/// As `serde_json` writes strings, by runs that need no escape.
fn push_escaped(out: &mut Vec<u8>, text: &[u8]) {
    // Most messages need none at all, which plain comparisons find out with vector instructions.
    if !text.iter().fold(false, |any, byte| any | (*byte < 0x20) | (*byte == b'"') | (*byte == b'\\')) {
        out.extend_from_slice(text);
        return;
    }
    let mut copied = 0;
    for (at, &byte) in text.iter().enumerate() {
        let escape = ESCAPES[usize::from(byte)];
        if escape == 0 {
            continue;
        }
        out.extend_from_slice(&text[copied..at]);
        if escape == b'u' {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            let digit = |value: u8| DIGITS[usize::from(value)];
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 0xf)]);
        } else {
            out.extend_from_slice(&[b'\\', escape]);
        }
        copied = at + 1;
    }
    out.extend_from_slice(&text[copied..]);
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

    proptest::proptest! {
        #[test]
        fn a_line_is_what_serde_json_writes(system in ".*", user in "(.|\\PC){0,40}", assistant in "[\\x00-\\x7f\u{2028}\u{1f44d}]{0,40}") {
            let mut line = Vec::new();
            LineWriter::new(&system).write(&user, &assistant, &mut line);
            let message = |role: &str, content: &str| format!(
                r#"{{"role":"{role}","content":{}}}"#,
                serde_json::to_string(content).unwrap()
            );
            let wanted = format!(
                "{{\"messages\":[{},{},{}]}}\n",
                message("system", &system), message("user", &user), message("assistant", &assistant)
            );
            proptest::prop_assert_eq!(String::from_utf8(line).unwrap(), wanted);
        }
    }
}
