//! Which groupings of digits are phone numbers, and which are dates, times, sums, ranges and codes.

use std::ops::Range;

use super::candidate::Candidate;
use super::context::Context;
use crate::redact::Region;
use crate::redact::numbers::is_year;

/// Whether `candidate` is shaped like a phone number, given what announces it and where numbers are dialled.
pub(super) fn is_phone(candidate: &Candidate, context: &Context, region: Option<Region>) -> bool {
    let digits = candidate.digits.len();
    let dotted = is_dotted_code(candidate)
        && !is_dotted_national(candidate, context)
        && !(context.calling() && is_dotted_dialled(candidate));
    let timed = is_date_or_time(candidate) && !(context.calling() && is_spaced_pair(candidate));
    if timed || dotted {
        return false;
    }
    if candidate.has_plus() {
        return true;
    }
    if context.hash_before() {
        // "#202-555-0142"
        let grouped = candidate.lengths == [3, 3, 4]
            && candidate.separators().all(|separator| separator == "-" || separator == ".");
        return context.calling() && digits >= 8 || grouped;
    }
    let lengths = candidate.lengths.as_slice();
    let announced = || region.is_some_and(|region| super::plan::lengths(region).contains(&digits)) && context.calling();
    if fits_short_plan(candidate, lengths, region) || announced() {
        return true;
    }
    if is_dictated(candidate, lengths) {
        return true;
    }
    if lengths.iter().filter(|&&length| length == 1).count() > 3 && !context.calling() {
        return false; // counting, not dialling
    }
    if lengths.len() > 1 && holds_something_else(candidate, lengths) {
        return false;
    }
    match lengths.len() {
        1 => is_plain_phone(candidate, context, region),
        _ if candidate.lead().contains('(') || candidate.separators().any(|s| s.contains('(')) => {
            digits >= 8 || context.calling()
        }
        _ => is_grouped_phone(candidate, lengths, context, region),
    }
}

/// "0 7 7 0 0 9 0 0 4 5 2": digit by digit with the same between all, as long as numbers mostly are, and not counting up or down.
fn is_dictated(candidate: &Candidate, lengths: &[usize]) -> bool {
    let digits = candidate.digits.as_bytes();
    let counting = digits.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) == 1).count();
    let mut separators = candidate.separators();
    let first = separators.next();
    (10..=11).contains(&digits.len())
        && lengths.iter().all(|&length| length == 1)
        && separators.all(|other| Some(other) == first)
        && 2 * counting < digits.len()
}

/// Whether the number is as long as the short numbers of `region` are, and written as such: "21 28 08" on the Faroes.
fn fits_short_plan(candidate: &Candidate, lengths: &[usize], region: Option<Region>) -> bool {
    let digits = candidate.digits.as_str();
    let start = !digits.starts_with(['0', '1']);
    let grouped = match lengths {
        [_] => digits.len() >= 8 || digits.len() == 7 && !digits.ends_with("000"),
        [first, second] => *first >= 2 && *second >= 2,
        groups => groups.iter().all(|group| (2..=4).contains(group)) && groups.len() <= 4,
    };
    region.is_some_and(|region| super::plan::lengths(region).contains(&digits.len()))
        && start
        && grouped
        && !is_range(candidate)
}

/// One run of digits without separators.
fn is_plain_phone(candidate: &Candidate, context: &Context, region: Option<Region>) -> bool {
    let digits = candidate.digits.as_str();
    if candidate.extension {
        return true;
    }
    match digits.len() {
        _ if is_machine_time(digits) && !(context.calling() && region.is_some()) => false,
        ..=5 => context.calling(),
        7 => (context.calling() || context.called()) && !digits.ends_with("00000"),
        8 => context.calling() || has_eight_digit_numbers(region, digits),
        9 => context.calling() || digits.starts_with(['0', '6', '7', '8', '9']),
        // Seconds since 1970, and no country's number.
        10 if digits.starts_with('1') && region.is_none() => context.calling() || context.called(),
        10 | 11 => true,
        _ => context.calling() || digits.starts_with('0') || region.is_some() || is_mobile_from_abroad(digits),
    }
}

/// A mobile number with its country's code, where the plus was left out: China's, India's, Britain's, Germany's.
fn is_mobile_from_abroad(digits: &str) -> bool {
    let (code, number) = digits.split_at(2);
    match (code, digits.len()) {
        ("86", 13) => number.starts_with('1') && !number.starts_with("10"),
        ("91", 12) => number.starts_with(['6', '7', '8', '9']),
        ("44", 12) => number.starts_with('7'),
        ("49", 12 | 13) => number.starts_with("15") || number.starts_with("16") || number.starts_with("17"),
        _ => false,
    }
}

