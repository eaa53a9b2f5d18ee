//! Phone numbers: runs of digits and separators that are shaped like a number somebody can call, or that the
//! words before them announce as one.

mod area;
mod candidate;
mod carrier;
mod comparable;
mod context;
mod date;
mod national;
mod odd;
mod plan;
mod second;
mod shape;
mod spelled;

use std::ops::Range;

use super::{PiiKind, Region, Span};
use candidate::Candidate;
pub use candidate::digit_value;
pub(super) use comparable::comparable;
use context::Context;
pub(super) use odd::find as find_odd;
pub(super) use spelled::runs;

/// Of a subscriber number worth a rule, where the country has no shorter ones.
const FEWEST_DIGITS: usize = 7;

/// ITU-T E.164.
const MOST_DIGITS: usize = 15;

/// Of a number in several words without a plus or what is dialled for it: China's and Brazil's with their country's code.
const MOST_NATIONAL_DIGITS: usize = 13;

/// How much longer a number is that ends in an extension behind a hyphen: "+86 20 5555-0142-0199".
const EXTENSION_DIGITS: usize = 4;

/// The fewest digits that a number has where `region` is dialled.
pub(super) fn fewest_digits(region: Option<Region>) -> usize {
    plan::fewest(region)
}

pub(super) fn find(text: &str, region: Option<Region>, found: &mut Vec<Span>) {
    let fewest = plan::fewest(region);
    let before = found.len();
    for candidate in candidate::all(text, fewest) {
        if candidate.groups.len() > 1
            && !candidate.has_plus()
            && (date::are_dates(&candidate) || shape::is_counted(&candidate, region))
        {
            continue;
        }
        let mut start = 0;
        while let Some((groups, range)) = first_number(&candidate, start, fewest, region) {
            found.push(Span::new(PiiKind::Phone, "phone", range));
            start = groups.end;
        }
    }
    second::find(text, before, found);
    carrier::find(text, found);
    area::find(text, found);
}

/// Those in words.
pub(super) fn find_spelled(text: &str, region: Option<Region>, found: &mut Vec<Span>) {
    spelled::find(text, region, found);
    area::find(text, found);
}

/// The first groups from `start` on that make a number, as many as possible.
///
/// Two things often stand side by side ("$20 202-555-0142", "ring 020 7946 0958 10p"), so a candidate is
/// tried whole, then cut where a gap allows it.
fn first_number(
    candidate: &Candidate,
    start: usize,
    fewest: usize,
    region: Option<Region>,
) -> Option<(Range<usize>, Range<usize>)> {
    let count = candidate.groups.len();
    let starts = (start..count).filter(|&first| first == 0 || candidate.is_gap(first - 1));
    for first in starts {
        // From the longest part that can still be one number.
        let (mut end, mut digits) = (first, 0);
        while end < count && digits + candidate.lengths[end] <= MOST_DIGITS + EXTENSION_DIGITS {
            digits += candidate.lengths[end];
            end += 1;
        }
        if first == 0 && candidate.has_plus() {
            (end, digits) = whole_behind_plus(candidate, end, digits);
        }
        while end > first && digits >= fewest {
            let may_end = end == count || candidate.is_gap(end - 1) || candidate.is_whole(end - 1);
            // "rent 1450. 07700 900123"
            let cuts_another =
                end < count && end > first + 1 && candidate.is_gap(end - 2) && candidate.begins_with_trunk(end - 1);
            if may_end
                && !cuts_another
                && let Some(range) = number_in(candidate, first..end, digits, region)
            {
                return Some((first..end, range));
            }
            end -= 1;
            digits -= candidate.lengths[end];
        }
    }
    None
}

/// Where the number behind a plus ends, at most at `end`, and how many `digits` it has: what stands behind a whole one is something else, as
/// in "+44 7700 900123 2 adults".
fn whole_behind_plus(candidate: &Candidate, end: usize, digits: usize) -> (usize, usize) {
    let mut length = digits;
    for last in (1..=end).rev() {
        let may_end = last == candidate.groups.len() || candidate.is_gap(last - 1);
        if may_end && national::is_international(&candidate.digits[..length]) {
            return (last, length);
        }
        length -= candidate.lengths[last - 1];
    }
    (end, digits)
}

