//! What the headers of an export look like: settled from all of it.

use std::collections::{BTreeMap, BTreeSet};

use idiolect_dataset::SourceError;
use jiff::civil::DateTime;

use super::header::{self, Form, Header};
use crate::dates::{Settled, Tally, Years};
use crate::export::{Entry, Export};

/// The share of all headers from which on a form is one of the export's own though no chat begins with it: chats that were put
/// behind one another. Lines pasted into messages are fewer,
const OWN_SHARE: u64 = 4;
/// and so few headers are no share of anything.
const OWN_HEADERS: u64 = 5;

/// Years in which a message can have been sent: WhatsApp is from 2009, and phones whose clocks stood still say 2000 or 1970.
const YEARS: Years = Years { first: 2009, last: 2069 };

/// The forms of an export's headers, with the order of their dates.
pub(super) struct Shapes {
    own: BTreeMap<Form, Settled>,
    /// All forms seen, also those of pasted lines.
    others: BTreeMap<Form, Settled>,
}

impl Shapes {
    /// Reads the headers of all `entries`.
    pub(super) fn learn(export: &Export, entries: &[&Entry]) -> Result<Self, SourceError> {
        let mut tallies: BTreeMap<Form, Tally> = BTreeMap::new();
        let mut first_forms: BTreeSet<Form> = BTreeSet::new();
        for entry in entries {
            let mut is_first = true;
            for tally in tallies.values_mut() {
                tally.begin_anew();
            }
            let mut lines = export.lines(entry)?;
            while let Some(line) = lines.next_line()? {
                if let Some(header) = header::parse(line.text) {
                    if std::mem::take(&mut is_first) {
                        first_forms.insert(header.form());
                    }
                    tallies.entry(header.form()).or_insert_with(|| Tally::new(YEARS)).note(&header.stamp);
                }
            }
        }
        let all: u64 = tallies.values().map(|tally| tally.count).sum();
        let is_own =
            |form: &Form, count: u64| first_forms.contains(form) || (count >= OWN_HEADERS && count * OWN_SHARE > all);
        let settled = tallies.into_iter().map(|(form, tally)| (form, tally.settle(&form.stamp)));
        let (own, others) = settled.partition(|(form, settled)| is_own(form, settled.count));
        Ok(Self { own, others })
    }

    /// Whether headers of this form are the export's own.
    pub(super) fn is_own(&self, header: &Header) -> bool {
        self.own.contains_key(&header.form())
    }

    /// When the header says; `None` where the calendar has no such day.
    pub(super) fn time(&self, header: &Header) -> Option<DateTime> {
        let settled = self.own.get(&header.form()).or_else(|| self.others.get(&header.form()))?;
        settled.time(&header.stamp, YEARS)
    }

    /// When a header says whose year was left out and is put behind day and month, in the order of the export's own dates.
    pub(super) fn time_in_year(&self, header: &Header) -> Option<DateTime> {
        self.own.values().max_by_key(|settled| settled.count)?.time_in_year(&header.stamp, YEARS)
    }