/// Instants as programs write them: milliseconds since 1970, or year to second in one run.
fn is_machine_time(digits: &str) -> bool {
    match digits.len() {
        13 => digits.starts_with('1') && matches!(digits.as_bytes()[1], b'4'..=b'9'),
        14 => digits.starts_with("19") || digits.starts_with("20"),
        _ => false,
    }
}

/// Countries whose subscriber numbers have eight digits, and the digits they start with.
fn has_eight_digit_numbers(region: Option<Region>, digits: &str) -> bool {
    let starts = match region.as_ref().map(Region::as_str) {
        Some("SG") => ['3', '6', '8', '9'].as_slice(),
        Some("HK" | "MO" | "DK" | "NO") => &['2', '3', '4', '5', '6', '7', '8', '9'],
        Some(_) => &[],
        None => &['8', '9'],
    };
    digits.starts_with(starts)
}

/// Groups with separators, no parentheses and no plus.
fn is_grouped_phone(candidate: &Candidate, lengths: &[usize], context: &Context, region: Option<Region>) -> bool {
    let digits = candidate.digits.len();
    if candidate.separators().any(|separator| separator.contains("--") || separator.chars().count() > 3)
        && !context.calling()
    {
        return false;
    }
    let dialled_in_us = region.is_none_or(|region| region.as_str() == "US");
    if is_range(candidate) && !is_spaced_pair(candidate) || lengths == [3, 2, 4] && !context.calling() && dialled_in_us
    {
        // The latter is how US social security numbers are written.
        return false;
    }
    if is_list(candidate, lengths) && !context.calling() {
        return false;
    }
    let longest = lengths.iter().copied().max().unwrap_or(0);
    // Counting ("1 2 3 4 5 6 7") and lists of small numbers.
    let pairs = candidate.digits.starts_with('0') && lengths.iter().all(|&length| length == 2);
    if longest <= 2 && !(pairs && (8..=10).contains(&digits)) {
        return context.calling() && digits >= 8;
    }
    match digits {
        7 | 8 => context.calling() || is_short_grouping(candidate, lengths, region),
        _ => {
            let mobile = lengths == [5, 4]
                && candidate.digits.starts_with('9')
                && region.is_some_and(|region| region.as_str() == "BR");
            lengths[1..].iter().filter(|&&length| length == 1).count() <= 1
                && lengths.len() <= 7
                && (lengths != [5, 4] || mobile)
                || context.calling()
        }
    }
}

/// "5 202-555-0142", "2026 202-555-0142", "1) 07700900123", "204 / 202-555-0142", "07700 900123 2": a number with another before or behind it.
fn holds_something_else(candidate: &Candidate, lengths: &[usize]) -> bool {
    let first = candidate.group(0);
    let hour = lengths == [1, 3, 3, 4] && !matches!(first, "0" | "1" | "7" | "8");
    let year = lengths == [4, 3, 3, 4] && is_year(first);
    let last = lengths.len() - 1;
    let count = lengths[last] == 1
        && lengths[last - 1] >= 4
        && candidate.digits.len() > super::FEWEST_DIGITS
        && candidate.separator(last - 1).ends_with(' ');
    // "19) 3555 0142" lacks a bracket.
    let listed = lengths[0] <= 4
        && candidate.digits.len() >= lengths[0] + 10
        && (candidate.separator(0).contains('/') || lengths[0] <= 2 && matches!(candidate.separator(0), ") " | ". "))
        && !candidate.separators().skip(1).any(|separator| separator == candidate.separator(0));
    hour || year || listed || count
}

/// "100-200-300", "255 255 255", "3.14159 2.71828", "415 27 20613 118": numbers side by side rather than one.
fn is_list(candidate: &Candidate, lengths: &[usize]) -> bool {
    let groups = || (0..lengths.len()).map(|index| candidate.group(index));
    let round = groups().all(|group| group.ends_with("00"));
    // "135 185 225 275", as weights are put on.
    let weights = lengths.len() >= 3
        && lengths.iter().all(|&length| length == 3)
        && groups().all(|group| group.ends_with(['0', '5']))
        && (groups().is_sorted() || groups().is_sorted_by(|one, next| one >= next));
    let same = groups().all(|group| group == candidate.group(0));
    let fractions = lengths.len() >= 4
        && lengths.len().is_multiple_of(2)
        && candidate
            .separators()
            .enumerate()
            .all(|(at, separator)| separator == if at.is_multiple_of(2) { "." } else { " " });
    let trunk = candidate.digits.starts_with('0');
    // Between the first and the last group of a number there are two digits to four.
    let inner = lengths.get(1..lengths.len() - 1).unwrap_or_default();
    let brazilian = lengths.ends_with(&[1, 4, 4]) || is_brazilian_mobile(candidate, lengths);
    let odd = !trunk
        && !candidate.extension
        && !brazilian
        && lengths[0] > 1
        && inner.iter().any(|&length| length == 1 || length > 4);
    round || weights || same || fractions || odd
}

