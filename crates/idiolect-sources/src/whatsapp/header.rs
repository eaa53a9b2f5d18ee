//! What stands before a message: `[16.08.17, 16:39:30] Ana: `, `8/16/17, 4:39 PM - Ana: `, `2017/8/16 下午4:39 - Ana: `.

use crate::dates::{self, Cursor, Stamp};

/// A header as it stands there, not yet interpreted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) stamp: Stamp,
    pub(super) bracket: bool,
    close: Close,
    /// Where in the line the rest begins, in bytes.
    pub(super) rest: usize,
}

/// What all headers of one export have in common, however their numbers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Form {
    bracket: bool,
    pub(super) stamp: dates::Form,
    close: Close,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Close {
    Bracket,
    Dash,
    Colon,
    Space,
}

impl Header {
    pub(super) fn form(&self) -> Form {
        Form { bracket: self.bracket, stamp: self.stamp.form, close: self.close }
    }

    /// The sender and what follows, from the line that was parsed; a notice of the app has no sender.
    pub(super) fn sender_and_body<'l>(&self, line: &'l str) -> (Option<&'l str>, &'l str) {
        let rest = &line[self.rest..];
        let split = rest.split_once(": ").or_else(|| {
            let trimmed = rest.trim_end();
            // "Ana:" is an empty message, "Ana:." one that could be seen once.
            trimmed
                .strip_suffix(':')
                .map(|name| (name, ""))
                .or_else(|| trimmed.strip_suffix(":.").map(|name| (name, ONCE)))
        });
        match split {
            Some((name, body)) if !name.trim().is_empty() && name.len() <= MAX_NAME && !opens_quote(name) => {
                (Some(name.trim()), body)
            }
            _ => (None, rest),
        }
    }

    /// As logs have them, and few languages of WhatsApp: the year first and twenty-four hours, or seconds where iOS has a comma or
    /// a word before the time, and Android has none.
    pub(super) fn is_as_machines_write(&self) -> bool {
        let form = self.stamp.form;
        let has_odd_seconds = form.seconds && (!self.bracket || form.is_bare());
        form.is_year_first() || has_odd_seconds || self.close == Close::Space
    }

    /// As Signal's text exports have them.
    pub(super) fn is_iso_without_seconds(&self) -> bool {
        self.bracket && self.stamp.form.is_iso_without_seconds()
    }
}

/// The body that stands for a message that could be seen once.
pub(super) const ONCE: &str = "\u{200E}.";
/// Bytes of a sender's name; WhatsApp allows 25 characters, address books more.
const MAX_NAME: usize = 300;

/// Whether what is quoted in it goes on behind it: in a notice of how a group was called, and in nobody's name.
fn opens_quote(name: &str) -> bool {
    let mut closing: Option<&[char]> = None;
    let mut before = ' ';
    for c in name.chars() {
        closing = match closing {
            Some(marks) if marks.contains(&c) => None,
            Some(marks) => Some(marks),
            // Inches and seconds stand behind a number.
            None if before.is_whitespace() || !matches!(c, '"' | '”') => closed_by(c),
            None => None,
        };
        before = c;
    }
    closing.is_some()
}

/// What ends the quotation that this mark begins.
fn closed_by(mark: char) -> Option<&'static [char]> {
    Some(match mark {
        '"' => &['"'],
        '“' | '”' => &['”'],
        '„' => &['“', '”'],
        '«' => &['»'],
        '»' => &['«', '»'],
        '「' => &['」'],
        _ => return None,
    })
}

pub(super) fn parse(line: &str) -> Option<Header> {
    parse_in_order(line, false).or_else(|| parse_in_order(line, true))
}

