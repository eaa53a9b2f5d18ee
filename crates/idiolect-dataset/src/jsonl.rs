//! The training file: OpenAI's chat format, one JSON object per line (spec §6.4).

use std::fmt;

use sha2::{Digest, Sha256};
use wide::u8x16;

use crate::Example;

/// What is uploaded. The same examples in the same order give the same bytes.
///
/// Most of every line is the same; that is written out with the bytes, and what differs is kept.
#[derive(Clone)]
pub struct TrainingFile {
    /// Each line up to where it differs from others.
    start: Vec<u8>,
    /// What [`push_contents`] wrote.
    contents: Vec<u8>,
    /// Number of lines.
    pub examples: usize,
    /// SHA-256 of the bytes, in lower-case hexadecimal.
    pub sha256: String,
}

const BETWEEN: &[u8] = br#""},{"role":"assistant","content":""#;
const END: &[u8] = b"\"}]}\n";

/// Whole lines are hashed about this many bytes at a time, which stay in the processor's caches.
const HASHED_TOGETHER: usize = 32 * 1024;

impl TrainingFile {
    /// Lines that begin with `start`. Only the builder has their contents, or a holdout could become a file.
    pub(crate) fn of(start: Vec<u8>, contents: Vec<u8>, examples: usize) -> Self {
        let mut file = Self { start, contents, examples, sha256: String::new() };
        let (mut hash, mut bytes) = (Sha256::new(), Vec::with_capacity(2 * HASHED_TOGETHER));
        for line in file.lines() {
            line.into_iter().for_each(|part| bytes.extend_from_slice(part));
            if bytes.len() >= HASHED_TOGETHER {
                hash.update(&bytes);
                bytes.clear();
            }
        }
        hash.update(&bytes);
        file.sha256 = hex(&hash.finalize());
        file
    }

    /// UTF-8, each line ended by `\n`; nothing if there are no examples.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.len());
        self.lines().flatten().for_each(|part| bytes.extend_from_slice(part));
        bytes
    }

    /// How many bytes [`to_bytes`](Self::to_bytes) gives.
    pub fn len(&self) -> usize {
        self.contents.len() + self.examples * line_len(&self.start)
    }

    pub fn is_empty(&self) -> bool {
        self.examples == 0
    }

    /// Each line with its end, in parts.
    pub(crate) fn lines(&self) -> impl Iterator<Item = [&[u8]; 5]> {
        let mut left = self.contents.as_slice();
        let mut until = move |mark| {
            let (content, behind) = left.split_at(memchr::memchr(mark, left)?);
            left = &behind[1..];
            Some(content)
        };
        std::iter::from_fn(move || Some([self.start.as_slice(), until(USER_END)?, BETWEEN, until(LINE_END)?, END]))
    }

    #[cfg(test)]
    pub(crate) fn from_examples(examples: &[Example]) -> Self {
        let mut contents = Vec::new();
        examples.iter().for_each(|example| push_contents(example.user(), example.assistant(), &mut contents));
        Self::of(line_start(examples.first().map_or("", Example::system), ""), contents, examples.len())
    }
}

/// The line of `example`, without its end.
pub(crate) fn line_of(example: &Example) -> Vec<u8> {
    let mut line = line_start(example.system(), "");
    push_escaped(&mut line, example.user().as_bytes());
    line.extend_from_slice(BETWEEN);
    push_escaped(&mut line, example.assistant().as_bytes());
    line.extend_from_slice(END.trim_ascii_end());
    line
}