/// "11 91234-5678", the country's code perhaps before it: behind the area code a mobile number in Brazil begins with a nine.
fn is_brazilian_mobile(candidate: &Candidate, lengths: &[usize]) -> bool {
    let separated = |at: usize| matches!(candidate.separator(at), " " | "-" | "\u{2011}" | "\u{2013}");
    let at = match lengths {
        [2, 5, 4] => 1,
        [2, 2, 5, 4] if candidate.group(0) == "55" => 2,
        _ => return false,
    };
    candidate.group(at).starts_with('9') && !candidate.group(at - 1).contains('0') && separated(at - 1) && separated(at)
}

/// "555-0142" where that is usual, "6231 8842" where numbers have eight digits.
fn is_short_grouping(candidate: &Candidate, lengths: &[usize], region: Option<Region>) -> bool {
    match lengths {
        [3, 4] => !candidate.digits.starts_with(['0', '1']) && !candidate.digits.ends_with("000"),
        // "4831 5572" in Buenos Aires.
        [4, 4] if region.is_some_and(|region| region.as_str() == "AR") => candidate.digits.starts_with(['4', '5', '6']),
        [4, 4] => has_eight_digit_numbers(region.or("SG".parse().ok()), &candidate.digits),
        [3, 3, 2] | [2, 2, 2, 2] | [2, 3, 2] | [2, 3, 3] | [2, 2, 3] | [3, 2, 2] | [1, 3, 4] => true,
        [3, 5] | [2, 6] | [3, 2, 3] => candidate.digits.starts_with('0'),
        _ => false,
    }
}

/// Calendar dates in any order, with or without a time behind; "20260115".
fn is_date_or_time(candidate: &Candidate) -> bool {
    if candidate.has_plus() || candidate.lead().contains('(') || candidate.extension {
        return false;
    }
    let number = |index: usize| candidate.group(index).parse().unwrap_or(u32::MAX);
    let is_year = |n: u32| (1900..=2100).contains(&n);
    let is_day_and_month = |a: u32, b: u32| (1..=31).contains(&a) && (1..=31).contains(&b) && (a <= 12 || b <= 12);
    match candidate.lengths.as_slice() {
        [8] => {
            let run = number(0);
            is_year(run / 10_000) && is_day_and_month(run / 100 % 100, run % 100)
        }
        [4, 4] => (is_year(number(0)) && is_year(number(1))) || is_time_range(candidate),
        [4, 1..=2, 1..=2, rest @ ..] if is_year(number(0)) && is_day_and_month(number(1), number(2)) => {
            rest.iter().all(|&length| length <= 4)
        }
        [1..=2, 1..=2, 4, rest @ ..] if is_year(number(2)) && is_day_and_month(number(0), number(1)) => {
            rest.iter().all(|&length| length <= 4)
        }
        _ => false,
    }
}

/// "1700 - 1730", "0930-0730".
fn is_time_range(candidate: &Candidate) -> bool {
    let is_time = |index| candidate.group(index).parse::<u32>().is_ok_and(|n| n < 2400 && n % 100 < 60);
    candidate.groups.len() == 2 && candidate.lengths == [4, 4] && is_time(0) && is_time(1)
}

/// "1700 - 1730", "1000-5000", "25000 - 30000".
fn is_range(candidate: &Candidate) -> bool {
    let round = |zeros| (0..2).all(|index| candidate.group(index).ends_with(zeros));
    is_time_range(candidate)
        || match candidate.lengths.as_slice() {
            [4, 4] => round("00"),
            [4 | 5, 4..=6] => round("000"),
            _ => false,
        }
}

/// "1700 1234": no hyphen makes a range of it, so that a word may make it a number.
fn is_spaced_pair(candidate: &Candidate) -> bool {
    candidate.groups.len() == 2 && candidate.separator(0) == " "
}

