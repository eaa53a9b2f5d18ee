//! A text read from its beginning, past marks that are not seen: numbers, marks of dates and times, words for halves of the day.

use super::numbers::Half;
use crate::digits;

pub(crate) struct Cursor<'l> {
    line: &'l str,
    /// In bytes.
    pub(crate) at: usize,
}

impl<'l> Cursor<'l> {
    pub(crate) fn at_start(line: &'l str) -> Self {
        Self { line, at: 0 }
    }

    pub(crate) fn rest(&self) -> &'l str {
        &self.line[self.at..]
    }

    /// Whether nothing that can be seen is left.
    pub(super) fn is_at_end(&self) -> bool {
        self.peek().is_none()
    }

    /// The next character that can be seen, and how many bytes it and the marks before it take.
    fn peek(&self) -> Option<(char, usize)> {
        let (index, c) = self.rest().char_indices().find(|(_, c)| !is_mark(*c))?;
        Some((c, index + c.len_utf8()))
    }

    pub(crate) fn take(&mut self, wanted: char) -> bool {
        match self.peek() {
            Some((c, bytes)) if c == wanted => {
                self.at += bytes;
                true
            }
            _ => false,
        }
    }

    /// Passes over spaces of any kind; whether there were any.
    pub(crate) fn spaces(&mut self) -> bool {
        let mut any = false;
        while let Some((c, bytes)) = self.peek() {
            if !c.is_whitespace() && c != '_' {
                break;
            }
            self.at += bytes;
            any = true;
        }
        any
    }

    /// A number of at most `max` digits, and how many it has.
    pub(super) fn number(&mut self, max: usize) -> Option<(u16, usize)> {
        let (mut number, mut digits) = (0_u16, 0);
        while let Some((c, bytes)) = self.peek() {
            let Some(digit) = digits::value(c) else { break };
            if digits == max {
                return None;
            }
            number = number * 10 + u16::from(digit);
            digits += 1;
            self.at += bytes;
        }
        (digits > 0).then_some((number, digits))
    }

    pub(super) fn date_mark(&mut self) -> Option<char> {
        self.spaces();
        let (c, bytes) = self.peek()?;
        if !matches!(c, '/' | '-' | '.' | '\u{2010}' | '\u{2011}' | '年' | '月' | '년' | '월') {
            return None;
        }
        self.at += bytes;
        self.spaces();
        Some(match c {
            '\u{2010}' | '\u{2011}' => '-',
            c => c,
        })
    }

    pub(super) fn time_mark(&mut self) -> Option<char> {
        self.spaces();
        let (c, bytes) = self.peek()?;
        if !matches!(c, ':' | '.' | 'h' | '時' | '时' | '시' | '\u{2236}') {
            return None;
        }
        self.at += bytes;
        self.spaces();
        Some(c)
    }

    pub(super) fn seconds(&mut self) -> Option<u16> {
        let before = self.at;
        for unit in ["min", "分", "분"] {
            self.literal(unit);
        }
        let has_colon = self.take(':');
        let parted = has_colon || self.take('.') || self.at > before;
        self.spaces();
        match self.number(2) {
            Some((second, digits)) if parted && (digits == 2 || has_colon) => {
                let _ = self.literal("s") || self.literal("秒") || self.literal("초");
                Some(second)
            }
            _ => {
                self.at = before;
                None
            }
        }
    }

    pub(super) fn literal(&mut self, wanted: &str) -> bool {
        let mut copy = Cursor { line: self.line, at: self.at };
        copy.spaces();
        let found = wanted.chars().all(|c| copy.take(c));
        if found {
            self.at = copy.at;
        }
        found
    }

    /// A short word between date and time: "klo", "kl.", "um", "at", "à".
    pub(super) fn word(&mut self) -> bool {
        let rest = self.rest();
        let letters: usize = rest.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
        let count = rest[..letters].chars().count();
        if !(1..=4).contains(&count) {
            return false;
        }
        self.at += letters;
        self.take('.');
        true
    }

    pub(super) fn half_after(&mut self) -> Option<Half> {
        let before = self.at;
        self.spaces();
        let half = self.half();
        if half.is_none() {
            self.at = before;
        }
        half
    }

    /// AM or PM in the languages that write it, with or without dots and spaces.
    pub(super) fn half(&mut self) -> Option<Half> {
        // Most often a number, a dash or a bracket is next, with which none begins.
        let first = self.rest().chars().find(|c| !is_mark(*c) && *c != '.' && !c.is_whitespace())?;
        let small = first.to_lowercase().next().filter(|_| first.is_alphabetic())?;
        let mut longest: Option<(usize, Half)> = None;
        for (written, half) in HALVES.iter().filter(|(written, _)| written.starts_with(small)) {
            let mut copy = Cursor { line: self.line, at: self.at };
            let found = written.chars().all(|wanted| copy.letter_of_half(wanted));
            copy.take('.');
            // The word must end here: "de" is also the begin of many others.
            let ends = copy.rest().chars().next().is_none_or(|c| !c.is_alphabetic() || !written.is_ascii());
            if found && ends && longest.is_none_or(|(at, _)| copy.at > at) {
                longest = Some((copy.at, *half));
            }
        }
        let (at, half) = longest?;
        self.at = at;
        Some(half)
    }

    /// One letter of such a word, dots and spaces before it passed over from the second letter on.
    fn letter_of_half(&mut self, wanted: char) -> bool {
        let mut copy = Cursor { line: self.line, at: self.at };
        loop {
            match copy.peek() {
                Some((c, bytes)) if c.to_lowercase().eq(wanted.to_lowercase()) => {
                    self.at = copy.at + bytes;
                    return true;
                }
                Some((c, bytes)) if c == '.' || c.is_whitespace() => copy.at += bytes,
                _ => return false,
            }
        }
    }
}