    /// How ambiguous dates and clocks were read, for the report.
    pub(super) fn notes(&self) -> Vec<String> {
        self.own.values().map(Settled::note).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn learn(lines: &[&str]) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("x.txt"), lines.join("\n")).unwrap();
        let export = Export::open(folder.path()).unwrap();
        let entries: Vec<&Entry> = export.entries().iter().collect();
        let shapes = Shapes::learn(&export, &entries).unwrap();
        let times = lines
            .iter()
            .filter_map(|line| header::parse(line))
            .map(|header| shapes.time(&header).map_or("none".into(), |time| time.to_string()))
            .collect();
        (times, shapes.notes())
    }

    #[test]
    fn a_day_above_twelve_settles_the_order_for_all() {
        let (times, notes) = learn(&["3/4/23, 10:00 - A: x", "3/13/23, 10:00 - A: x"]);
        assert_eq!(times, ["2023-03-04T10:00:00", "2023-03-13T10:00:00"]);
        assert_eq!(
            notes,
            ["Dates were read as month, day, year, as the dates themselves show; the clock has 24 hours."]
        );
        assert_eq!(learn(&["3/4/23, 10:00 - A: x", "13/4/23, 10:00 - A: x"]).0[0], "2023-04-03T10:00:00");
    }

    #[test]
    fn without_one_the_sequence_does() {
        let (times, notes) = learn(&["1/2/23, 10:00 - A: x", "2/1/23, 10:00 - A: x", "3/1/23, 10:00 - A: x"]);
        assert_eq!(times[1], "2023-02-01T10:00:00");
        assert!(notes[0].contains("in order of time"), "{notes:?}");
    }

    #[test]
    fn and_without_that_custom_which_is_said() {
        let (times, notes) = learn(&["1/2/23, 10:00 - A: x"]);
        assert_eq!(times, ["2023-02-01T10:00:00"]);
        assert_eq!(
            notes,
            [
                "Dates were read as day, month, year, a guess by what is usual with such dates: nothing in the export settles it, as a \
              longer one would; the clock has 24 hours."
            ]
        );
        assert!(learn(&["1/2/23, 9:05 AM - A: x"]).1[0].contains("month, day, year, a guess"));
        assert_eq!(learn(&["1/2/23, 10:00 PM - A: x"]).0, ["2023-01-02T22:00:00"]);
        assert_eq!(learn(&["1/2/23, 10:00 pm - A: x"]).0, ["2023-02-01T22:00:00"]);
        assert_eq!(learn(&["01/02/23, 10:00 PM - A: x"]).0, ["2023-02-01T22:00:00"]);
        assert_eq!(learn(&["2023/1/2, 10:00 - A: x"]).0, ["2023-01-02T10:00:00"]);
    }

    #[test]
    fn dates_lie_near_one_another() {
        let lines = ["1/2/23, 10:00 PM - A: x", "2/2/23, 10:00 PM - A: x", "3/2/23, 10:00 PM - A: x"];
        let (times, notes) = learn(&lines);
        assert_eq!(times[2], "2023-02-03T22:00:00");
        assert!(notes[0].contains("near one another"), "{notes:?}");
        // Two dates tell nothing, and neither do some weeks.
        assert_eq!(learn(&lines[..2]).0[1], "2023-02-02T22:00:00");
        let weeks = ["1/2/23, 10:00 PM - A: x", "1/9/23, 10:00 PM - A: x", "2/6/23, 10:00 PM - A: x"];
        assert_eq!(learn(&weeks).0[1], "2023-01-09T22:00:00");
        let korean = ["23. 4. 13. 오후 1:07 - A: x", "23. 4. 14. 오후 1:07 - A: x"];
        assert_eq!(learn(&korean).0[1], "2023-04-14T13:07:00");
        let year_first = ["23/4/13, 13:07 - A: x", "23/4/14, 13:07 - A: x", "23/4/25, 13:07 - A: x"];
        assert_eq!(learn(&year_first).0[2], "2023-04-25T13:07:00");
    }

    #[test]
    fn words_before_the_hour_that_may_tell_halves_are_said() {
        let said = |lines: &[&str]| learn(lines).1[0].contains("unless the words before the hour, which are not known");
        assert!(said(&["2023/4/13 xa 9:05 - A: x", "2023/4/13 xa 9:06 - A: x", "2023/4/13 xb 9:07 - A: x"]));
        assert!(!said(&["2023/4/13 xa 9:05 - A: x", "2023/4/13 xa 9:06 - A: x"]));
        assert!(!said(&["2023/4/13 xa 9:05 - A: x", "2023/4/13 xb 19:06 - A: x"]));
        let (times, notes) = learn(&["2023/4/13 朝早9:05 - A: x", "2023/4/13 夜晚9:06 - A: x"]);
        assert_eq!((times[1].as_str(), notes.len()), ("2023-04-13T21:06:00", 1));
    }

    #[test]
    fn short_years_may_come_first() {
        let lines = ["18. 6. 30. 오후 8:28 - A: x", "18. 7. 1. 오후 8:28 - A: x", "18. 7. 31. 오후 8:28 - A: x"];
        assert_eq!(learn(&lines).0[0], "2018-06-30T20:28:00");
    }
}
