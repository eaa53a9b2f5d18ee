//! Messages that were copied in WhatsApp and pasted into another: each has a header of its own, in brackets whatever the phone, as
//! in `[13/02, 20:00] Kim: where are you`.

use std::sync::LazyLock;

use jiff::civil::DateTime;
use regex::Regex;

use super::chat::Known;
use super::header;
use super::shape::Shapes;

/// Android's has no year in the year of the copy.
static WITHOUT_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(\x{200E}?\[\d{1,2}([/.-])\d{1,2})(\.?,?\s\d{1,2}[:.]\d{2}[^\[\]\d]{0,12}\] [^:]{1,100}: )")
        .expect("the pattern is right")
});

/// Whether a line of a message that was sent at `sent` begins as a copied message does, which was sent before.
pub(super) fn begins_one(shapes: &Shapes, known: Known<'_>, sent: Option<DateTime>, line: &str) -> bool {
    let copied = match header::parse(line) {
        Some(header) if header.bracket && known.sender_and_body(&header, line).0.is_some() => shapes.time(&header),
        Some(_) => None,
        None => sent.and_then(|sent| time_without_year(shapes, sent.year(), line)),
    };
    copied.is_some_and(|copied| sent.is_some_and(|sent| copied < sent))
}

/// When a line says that it was copied from a message of that `year`.
fn time_without_year(shapes: &Shapes, year: i16, line: &str) -> Option<DateTime> {
    let parts = WITHOUT_YEAR.captures(line)?;
    let line = format!("{}{}{year}{}", &parts[1], &parts[2], &parts[3]);
    shapes.time_in_year(&header::parse(&line)?)
}

/// When the message was sent that was copied to the beginning of one sent at `sent`, with a header in the export's own form.
pub(super) fn time(shapes: &Shapes, known: Known<'_>, sent: DateTime, body: &str) -> Option<DateTime> {
    let header = header::parse(body).filter(|header| shapes.is_own(header))?;
    known.sender_and_body(&header, body).0?;
    shapes.time(&header).filter(|copied| *copied < sent)
}

/// Tells the headers of messages that were pasted in the export's own form: the first stands right behind the header of the message
/// they were pasted into, the others on lines below it, all earlier than it.
#[derive(Default)]
pub(super) struct Pasted {
    /// When the message was sent that begins with such a header.
    into: Option<DateTime>,
}

impl Pasted {
    /// Whether a header is a pasted one. To be asked of all that have the export's own form, in their order; `copied` is when the
    /// message was sent that stands right behind it, if one does.
    pub(super) fn holds(&mut self, sent: DateTime, copied: Option<DateTime>) -> bool {
        let is_pasted = self.into.is_some_and(|into| sent < into);
        if !is_pasted {
            self.into = copied.map(|_| sent);
        }
        is_pasted
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::Fixture;
    use crate::reason;

    fn read(lines: &[&str]) -> (Vec<String>, u64) {
        let chat = format!("{}\n", lines.join("\n"));
        let read = Fixture::new([("WhatsApp Chat with Lux.txt", chat.as_str())]).me("Wren").extract().unwrap();
        (read.texts(), read.skipped(reason::FORWARDED).0)
    }

    #[test]
    fn messages_that_android_copied_are_left_out_with_what_they_were_pasted_into() {
        for (one, two) in [
            ("[12/04, 20:00] Bo: where are you", "[12/04, 20:01] Lux: at home"),
            ("[12/4, 8:00 PM] Bo: where are you", "[12/4, 8:01\u{202f}PM] Lux: at home"),
            ("[12/04/23, 20:00:00] Bo: where are you", "[12/04/23, 20:01:00] Lux: at home"),
            ("[20:00, 12/04/2023] Bo: where are you", "[20:01, 12/04/2023] Wren: at home"),
        ] {
            let (first, words) = (format!("13/04/23, 10:01 - Wren: {one}"), "13/04/23, 10:03 - Wren: she wrote");
            let lines =
                ["13/04/23, 10:00 - Lux: hm", &first, two, words, one, "13/04/23, 10:04 - Wren: ok", "[sic]: ok"];
            assert_eq!(read(&lines), (vec!["ok\n[sic]: ok".to_owned()], 2), "{one}");
        }
    }

    #[test]
    fn what_is_later_than_the_message_above_it_was_not_copied_into_it() {
        let lines = [
            "[13.04.23, 10:00:00] Lux: hm",
            "[13.04.23, 10:01:00] Wren: a",
            "[13.04.2023, 10:02:00] Lux: of a form that is rare",
            "[13.04.23, 10:03:00] Wren: b",
        ];
        assert_eq!(read(&lines), (vec!["a".to_owned(), "b".to_owned()], 0));
    }

    #[test]
    fn a_timetable_in_brackets_lies_in_the_future_and_is_no_copy() {
        for row in ["[20/04/23, 18:00] hall: act one", "[15/04, 20:00] Dinner: at mine", "[3/5, 20:00] Dinner: at mine"]
        {
            let lines = [
                "13/04/23, 10:00 - Lux: hm",
                "13/04/23, 10:01 - Wren: rehearsals",
                row,
                "all ok?",
                "13/04/23, 10:02 - Lux: yes",
            ];
            assert_eq!(read(&lines), (vec![format!("rehearsals\n{row}\nall ok?")], 0));
        }
        let american =
            ["4/13/23, 10:01 AM - Wren: rehearsals", "[5/3, 8:00 PM] Dinner: at mine", "4/13/23, 10:02 AM - Lux: yes"];
        assert_eq!(read(&american), (vec!["rehearsals\n[5/3, 8:00 PM] Dinner: at mine".to_owned()], 0));
    }

    #[test]
    fn notices_out_of_order_are_no_part_of_a_message() {
        for notice in [
            "13/04/23, 14:30 - Missed voice call",
            "01/02/21, 9:00 - Lux created group \"hall\"",
            "01/02/21, 9:00 - You added Bo",
        ] {
            let mut lines = vec![
                "13/04/23, 10:00 - Lux: hm",
                "13/04/23, 10:00 - Bo: hm",
                "13/04/23, 10:01 - Wren: call me",
                notice,
            ];
            lines.extend([
                "13/04/23, 10:02 - Lux: so",
                "13/04/23, 10:02 - Bo: yes",
                "13/04/23, 10:02 - Lux: so",
                "13/04/23, 10:03 - Wren: ok",
            ]);
            assert_eq!(read(&lines).0, ["call me", "ok"], "{notice}");
        }
    }

    #[test]
    fn a_plan_whose_lines_begin_as_messages_do_stays_whole() {
        for days in
            [["14/04/23, 09:00 - dentist", "15/04/23, 11:00 - gym: legs"], ["18/04/23, 9:00 - x", "19/04/23, 9:00 - y"]]
        {
            let lines = [
                "13/04/23, 10:00 - Lux: hm",
                "13/04/23, 10:01 - Wren: plan:",
                days[0],
                days[1],
                "fine?",
                "13/04/23, 10:02 - Lux: yes",
                "13/04/23, 10:03 - Wren: ok",
                "13/04/23, 10:03 - Lux: so",
                // A notice, years later.
                "13/04/26, 10:03 - Lux changed to a new number",
            ];
            assert_eq!(read(&lines).0, [format!("plan:\n{}\n{}\nfine?", days[0], days[1]), "ok".to_owned()]);
        }
    }
}
