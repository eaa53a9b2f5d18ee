//! Dates, times and their ranges, which have as many digits as phone numbers: "10/1/2018-10/7/2018", "6/6/2021 12.15".

use super::candidate::Candidate;

/// Whether all of `candidate` reads as dates, years and times of day, with a whole date or a range of days among them.
pub(super) fn are_dates(candidate: &Candidate) -> bool {
    if candidate.has_plus() || candidate.extension || !(2..=10).contains(&candidate.groups.len()) {
        return false;
    }
    let all = |is: fn(&Candidate, usize) -> bool| (0..candidate.groups.len()).all(|at| is(candidate, at));
    all(is_year) || is_timetable(candidate) || is_stamp(candidate) || goes_on(candidate, 0, false)
}

/// "0830 0915 1000".
fn is_timetable(candidate: &Candidate) -> bool {
    let is_time =
        |at: usize| candidate.group(at).len() == 4 && number(candidate, at) <= 2400 && number(candidate, at) % 100 < 60;
    let count = candidate.groups.len();
    count >= 3 && (0..count).all(is_time) && (1..count).all(|at| number(candidate, at - 1) < number(candidate, at))
}

/// "20240115-123045", as cameras name their pictures.
fn is_stamp(candidate: &Candidate) -> bool {
    let day = number(candidate, 0);
    candidate.groups.len() == 2
        && (candidate.group(0).len(), candidate.group(1).len()) == (8, 6)
        && (1900..=2100).contains(&(day / 10_000))
        && (1..=12).contains(&(day / 100 % 100))
        && (1..=31).contains(&(day % 100))
}

/// Whether the groups from `at` on read so; `sure` once a whole date was read.
fn goes_on(candidate: &Candidate, at: usize, sure: bool) -> bool {
    let left = candidate.groups.len() - at;
    if left == 0 {
        return sure;
    }
    left >= 4 && is_range_of_days(candidate, at) && goes_on(candidate, at + 4, true)
        || left >= 3 && is_date(candidate, at) && goes_on(candidate, at + 3, true)
        || left >= 4 && is_first_day(candidate, at) && goes_on(candidate, at + 4, true)
        || left == 4 && is_short_date(candidate, at) && starts_time(candidate, at + 3)
        || left >= 2 && is_day_or_time(candidate, at) && goes_on(candidate, at + 2, sure)
        || is_year(candidate, at) && goes_on(candidate, at + 1, sure)
}

fn number(candidate: &Candidate, at: usize) -> u32 {
    candidate.group(at).parse().unwrap_or(u32::MAX)
}

fn is_year(candidate: &Candidate, at: usize) -> bool {
    candidate.group(at).len() == 4 && (1900..=2100).contains(&number(candidate, at))
}

/// A day and a month in either order.
fn is_day_and_month(candidate: &Candidate, at: usize) -> bool {
    let (a, b) = (number(candidate, at), number(candidate, at + 1));
    let short = |at: usize| candidate.group(at).len() <= 2;
    short(at) && short(at + 1) && (1..=31).contains(&a) && (1..=31).contains(&b) && (a <= 12 || b <= 12)
}

/// What joins the parts of one date.
fn joins(candidate: &Candidate, at: usize) -> bool {
    matches!(candidate.separator(at), "/" | "." | "-" | "./")
}

fn is_date(candidate: &Candidate, at: usize) -> bool {
    joins(candidate, at)
        && joins(candidate, at + 1)
        && (is_year(candidate, at) && is_day_and_month(candidate, at + 1)
            || is_year(candidate, at + 2) && is_day_and_month(candidate, at))
}

/// "14./15.10.2018", "14-15/10/2018".
fn is_first_day(candidate: &Candidate, at: usize) -> bool {
    matches!(candidate.separator(at), "./" | ".-" | "-" | " - " | "–")
        && (1..=31).contains(&number(candidate, at))
        && candidate.group(at).len() <= 2
        && is_date(candidate, at + 1)
        && is_year(candidate, at + 3)
}

/// "06/06/12", before a time alone.
fn is_short_date(candidate: &Candidate, at: usize) -> bool {
    joins(candidate, at)
        && candidate.separator(at) == candidate.separator(at + 1)
        && is_day_and_month(candidate, at)
        && candidate.group(at + 2).len() == 2
}

/// The hour of "15:15", behind a space.
fn starts_time(candidate: &Candidate, at: usize) -> bool {
    let behind = &candidate.text[candidate.groups[at].end..];
    candidate.separator(at - 1) == " "
        && number(candidate, at) <= 24
        && behind.starts_with(':')
        && behind[1..].starts_with(|c: char| c.is_ascii_digit())
}

/// "1/10" or "12.15".
fn is_day_or_time(candidate: &Candidate, at: usize) -> bool {
    let time = candidate.separator(at) == "."
        && number(candidate, at) <= 24
        && candidate.group(at + 1).len() == 2
        && number(candidate, at + 1) < 60;
    time || joins(candidate, at) && is_day_and_month(candidate, at)
}

/// "01/05-07/05".
fn is_range_of_days(candidate: &Candidate, at: usize) -> bool {
    let slashed = |at: usize| candidate.separator(at) == "/" && is_day_and_month(candidate, at);
    candidate.separator(at + 1).trim() == "-" && slashed(at) && slashed(at + 2)
}

#[cfg(test)]
mod tests {
    use super::super::candidate;
    use super::*;

    #[test]
    fn dates_are_told_from_numbers() {
        let are = |text: &str| candidate::all(text, 7).next().is_some_and(|candidate| are_dates(&candidate));
        for dates in [
            "10/1/2018-10/7/2018",
            "2016 - 2016/02/22",
            "6/6/2021 12.15",
            "15.00 15-5-2018",
            "06/06/12 15:15",
            "1/10-2/11/2017",
            "2020 2021 2022",
            "0830 0915 1000",
            "20240115-123045",
            "01/05-07/05",
            "14./15.10.2018",
        ] {
            assert!(are(dates), "{dates}");
        }
        for other in [
            "05/14/23/41/50",
            "06 12 20 10 12",
            "202-555-0142",
            "2018 555 0142",
            "06/06/12 15 16",
            "+20 12 12 2018",
            "01/05/07/05/12",
        ] {
            assert!(!are(other), "{other}");
        }
    }
}