/// From the locales' own data, letters only.
const HALVES: &[(&str, Half)] = &[
    ("am", Half::Am),
    ("pm", Half::Pm),
    ("πμ", Half::Am),
    ("μμ", Half::Pm),
    ("ص", Half::Am),
    ("م", Half::Pm),
    ("قظ", Half::Am),
    ("بظ", Half::Pm),
    ("öö", Half::Am),
    ("ös", Half::Pm),
    ("de", Half::Am),
    ("du", Half::Pm),
    ("sa", Half::Am),
    ("ch", Half::Pm),
    ("fm", Half::Am),
    ("em", Half::Pm),
    ("vm", Half::Am),
    ("nm", Half::Pm),
    ("ptg", Half::Pm),
    ("pg", Half::Am),
    ("дп", Half::Am),
    ("пп", Half::Pm),
    ("fh", Half::Am),
    ("eh", Half::Pm),
    ("pd", Half::Am),
    ("md", Half::Pm),
    ("dop", Half::Am),
    ("odp", Half::Pm),
    ("prepodne", Half::Am),
    ("popodne", Half::Pm),
    ("преподне", Half::Am),
    ("поподне", Half::Pm),
    ("претпладне", Half::Am),
    ("попладне", Half::Pm),
    ("проб", Half::Am),
    ("слоб", Half::Pm),
    ("priešpiet", Half::Am),
    ("popiet", Half::Pm),
    ("priekšpusdienā", Half::Am),
    ("pēcpusdienā", Half::Pm),
    ("damanhã", Half::Am),
    ("manhã", Half::Am),
    ("datarde", Half::Pm),
    ("tarde", Half::Pm),
    ("לפנה״צ", Half::Am),
    ("אחה״צ", Half::Pm),
    ("قبلدوپہر", Half::Am),
    ("بعددوپہر", Half::Pm),
    ("मपू", Half::Am),
    ("मउ", Half::Pm),
    ("পূর্বাহ্ন", Half::Am),
    ("অপরাহ্ন", Half::Pm),
    ("ਪੂਦੁ", Half::Am),
    ("ਬਾਦੁ", Half::Pm),
    ("முற்பகல்", Half::Am),
    ("பிற்பகல்", Half::Pm),
    ("ಪೂರ್ವಾಹ್ನ", Half::Am),
    ("ಅಪರಾಹ್ನ", Half::Pm),
    ("පෙව", Half::Am),
    ("පව", Half::Pm),
    ("ጥዋት", Half::Am),
    ("ከሰዓት", Half::Pm),
    ("ap", Half::Am),
    ("ip", Half::Pm),
    ("yb", Half::Am),
    ("yh", Half::Pm),
    ("to", Half::Am),
    ("tk", Half::Pm),
    ("sf", Half::Am),
    ("ym", Half::Pm),
    ("gh", Half::Am),
    ("gd", Half::Pm),
    ("eparadites", Half::Am),
    ("epasdites", Half::Pm),
    ("pop", Half::Pm),
    ("priekšp", Half::Am),
    ("pēcp", Half::Pm),
    ("prijepodne", Half::Am),
    ("poslijepodne", Half::Pm),
    ("пријеподне", Half::Am),
    ("послијеподне", Half::Pm),
    ("претпл", Half::Am),
    ("попл", Half::Pm),
    ("тң", Half::Am),
    ("тк", Half::Pm),
    ("үө", Half::Am),
    ("үх", Half::Pm),
    ("կա", Half::Am),
    ("կհ", Half::Pm),
    ("قبلازظهر", Half::Am),
    ("بعدازظهر", Half::Pm),
    ("غم", Half::Am),
    ("غو", Half::Pm),
    ("পূৰ্বাহ্ন", Half::Am),
    ("অপৰাহ্ন", Half::Pm),
    ("နံနက်", Half::Am),
    ("ညနေ", Half::Pm),
    ("ກ່ອນທ່ຽງ", Half::Am),
    ("ຫຼັງທ່ຽງ", Half::Pm),
    ("上晝", Half::Am),
    ("下晝", Half::Pm),
    ("ก่อนเที่ยง", Half::Am),
    ("หลังเที่ยง", Half::Pm),
    ("पूर्वाह्न", Half::Am),
    ("अपराह्न", Half::Pm),
    ("오전", Half::Am),
    ("오후", Half::Pm),
    ("午前", Half::Am),
    ("午後", Half::Pm),
    ("上午", Half::Am),
    ("凌晨", Half::Am),
    ("清晨", Half::Am),
    ("早上", Half::Am),
    ("早晨", Half::Am),
    ("朝早", Half::Am),
    ("午夜", Half::Am),
    ("中午", Half::Noon),
    ("中晝", Half::Noon),
    ("下午", Half::Pm),
    ("傍晚", Half::Pm),
    ("晚上", Half::Pm),
    ("夜晚", Half::Pm),
];

/// Marks of direction and other characters that are not seen.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{061C}' | '\u{FEFF}')
}