fn parse_in_order(line: &str, time_first: bool) -> Option<Header> {
    let mut at = Cursor::at_start(line);
    at.spaces();
    let bracket = at.take('[');
    let stamp = Stamp::read(&mut at, time_first)?;
    at.spaces();
    let close = match bracket {
        true if at.take(']') => Close::Bracket,
        true => return None,
        false if at.take('-') || at.take('–') || at.take('—') => Close::Dash,
        false if at.take(':') => Close::Colon,
        false => Close::Space,
    };
    // Only a space must not be taken for the end of the header where it may be that of the time.
    let ends = at.spaces() || (bracket && at.rest().is_empty()) || close == Close::Space;
    if !ends || (close == Close::Space && (!stamp.form.seconds || time_first)) {
        return None;
    }
    Some(Header { stamp, bracket, close, rest: at.at })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Parts<'l> = ([u16; 3], (u8, u8, u8), &'l str);

    fn read(line: &str) -> Option<Parts<'_>> {
        let header = parse(line)?;
        let (date, time) = header.stamp.parts()?;
        Some((date, time, &line[header.rest..]))
    }

    #[test]
    fn headers_of_many_locales() {
        for (line, date, time) in [
            ("[16.08.17, 16:39:30] A: x", [16, 8, 17], (16, 39, 30)),
            ("\u{200e}[8/16/17, 4:39:30\u{202f}PM] A: x", [8, 16, 17], (16, 39, 30)),
            ("8/16/17, 4:39\u{202f}PM - A: x", [8, 16, 17], (16, 39, 0)),
            ("16/8/2017, 4:39\u{a0}p.\u{a0}m. - A: x", [16, 8, 2017], (16, 39, 0)),
            ("16/08/2017 16:39 - A: x", [16, 8, 2017], (16, 39, 0)),
            ("2017/8/16 下午4:39 - A: x", [2017, 8, 16], (16, 39, 0)),
            ("[16.8.2017 klo 16.39.30] A: x", [16, 8, 2017], (16, 39, 30)),
            ("16.8.2017 klo 16.39 - A: x", [16, 8, 2017], (16, 39, 0)),
            ("2018. 6. 13. 오후 8:28, A: x", [0; 3], (0, 0, 0)),
            ("[2018. 6. 13. 오후 8:28:01] A: x", [2018, 6, 13], (20, 28, 1)),
            ("2018년 6월 13일 오후 8:28 - A: x", [2018, 6, 13], (20, 28, 0)),
            ("13/06/18 à 21:25 - A: x", [13, 6, 18], (21, 25, 0)),
            ("2018-06-13 21 h 25 - A: x", [2018, 6, 13], (21, 25, 0)),
            ("[2018-06-13 21 h 25 min 15 s] A: x", [2018, 6, 13], (21, 25, 15)),
            ("2018-06-13 kl. 21:25 - A: x", [2018, 6, 13], (21, 25, 0)),
            ("[٢٠\u{200f}/٧\u{200f}/٢٠١٨، ٨:٢٨:٠١ م] A: x", [20, 7, 2018], (20, 28, 1)),
            ("20/6/2017 12:08 a. m. - A: x", [20, 6, 2017], (0, 8, 0)),
            ("20/6/2017, 00:08 a.m. - A: x", [20, 6, 2017], (0, 8, 0)),
            ("20/6/2017, 12:08 PM - A: x", [20, 6, 2017], (12, 8, 0)),
            ("13. 6. 2018. 21:25:15 A: x", [13, 6, 2018], (21, 25, 15)),
            ("13.06.18 21.25.15: A: x", [13, 6, 18], (21, 25, 15)),
            ("03-06-2018, 01.55 PM - A: x", [3, 6, 2018], (13, 55, 0)),
            ("20/6/2017 ÖS 8:28 - A: x", [20, 6, 2017], (20, 28, 0)),
            ("2018. 06. 13. du. 8:28 - A: x", [2018, 6, 13], (20, 28, 0)),
            ("1/23/23, 3:22_AM - A: x", [1, 23, 23], (3, 22, 0)),
            ("21:25, 13/06/2018 - A: x", [13, 6, 2018], (21, 25, 0)),
            ("[21:25:15, 13/06/2018] A: x", [13, 6, 2018], (21, 25, 15)),
            ("[21:25:15 13/6/18] A: x", [13, 6, 18], (21, 25, 15)),
            ("13/6/18 21:25 น. - A: x", [13, 6, 18], (21, 25, 0)),
            ("13.06.18 г., 21:25 ч. - A: x", [13, 6, 18], (21, 25, 0)),
            ("13.06.2018 г. 21:25 - A: x", [13, 6, 2018], (21, 25, 0)),
            ("13.06.18, 21:25 Uhr - A: x", [13, 6, 18], (21, 25, 0)),
            ("13/6/18, பிற்பகல் 8:28 - A: x", [13, 6, 18], (20, 28, 0)),
            ("१३/६/१८, ८:२८ म.उ. - A: x", [13, 6, 18], (20, 28, 0)),
            ("13.6.2018, 8:28 m.d. - A: x", [13, 6, 2018], (20, 28, 0)),
            ("13/6/2018, 8:28 بعد دوپہر - A: x", [13, 6, 2018], (20, 28, 0)),
            ("13. 6. 2018 8:28 odp. - A: x", [13, 6, 2018], (20, 28, 0)),
            ("13. 6. 2018 8:28 pop. - A: x", [13, 6, 2018], (20, 28, 0)),
            ("13.6.2018 klo ip. 8.28 - A: x", [13, 6, 2018], (20, 28, 0)),
            ("2018/6/13 下晝8:28 - A: x", [2018, 6, 13], (20, 28, 0)),
            ("13/6/2018, 8:5 - A: x", [13, 6, 2018], (8, 5, 0)),
            ("[13/6/2018 20:5:1] A: x", [13, 6, 2018], (20, 5, 1)),
            ("[16/8/2566 BE, 9:01:07] A: x", [16, 8, 2566], (9, 1, 7)),
            ("16/8/2566 BE, 9:01 - A: x", [16, 8, 2566], (9, 1, 0)),
            ("[٦\u{200f}/٥\u{200f}/١٤٤٥ هـ، ٩:٠٠:٠٧ ص] A: x", [6, 5, 1445], (9, 0, 7)),
            ("[18/6/13 (20:28:01)] A: x", [18, 6, 13], (20, 28, 1)),
        ] {
            match read(line) {
                Some(got) => assert_eq!(got, (date, time, "A: x"), "{line}"),
                None => assert_eq!(date, [0; 3], "{line}"),
            }
        }
    }

    #[test]
    fn other_lines_have_no_header() {
        for line in [
            "",
            "hello",
            "12/05/2019 was a day",
            "at 16/08/2017 16:39 - A: x",
            "16/08/2017",
            "[16.08.17, 16:39:30",
            "1.2.3.4 5:06 - x",
            "123/4/5, 10:10 - A: x",
            "16/08/2017 16:390 - A: x",
            "16/08/2017 16:39-A: x",
            "10:30 12/5/2019 lunch",
            "10:30 on 12/5/2019 - lunch at 5",
            "3.5.2 1.2.3 - x",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn sender_and_body_part_at_the_first_colon() {
        let parts = |line: &'static str| parse(line).unwrap().sender_and_body(line);
        assert_eq!(parts("1/2/23, 10:10 - Ana B: c: d"), (Some("Ana B"), "c: d"));
        assert_eq!(parts("1/2/23, 10:10 - You created group \"x\""), (None, "You created group \"x\""));
        for notice in ["Ana changed the name from \"a: b\" to \"c: d\"", "Ana hat „a: b“ geändert", "Ana将“a: b”改了"]
        {
            let line = format!("1/2/23, 10:10 - {notice}");
            assert_eq!(parse(&line).unwrap().sender_and_body(&line), (None, notice));
        }
        for name in ["Ana \"Bee\" Ruiz", "TV 55\"", "„Bee“ Ruiz", "Bo ”Bee” R", "Bo »Bee« R"] {
            let line = format!("1/2/23, 10:10 - {name}: hi");
            assert_eq!(parse(&line).unwrap().sender_and_body(&line), (Some(name), "hi"));
        }
        assert_eq!(parts("1/2/23, 10:10 - Ana: "), (Some("Ana"), ""));
        assert_eq!(parts("1/2/23, 10:10 - Ana:"), (Some("Ana"), ""));
        assert_eq!(parts("1/2/23, 10:10 - Ana:."), (Some("Ana"), ONCE));
    }
}