/// Whether all of `candidate` is a large number or a list that no word says to be called.
pub(super) fn is_counted(candidate: &Candidate, region: Option<Region>) -> bool {
    let many = is_counted_in_thousands(candidate, region) || is_rising(candidate) || is_bet(candidate);
    let context = Context::around(candidate);
    (many || context.is_a_book()) && !context.calling()
}

/// "7441 3820 5005": an odd count of fours, as bets are placed on.
fn is_bet(candidate: &Candidate) -> bool {
    let count = candidate.groups.len();
    count >= 3
        && !count.is_multiple_of(2)
        && (0..count).all(|at| candidate.group(at).len() == 4)
        && !candidate.digits.starts_with('0')
}

/// "1 5 10 25 50 100", "04 11 23 35 42 49": a list in order; five pairs may be a French number.
fn is_rising(candidate: &Candidate) -> bool {
    let number = |group: &Range<usize>| candidate.text[group.clone()].parse().unwrap_or(u32::MAX);
    let trunk = candidate.digits.starts_with('0');
    !candidate.has_plus()
        && candidate.groups.len() >= 5 + usize::from(trunk)
        && candidate.groups.iter().map(number).is_sorted_by(|one, next| one < next)
        && candidate.lengths.iter().all(|&length| length < super::FEWEST_DIGITS)
}

/// "1 414 021 100", "31.256.721", "1.000-10.000": threes behind full stops or narrow spaces, or behind spaces where no number is written so.
fn is_counted_in_thousands(candidate: &Candidate, region: Option<Region>) -> bool {
    if candidate.digits.starts_with('0') || !(3..=4).contains(&candidate.groups.len()) {
        return false;
    }
    let lengths = candidate.lengths.as_slice();
    let narrow = candidate.separators().take(lengths.len() - 2).all(|separator| separator == "\u{202f}");
    let dotted = candidate.separators().all(|separator| matches!(separator, "." | "-"));
    match lengths {
        [1, 3, 3, 3] => candidate.separators().all(|separator| separator == candidate.separator(0) && separator != "-"),
        [1..=3, 3, 3] => {
            let dialled = region.is_some_and(|region| super::plan::lengths(region).contains(&candidate.digits.len()));
            candidate.separators().all(|separator| separator == ".") && !dialled
        }
        [1..=3, 3, 1..=3, 3] => dotted && candidate.separator(1) == "-",
        [1..=3, 3, 3, 1..=2] => narrow && candidate.separator(2) == ".",
        _ => false,
    }
}

/// IP addresses, versions and decimal fractions: only full stops between the groups.
fn is_dotted_code(candidate: &Candidate) -> bool {
    let lengths = candidate.lengths.as_slice();
    if candidate.has_plus() || lengths.len() < 2 || candidate.separators().any(|separator| separator != ".") {
        return false;
    }
    match lengths {
        [_, _] => true,
        [_, _, _, _] => {
            lengths.iter().all(|&length| length <= 3) && (candidate.digits.len() != 10 || is_addressed(candidate))
        }
        _ => lengths.iter().all(|&length| length <= 2) && lengths.len() == 3,
    }
}

/// "202.5550142": area code and number as North America has them, which a fraction seldom looks like.
fn is_dotted_national(candidate: &Candidate, context: &Context) -> bool {
    let digits = candidate.digits.as_bytes();
    let starts = |at: usize| matches!(digits.get(at), Some(b'2'..=b'9'));
    candidate.lengths == [3, 7] && starts(0) && starts(3) && !digits.ends_with(b"000") && !context.measured()
}

/// "601.10.29.71", "415.5550": not an IP address, nor a fraction that begins with one digit.
fn is_dotted_dialled(candidate: &Candidate) -> bool {
    match candidate.lengths.as_slice() {
        [3, 4..=7] | [4, 4] => true,
        [_, _, _, _] => candidate.digits.len() >= 8 && !is_addressed(candidate),
        _ => false,
    }
}

/// Whether each group is as an IP address or its mask has them.
fn is_addressed(candidate: &Candidate) -> bool {
    (0..candidate.groups.len()).all(|index| {
        let group = candidate.group(index);
        group.parse::<u8>().is_ok() && (group.len() == 1 || !group.starts_with('0'))
    })
}

/// "0 0 0 0 0 0 0", "1111111": nobody's number.
pub(super) fn is_repetitive(candidate: &Candidate) -> bool {
    let first = candidate.digits.as_bytes()[0];
    candidate.digits.bytes().all(|digit| digit == first)
}