/// A line up to the user's content, and as much of that as all lines share.
pub(crate) fn line_start(system: &str, user: &str) -> Vec<u8> {
    let mut start = br#"{"messages":[{"role":"system","content":""#.to_vec();
    push_escaped(&mut start, system.as_bytes());
    start.extend_from_slice(br#""},{"role":"user","content":""#);
    push_escaped(&mut start, user.as_bytes());
    start
}

/// How many more bytes a line that begins with `start` has than its contents take.
pub(crate) fn line_len(start: &[u8]) -> usize {
    start.len() + BETWEEN.len() + END.len() - 2
}

// JSON's strings have no control characters, so these are in no content.
const USER_END: u8 = 0;
const LINE_END: u8 = b'\n';

/// What is left of a line's user content, and its assistant content, as JSON writes them and each with its end.
pub(crate) fn push_contents(user: &str, assistant: &str, out: &mut Vec<u8>) {
    push_escaped(out, user.as_bytes());
    out.push(USER_END);
    push_escaped(out, assistant.as_bytes());
    out.push(LINE_END);
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
    if !needs_escapes(text) {
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

/// Most messages need none, which is found out sixteen bytes at a time.
fn needs_escapes(text: &[u8]) -> bool {
    let Some(last) = text.last_chunk() else { return text.iter().any(|byte| ESCAPES[usize::from(*byte)] != 0) };
    let escaped = |part: &[u8; 16]| {
        let part = u8x16::new(*part);
        let is = |mark: u8| part.simd_eq(u8x16::splat(mark));
        part.simd_lt(u8x16::splat(b' ')) | is(b'"') | is(b'\\')
    };
    let (parts, _) = text.as_chunks();
    parts.iter().fold(escaped(last), |any, part| any | escaped(part)).to_bitmask() != 0
}

/// Shows size and hash, never the words.
impl fmt::Debug for TrainingFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrainingFile")
            .field("bytes", &self.len())
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
    use crate::Holdout;
    use crate::Strategy;
    use crate::prompt::SYSTEM_PROMPT;
    use crate::redact::{Ledger, RedactionSettings, Redactor};
    use crate::validate::{Limits, validate_training_file};

    fn file(texts: &[&str]) -> TrainingFile {
        let redactor = Redactor::new(&RedactionSettings::default());
        let mut ledger = Ledger::new();
        let example = |text: &&str| Example::new(Strategy::NeutralRewrite, redactor.redact(text, &mut ledger).unwrap());
        TrainingFile::from_examples(&texts.iter().map(example).collect::<Vec<_>>())
    }

    fn lines(file: &TrainingFile) -> Vec<serde_json::Value> {
        let text = String::from_utf8(file.to_bytes()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn produces_valid_jsonl() {
        let texts: Vec<String> = (0..12).map(|n| format!("msg \"{n}\" \\ \u{2028} \u{1f44d}\r\nline two")).collect();
        let file = file(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        validate_training_file(&file.to_bytes(), &Holdout::default(), Limits::default()).unwrap();
        for (line, text) in lines(&file).iter().zip(&texts) {
            assert_eq!(line["messages"][2]["content"], text.as_str());
        }
    }

    #[test]
    fn one_json_object_per_line() {
        let file = file(&["first", "two\nlines", "third\r\n"]);
        assert_eq!(file.examples, 3);
        assert!(file.to_bytes().ends_with(b"}\n"));
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
        assert!(empty.to_bytes().is_empty());
        // The SHA-256 of nothing, FIPS 180-4.
        assert_eq!(empty.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_ne!(file(&["a b"]).sha256, file(&["a c"]).sha256);
    }

    proptest::proptest! {
        #[test]
        fn what_needs_escapes_is_found_wherever_it_stands(before in "[a-z !~é]{0,40}", mark in "[\"\\\\\\x00-\\x21\\x7f]?", behind in "[a-z]{0,20}") {
            let text = before + &mark + &behind;
            proptest::prop_assert_eq!(needs_escapes(text.as_bytes()), text.bytes().any(|byte| ESCAPES[usize::from(byte)] != 0));
        }

        #[test]
        fn a_line_is_what_serde_json_writes(system in ".*", user in "(.|\\PC){0,40}", assistant in "[\\x00-\\x7f\u{2028}\u{1f44d}]{0,40}") {
            let cut = user.char_indices().nth(3).map_or(0, |(at, _)| at);
            let mut contents = Vec::new();
            push_contents(&user[cut..], &assistant, &mut contents);
            let file = TrainingFile::of(line_start(&system, &user[..cut]), contents, 1);
            let message = |role: &str, content: &str| format!(
                r#"{{"role":"{role}","content":{}}}"#,
                serde_json::to_string(content).unwrap()
            );
            let wanted = format!(
                "{{\"messages\":[{},{},{}]}}\n",
                message("system", &system), message("user", &user), message("assistant", &assistant)
            );
            proptest::prop_assert_eq!(file.len(), wanted.len());
            proptest::prop_assert_eq!(String::from_utf8(file.to_bytes()).unwrap(), wanted);
        }
    }
}