/// Where the number stands that `groups` of the candidate are.
fn number_in(
    candidate: &Candidate,
    groups: Range<usize>,
    digits: usize,
    region: Option<Region>,
) -> Option<Range<usize>> {
    let whole = groups == (0..candidate.groups.len());
    let part = (!whole).then(|| candidate.part(groups));
    let part = part.as_ref().unwrap_or(candidate);
    let spaced = (1..part.groups.len()).any(|index| part.is_gap(index - 1));
    let most = if spaced && !part.is_international() { MOST_NATIONAL_DIGITS } else { MOST_DIGITS };
    ((digits <= most || part.is_extended()) && is_number(part, region)).then(|| part.range.clone())
}

fn is_number(candidate: &Candidate, region: Option<Region>) -> bool {
    let context = Context::around(candidate);
    !shape::is_repetitive(candidate)
        && !context.rules_out()
        && (!is_a_time(candidate, region) || context.calling())
        && shape::is_phone(candidate, &context, region)
}

/// Whether ten digits count the seconds since 1970, in the years from 2014 to 2027, where `region` has no numbers that are written so.
fn is_a_time(candidate: &Candidate, region: Option<Region>) -> bool {
    const CODES: [&str; 11] = ["1", "7", "33", "34", "48", "52", "61", "64", "65", "90", "234"];
    let digits = candidate.digits.as_bytes();
    candidate.groups.len() == 1
        && digits.len() == 10
        && digits[0] == b'1'
        && matches!(digits[1], b'4'..=b'7')
        && !candidate.has_plus()
        && region.and_then(|region| region.calling_code()).is_some_and(|code| CODES.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found where no region is known, in the order of the text.
    pub(super) fn found_anywhere(text: &str) -> Vec<&str> {
        let mut spans = Vec::new();
        find(text, None, &mut spans);
        crate::redact::span::settle(&mut spans);
        spans.iter().map(|span| &text[span.range.clone()]).collect()
    }

    fn found(text: &str, region: &str) -> Vec<String> {
        let mut spans = Vec::new();
        find(text, region.parse().ok(), &mut spans);
        spans.iter().map(|span| text[span.range.clone()].to_owned()).collect()
    }

    #[test]
    fn finds_numbers_of_many_shapes() {
        for (text, number) in [
            ("202-555-0142", "202-555-0142"),
            ("his is '(202) 555-0142'", "(202) 555-0142"),
            ("((020 7946 0958))", "((020 7946 0958"),
            ("06 12 34 56 78 20 euros", "06 12 34 56 78"),
            ("06 12 34 56 78 2e étage", "06 12 34 56 78"),
            ("мой номер 8-912-345-67-89))", "8-912-345-67-89"),
            ("its 07700 900 123))", "07700 900 123"),
            ("(jo (on 0161 496 0000))", "0161 496 0000"),
            ("0161   496   0000", "0161   496   0000"),
            ("say '(020 7946 0958)'", "(020 7946 0958"),
            ("020  7946 0958", "020  7946 0958"),
            ("call (202) 555-0142 now", "(202) 555-0142"),
            ("(202)555-0142 ext. 77", "(202)555-0142 ext. 77"),
            ("202 555 0142 extn 77", "202 555 0142 extn 77"),
            ("new num07700900123xx", "07700900123"),
            ("whatsapp+44 7700 900123", "+44 7700 900123"),
            ("2025550142", "2025550142"),
            ("0176 -12345678", "0176 -12345678"),
            ("text me the coordinates 202-555-0142", "202-555-0142"),
            ("its 202.555.0142!!", "202.555.0142"),
            ("+1 202 555 0142", "+1 202 555 0142"),
            ("(+1) 202-555-0142", "(+1) 202-555-0142"),
            ("1-800-555-0199", "1-800-555-0199"),
            ("ring 020 7946 0958 x12", "020 7946 0958 x12"),
            ("07700 900123", "07700 900123"),
            ("0131/496 0123", "0131/496 0123"),
            ("001 202 555 0142", "001 202 555 0142"),
            ("my hp:555-0142", "555-0142"),
            ("text me5550142", "5550142"),
            ("ok 5550142", ""),
            ("5550142 is my home phone", "5550142"),
            ("5550142, her new number", "5550142"),
            ("Jo <2025550142>", "2025550142"),
            ("cell=202-555-0142", "202-555-0142"),
            ("at 5 202-555-0142", "202-555-0142"),
            ("1) 07700900123", "07700900123"),
            ("2. 202-555-0142", "202-555-0142"),
            ("jo(07700900123)", "(07700900123"),
            ("jo=07700 900123", "07700 900123"),
            ("-07700 900123", "07700 900123"),
            ("12/05/2026 202-555-0142", "202-555-0142"),
            ("202-555-0142 12/05/2026", "202-555-0142"),
            ("202-555-0142 10:30", "202-555-0142"),
            ("+44 7700 900123 2 adults", "+44 7700 900123"),
            ("+1 202 555 0142 5pm", "+1 202 555 0142"),
            ("07700 900123 2 adults", "07700 900123"),
            ("call 20255501 4 jo", "20255501"),
            ("llamá al 4831 5572", "4831 5572"),
            ("po mnie 202-555-0142", "202-555-0142"),
            ("rent 1450. 07700 900123", "07700 900123"),
            ("room 204 / 202-555-0142", "202-555-0142"),
            ("5/(202) 555-0142", "(202) 555-0142"),
            ("jo,35,07700900123,ok", "07700900123"),
            ("5,(202) 555-0142", "(202) 555-0142"),
            ("202-555-0142. 2 beds", "202-555-0142"),
            ("for booking (202) 555-0142", "(202) 555-0142"),
            ("the bank 020 7946 0958", "020 7946 0958"),
            ("5550142 is my order number", ""),
            ("its 202.5550142", "202.5550142"),
            ("took 202.5550142 ms", ""),
            ("at 121.4737021", ""),
            ("２０２-５５５-０１４２", "２０２-５５５-０１４２"),
            ("2 0 2 5 5 5 0 1 4 2", "2 0 2 5 5 5 0 1 4 2"),
            ("202 555 0142-Office, mail me", "202 555 0142"),
            ("+86 20 5550-0142-7788 ok", "+86 20 5550-0142-7788"),
            ("txt 07700900123.2stop", "07700900123"),
            ("ring 0770090012310p a min", "0770090012310"),
            ("call me 415.5550", "415.5550"),
            ("my cell: 601.10.29.71", "601.10.29.71"),
            ("https://wa.me/12025550142", "12025550142"),
            ("https://api.whatsapp.com/send?phone=12025550142&text=hi", "12025550142"),
            ("add 8613855500142 pls", "8613855500142"),
            ("๐๘๑๒๕๕๕๐๑๔", "๐๘๑๒๕๕๕๐๑๔"),
            ("me chama 11 98555-0142", "11 98555-0142"),
            ("21 98555 0142 da ana", "21 98555 0142"),
            ("meu zap 98555-0142", "98555-0142"),
            ("#202-555-0142", "202-555-0142"),
            ("@12025550142 look", "12025550142"),
            ("facetime://2025550142", "2025550142"),
        ] {
            let expected: Vec<&str> = if number.is_empty() { vec![] } else { vec![number] };
            assert_eq!(found(text, "US"), expected, "{text:?}");
        }
    }

    #[test]
    fn leaves_other_numbers_alone() {
        for text in [
            "see you at 10:30",
            "> (map f '(10 200 3000))",
            "main.rkt> 725 0 28187 355))",
            "kernel.rkt> 342 33 18779 125))",
            "00 21 00 48 5C E1 A2 07",
            " 100   314  100   314    0     0",
            "from 1700 - 1730 pm",
            "between 0930-0730?",
            "16/04/2010",
            "2026-01-15 12:00",
            "2026.01.15",
            "20260115",
            "coords 1204 64 -388",
            "tp to 1204 64 -388",
            "coordinates: 1204 64 388",
            "powerball was 04 11 23 38 61",
            "my picks 07 14 21 28 35",
            "주문번호 20260304123",
            "订单号 20260304123",
            "注文番号 20260304123",
            "commande n° 20260304123",
            "pedido numero 20260304123",
            "20260115123045",
            "(0 0 0 0 0 0 0 42 127 1 1)",
            "1,234,567",
            "1234.567",
            "$10000000",
            "£1000000 prize",
            "10000000 dollars",
            "10.0.0.255",
            "account number 12345678",
            "it crashed at 1712345678",
            "order 2025550142",
            "PO #4500219384 on hold",
            "po# 77120034 from acme",
            "awb no 17618829304",
            "awb: 5093 8827 114",
            "upc 0 12345 67890 5",
            "rechnung nr 2026118704",
            "la 4831 5572 cosa",
            "x=2025550142",
            "a 2019 45000 miles one",
            "did 135 185 225 275 today",
            "mix 250 250 500",
            "#12345678",
            "#202-55-0142",
            "jo@2025550142",
            "@123456789012345678",
            "s666666666",
            "123e4567-e89b-12d3-a456-426655440000",
            "https://example.com/p/2025550142",
            "1234567890123456777777",
            "3333*2=6666",
            "2500000 km",
            "1990-2026",
            "02540-4119",
            "5 6 7 8",
            "0 1 2 3 4 5 6 7 8 9",
            "[PHONE_1]",
            "1 414 021 100 people live there",
            "it is 31.256.721 in all",
            "1\u{202f}234\u{202f}567.89",
            "10/1/2018-10/7/2018",
            "from 2016 - 2016/02/22",
            "6/6/2021 12.15",
            "06/06/12 15:15",
            "am 14./15.10.2018",
            "01/05-07/05, 2020",
            "2021/03/25~2021/03/30",
            "- 89101231,5127%",
            "from 200 to 3000000 in all, the number is",
            "1000-10000 of them",
            "25000 - 30000",
            "1.000-10.000",
            "part 4471889220-ab12",
            "ISBN-13: 978 0 306 40615 7",
            "DSC 20240115-123045",
            "100-200-300",
            "1000 2000 3000",
            "2020 2021 2022 2023",
            "lotto 04 11 23 35 42 49",
            "4D 1234 5678 9012",
            "3.14159 2.71828 1.41421",
            "UA-12345678-1",
            "(color 254 254 254)",
            "trains 0830 0915 1000",
            "(at 342 1 8779 125)",
            "1 5 10 25 50 100",
            "12 18555-0142",
            "zip 94110-4321",
            "mask is 255.255.255.0",
            "15 92000.1234",
            "https://example.com/a/very/long/way/to/the/page/that/says/nothing/at/all/2025550142",
        ] {
            assert_eq!(found(text, "US"), Vec::<String>::new(), "{text:?}");
        }
    }

    #[test]
    fn the_region_settles_what_a_short_run_of_digits_is() {
        assert_eq!(found("91234567", "SG"), ["91234567"]);
        assert_eq!(found("12345678", "US"), Vec::<String>::new());
        assert_eq!(found("21 28 08", "FO"), ["21 28 08"]);
        assert_eq!(found("5251 8648", "MU"), ["5251 8648"]);
        assert_eq!(found("512337433", "PL"), ["512337433"]);
        assert_eq!(found("21 28 08", "US"), Vec::<String>::new());
        assert_eq!(found("call me 51234", "FK"), ["51234"]);
        assert_eq!(found("paid 51234", "FK"), Vec::<String>::new());
        assert_eq!(found("my no is 1700 1234", "BH"), ["1700 1234"]);
        assert_eq!(found("from 1700 1730", "BH"), Vec::<String>::new());
        assert_eq!(found("98555-0142 é o da ana", "BR"), ["98555-0142"]);
        assert_eq!(found("98555-0142", "US"), Vec::<String>::new());
        assert_eq!(found("372 12 3456", "TJ"), ["372 12 3456"]);
        assert_eq!(found("372 12 3456", "US"), Vec::<String>::new());
    }

    #[test]
    fn two_numbers_in_a_row_are_both_found() {
        assert_eq!(found("202-555-0142, 202-555-0143", "US").len(), 2);
        assert_eq!(found("202-555-0142 – 07700 900123", "US"), ["202-555-0142", "07700 900123"]);
        assert_eq!(found("2025550142 07700 900123", "US"), ["2025550142", "07700 900123"]);
        assert_eq!(found("tlf 22 12 34 56", "US"), ["22 12 34 56"]);
        assert_eq!(found("mobil: 20 12 34 56", "US"), ["20 12 34 56"]);
        assert_eq!(found("nummer 12 von 34", "US"), Vec::<String>::new());
        assert_eq!(found("202-555-0142/202-555-0143", "US").concat().matches("555").count(), 2);
        let rising: Vec<String> = (0..6).map(|line| format!("20255501{line}4")).collect();
        assert_eq!(found(&format!("the lines are {}", rising.join(" ")), "US"), rising);
        assert!(found(&format!("{}202-555-0142", "7 12 ".repeat(40)), "US").concat().ends_with("202-555-0142"));
    }
}
