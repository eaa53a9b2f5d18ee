//! What holds for every recognizer together; each one's own tables stand beside it.

use std::ops::Range;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;

mod long;

fn redacted(texts: &[&str]) -> Vec<String> {
    let redactor = Redactor::new(&RedactionSettings::default());
    let mut ledger = Ledger::new();
    texts.iter().map(|text| redactor.redact(text, &mut ledger).unwrap().as_str().to_owned()).collect()
}

/// The parts of `text` that one recognizer's `find` finds, overlaps settled. All recognizers together have to find them, too, so that no gate
/// before a recognizer is narrower than it is.
pub(super) fn found_by(find: impl Fn(&str, &mut Vec<Span>), text: &str) -> Vec<&str> {
    spans_by(find, text).iter().map(|span| &text[span.range.clone()]).collect()
}

/// As [`found_by`], with kind and rule.
pub(super) fn spans_by(find: impl Fn(&str, &mut Vec<Span>), text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    find(text, &mut spans);
    let together = Redactor::new(&RedactionSettings::default()).find(text, None).unwrap();
    for Span { range, rule, .. } in &spans {
        let covers = |span: &Span| span.range.start <= range.start && range.end <= span.range.end;
        assert!(together.iter().any(covers), "{text:?}: {rule} is not looked for");
        for (form, variant, value) in variants(text, range.clone()) {
            let found = Redactor::new(&RedactionSettings::default()).find(&variant, None).unwrap();
            let overlaps = |span: &Span| span.range.start < value.end && value.start < span.range.end;
            assert!(found.iter().any(overlaps), "{variant:?}: {rule} finds nothing in it, {form}");
        }
    }
    span::settle(&mut spans);
    spans
}

/// `text` in ways that make no difference to who reads it, each by its name, and where the value at `range` is then.
fn variants(text: &str, range: Range<usize>) -> Vec<(&'static str, String, Range<usize>)> {
    let (before, value, after) = (&text[..range.start], &text[range.clone()], &text[range.end..]);
    let parted = |before: String, value: String, after: String| {
        let start = before.len();
        let range = start..start + value.len();
        (before + &value + &after, range)
    };
    let mut variants = Vec::new();
    let mut letters = before.chars();
    if let Some(first) = letters.next().filter(|first| first.is_lowercase()) {
        let capital = first.to_uppercase().chain(letters).collect();
        variants.push(("capital", parted(capital, value.to_owned(), after.to_owned())));
    }
    if after.is_empty() {
        variants.push(("emoji", parted(before.to_owned(), value.to_owned(), " 😊".to_owned())));
    }
    if may_be_decomposed(&text.nfd().collect::<String>()) {
        let [before, value, after] = [before, value, after].map(|part| part.nfd().collect::<String>());
        variants.push(("decomposed", parted(before, value, after)));
    }
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let whole = word(value.chars().next()) && word(value.chars().next_back()) && !value.contains('\n');
    // Nobody has a part of a link in bold.
    if whole && !before.ends_with(|c: char| c.is_alphanumeric() || c == '/') && !word(after.chars().next()) {
        variants.push(("bold", parted(format!("{before}*"), value.to_owned(), format!("*{after}"))));
        variants.push(("quoted", parted(format!("{before}\""), value.to_owned(), format!("\"{after}"))));
    }
    variants.into_iter().map(|(form, (text, range))| (form, text, range)).collect()
}

#[test]
fn redacts_phone_numbers() {
    assert_eq!(
        redacted(&["call me on 202-555-0142", "or (202) 555-0199, not (202) 555-0142"]),
        ["call me on [PHONE_1]", "or [PHONE_2], not [PHONE_1]"]
    );
}

#[test]
fn redacts_emails() {
    assert_eq!(
        redacted(&["it's jo.k@example.com :)", "Jo.K@Example.com and max@mail.example.org"]),
        ["it's [EMAIL_1] :)", "[EMAIL_1] and [EMAIL_2]"]
    );
}

#[test]
fn redacts_postal_addresses() {
    assert_eq!(redacted(&["come to 12 Elm Street at 5"]), ["come to [ADDRESS_1] at 5"]);
}

#[test]
fn each_kind_can_be_switched_off() {
    let text = "202-555-0142, jo@example.com, 12 Elm Street";
    let all = RedactionSettings::default();
    for (settings, left) in [
        (all.clone().without(PiiKind::Phone), "202-555-0142, [EMAIL_1], [ADDRESS_1]"),
        (all.clone().without(PiiKind::Email), "[PHONE_1], jo@example.com, [ADDRESS_1]"),
        (all.clone().without(PiiKind::PostalAddress), "[PHONE_1], [EMAIL_1], 12 Elm Street"),
    ] {
        assert_eq!(Redactor::new(&settings).redact(text, &mut Ledger::new()).unwrap().as_str(), left);
    }
}

#[test]
fn of_a_message_of_all_kinds_each_switch_lets_its_own_stay() {
    const PARTS: [(PiiKind, &str, &str); 12] = [
        (PiiKind::Word, "the ", "heron"),
        (PiiKind::Secret, " is at discord.gg/", "xK93mQp"),
        (PiiKind::Password, ", wifi pw: ", "Tr0ub4dor&3"),
        (PiiKind::OneTimeCode, ", the code is ", "482910"),
        (PiiKind::PaymentCard, ", card ", "4111 1111 1111 1111"),
        (PiiKind::Iban, "\niban ", "DE89370400440532013000"),
        (PiiKind::NationalId, "\nmy passport is ", "X1234567"),
        (PiiKind::IpAddress, "\nserver ", "192.0.2.17"),
        (PiiKind::Email, "\nmail ", "jo@example.com"),
        (PiiKind::PostalAddress, "\nat ", "12 Elm Street, Springfield"),
        (PiiKind::Phone, "\ncall ", "202-555-0142"),
        (PiiKind::Name, " ask ", "Ana"),
    ];
    let text: String = PARTS.iter().flat_map(|(_, before, value)| [*before, *value]).collect();
    let everything =
        RedactionSettings { names: vec!["Ana".into()], deny: vec!["heron".into()], ..RedactionSettings::default() };
    for off in [None].into_iter().chain(PiiKind::ALL.map(Some)) {
        let settings = off.map_or(everything.clone(), |kind| everything.clone().without(kind));
        let left: String = PARTS
            .iter()
            .map(|(kind, before, value)| match Some(*kind) == off {
                true => format!("{before}{value}"),
                false => format!("{before}[{}_1]", kind.label()),
            })
            .collect();
        assert_eq!(Redactor::new(&settings).redact(&text, &mut Ledger::new()).unwrap().as_str(), left, "{off:?}");
    }
}

#[test]
fn numbers_are_found_however_their_digits_and_spaces_are_typed() {
    assert_eq!(
        redacted(&[
            "my ssn is 219\u{a0}09\u{a0}9999",
            "my ssn is 219\u{2011}09\u{2011}9999",
            "card 4111\u{a0}1111\u{a0}1111\u{a0}1111 ok",
            "card ４１１１ １１１１ １１１１ １１１１",
            "né: DE89\u{202f}3704\u{202f}0044\u{202f}0532\u{202f}0130\u{202f}00.",
            "call 202\u{200b}-555\u{ad}-0142 or 2️⃣0️⃣2️⃣-5️⃣5️⃣5️⃣-0️⃣1️⃣4️⃣2️⃣ or 𝟐𝟎𝟐-𝟓𝟓𝟓-𝟎𝟏𝟒𝟐 ok",
            "jo\u{200b}@example.com, ｊｏ＠ｅｘａｍｐｌｅ．ｃｏｍ, jo@\u{a0}example.com",
            "come to 12\u{202f}Elm\u{200b} Street",
            "👨\u{200d}👩\u{200d}👧 1️⃣ eggs 2️⃣ milk ❤\u{fe0f}",
            "2019–2020, 10–12 people, 5\u{a0}kg",
        ]),
        [
            "my ssn is [NATIONAL_ID_1]",
            "my ssn is [NATIONAL_ID_1]",
            "card [CREDIT_CARD_1] ok",
            "card [CREDIT_CARD_1]",
            "né: [IBAN_1].",
            "call [PHONE_1] or [PHONE_1] or [PHONE_1] ok",
            "[EMAIL_1], [EMAIL_1], [EMAIL_1]",
            "come to [ADDRESS_1]",
            "👨\u{200d}👩\u{200d}👧 1️⃣ eggs 2️⃣ milk ❤\u{fe0f}",
            "2019–2020, 10–12 people, 5\u{a0}kg",
        ]
    );
}

#[test]
fn an_allowed_word_of_one_kind_allows_nothing_of_another() {
    let settings = RedactionSettings { allow: vec!["Elm Street".into()], ..RedactionSettings::default() };
    let redacted = Redactor::new(&settings).redact("(0xx11) 5550-0142 or 202-555-0142", &mut Ledger::new()).unwrap();
    assert_eq!(redacted.as_str(), "[PHONE_1] or [PHONE_2]");
}

/// What a test writes into a message that a recognizer is to fail on.
const REQUEST: &str = "\u{f8ff}a recognizer panics here\u{f8ff}";

/// A recognizer with a bug, which none of ours is known to have.
pub(super) fn panic_on_request(text: &str) {
    assert!(!text.contains(REQUEST), "a recognizer that a test made fail");
}

#[test]
fn a_message_that_a_recognizer_panics_on_is_left_out_and_counted() {
    let window = crate::Window::ending_at("2026-01-15T12:00:00Z".parse().unwrap(), 90);
    let mut builder = crate::DatasetBuilder::new(crate::DatasetSettings::new(window));
    for minute in 0..40 {
        let text =
            if minute == 7 { format!("see you at 7 {REQUEST}") } else { format!("gonna be there in {minute} mins") };
        builder.push(&crate::Message {
            message_id: format!("m{minute}"),
            timestamp: window.start + jiff::SignedDuration::from_mins(minute),
            text,
            conversation_id: None,
            recipient_count: None,
        });
    }
    let dataset = builder.finish().unwrap();
    assert_eq!(dataset.manifest.dropped.redaction_failed, 1);
    assert_eq!(dataset.training.examples + dataset.holdout.len(), 39);
    assert!(!String::from_utf8(dataset.training.to_bytes()).unwrap().contains("a recognizer panics"));
}

/// One text of `unseen.txt`.
struct Unseen {
    level: &'static str,
    region: Option<Region>,
    text: String,
    /// The kind and place of what is to be found.
    wanted: Vec<(&'static str, Range<usize>)>,
}

fn unseen() -> impl Iterator<Item = Unseen> {
    include_str!("unseen.txt").lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut fields = line.splitn(3, '\t');
        let (level, region, marked) = (fields.next().unwrap(), fields.next().unwrap(), fields.next().unwrap());
        let (mut text, mut wanted) = (String::new(), Vec::new());
        for piece in marked.split_inclusive('⟧') {
            let (plain, value) = piece.split_once('⟦').unwrap_or((piece, ""));
            text.push_str(plain);
            if let Some((kind, value)) = value.trim_end_matches('⟧').split_once(':') {
                wanted.push((kind, text.len()..text.len() + value.len()));
                text.push_str(value);
            }
        }
        Unseen { level, region: region.parse().ok(), text, wanted }
    })
}

/// The set was written before its author had seen the rules, and what they found of it then is in docs/REDACTION.md. These are the
/// figures since what it showed was mended. A value is found when nine tenths of its letters and digits are covered.
#[test]
fn what_was_found_of_the_unseen_set_still_is() {
    let redactor = Redactor::new(&RedactionSettings::default());
    let mut table = std::collections::BTreeMap::<String, (usize, usize)>::new();
    for Unseen { level, region, text, wanted } in unseen() {
        let found = redactor.find(&text, region).unwrap();
        let is_found = |value: &Range<usize>| {
            let places = text.char_indices().filter(|(at, c)| value.contains(at) && c.is_alphanumeric());
            let (mut all, mut covered) = (0, 0);
            for (at, _) in places {
                all += 1;
                covered += usize::from(found.iter().any(|span| span.range.contains(&at)));
            }
            covered * 10 >= all * 9
        };
        for (kind, value) in &wanted {
            let (hits, all) = table.entry(format!("{kind} {level}")).or_default();
            *hits += usize::from(is_found(value));
            *all += 1;
        }
        if level == "trap" {
            let (alarms, all) = table.entry("false alarms".into()).or_default();
            *alarms += found.len();
            *all += 1;
        }
    }
    let table: Vec<String> = table.iter().map(|(what, (hits, all))| format!("{what} {hits}/{all}")).collect();
    assert_eq!(
        table.join(", "),
        "ADDRESS hard 19/32, ADDRESS must 53/53, EMAIL hard 20/20, EMAIL must 20/20, PHONE hard 27/31, PHONE must 71/71, \
         false alarms 3/63"
    );
}

#[test]
fn what_redaction_uncovers_is_found_as_well() {
    let text = "mail jo@example.cofe80::1 ok";
    let redactor = Redactor::new(&RedactionSettings::default());
    let found = redactor.find(text, None).unwrap();
    let values: Vec<_> = found.iter().map(|span| (span.kind, &text[span.range.clone()])).collect();
    assert_eq!(values, [(PiiKind::Email, "jo@example.cofe"), (PiiKind::IpAddress, "80::1")]);
    let (spans, words) = redactor.redact_and_find(text, &mut Ledger::new()).unwrap();
    assert_eq!((spans, words.as_str()), (found, "mail [EMAIL_1][IP_1] ok"));
}

#[test]
fn debug_output_shows_no_words() {
    let text = Redactor::new(&RedactionSettings::default()).redact("the secret plan", &mut Ledger::new()).unwrap();
    assert_eq!(format!("{text:?}"), "RedactedText(15 chars)");
}

/// Texts rich in what the recognizers look at.
fn pii_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,6}",
        "[ ().,+/#-]{1,3}",
        "[a-zA-Z]{1,8}",
        "[ *_`\"~|]{1,4}",
        "[\u{e9}\u{301}\u{201c}\u{4f60}\u{661}\u{ff15}\u{1f44d}]",
        Just("@".to_owned()),
        Just("example.com".to_owned()),
        Just(" Elm Street".to_owned()),
        Just(" Milton Keynes ".to_owned()),
        Just("[PHONE_1]".to_owned()),
        Just(" apt ".to_owned()),
        Just("PO Box ".to_owned()),
        Just(", NY 10001".to_owned()),
        Just("\n".to_owned()),
        Just(" password is ".to_owned()),
        Just("pin: ".to_owned()),
        Just("code is ".to_owned()),
        Just(" account ".to_owned()),
        Just(" sort code 12-34-56".to_owned()),
        Just(" passport no ".to_owned()),
        Just(" X1234567".to_owned()),
        Just(" exp 04/27 cvv 123".to_owned()),
        Just(" sunshine1".to_owned()),
        Just(" backup codes:\n1234 5678\n".to_owned()),
        Just("jo@example.com / ".to_owned()),
        Just("DE89 3704 0044 0532 0130 00".to_owned()),
        Just("4111 1111 1111 1111".to_owned()),
        Just("078-05-1120".to_owned()),
        Just("192.0.2.7".to_owned()),
        Just("2001:db8::1".to_owned()),
        Just("https://a.example/?token=".to_owned()),
        Just("/reset/".to_owned()),
        Just(" Ana ".to_owned()),
        Just("[PASSWORD_2]".to_owned()),
        "[〇一二七十0-9０-９]{1,2}(丁目|番地?|号室?|號|弄|栋|條|-|ー|동|호|층|번지)",
        Just("〒150-0041 ".to_owned()),
        Just("東京都渋谷区神南".to_owned()),
        Just(" ハイツ".to_owned()),
        Just("台北市信義區信義路五段".to_owned()),
        Just("翠苑小区".to_owned()),
        Just("서울시 강남구 테헤란로 ".to_owned()),
        Just("역삼동 ".to_owned()),
        "(two|oh|five|Four|nine|double|hundred|zéro|trente|sieben|call)[ -]{1}",
        "[\u{200b}\u{202e}\u{300}\u{fe0f}\u{1f1e6}\u{e0001}\u{feff}]",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Every recognizer on, the user's own words too.
fn everything() -> Redactor {
    Redactor::new(&RedactionSettings {
        names: vec!["Ana".to_owned()],
        greeting_names: true,
        deny: vec!["elm".to_owned(), "code".to_owned(), "phone".to_owned()],
        allow: vec!["192.0.2.7".to_owned()],
        ..RedactionSettings::default()
    })
}

#[test]
fn denied_words_go_and_allowed_values_stay() {
    let redact = |text| everything().redact(text, &mut Ledger::new()).unwrap().as_str().to_owned();
    assert_eq!(redact("Hi Tom, elm and 192.0.2.7 vs 192.0.2.8"), "Hi [PERSON_1], [WORD_1] and 192.0.2.7 vs [IP_1]");
}

#[test]
fn what_stands_beside_an_address_has_its_own_kind() {
    assert_eq!(
        redacted(&["12 elm rd or 07700 900123", "12 elm rd, salem or 97301 or 07700 900123"]),
        ["[ADDRESS_1] or [PHONE_1]", "[ADDRESS_2] or [PHONE_1]"]
    );
}

#[test]
fn what_two_recognizers_claim_is_of_the_more_telling_kind() {
    assert_eq!(
        redacted(&["card 4111 1111 1111 1111", "at 192.0.2.17", "078-05-1120", "your otp is 48291037"]),
        ["card [CREDIT_CARD_1]", "at [IP_1]", "[NATIONAL_ID_1]", "your otp is [CODE_1]"]
    );
}

proptest! {
    #[test]
    fn placeholders_are_untouched(text in pii_like()) {
        let spans = everything().find(&text, None).unwrap();
        for held in placeholder::ranges(&text) {
            prop_assert!(spans.iter().all(|span| span.range.end <= held.start || held.end <= span.range.start));
        }
    }

    #[test]
    fn redacting_twice_changes_nothing(text in prop_oneof![pii_like(), any::<String>()]) {
        let redactor = everything();
        let once = redactor.redact(&text, &mut Ledger::new()).unwrap();
        let twice = redactor.redact(once.as_str(), &mut Ledger::new()).unwrap();
        prop_assert_eq!(once.as_str(), twice.as_str());
    }

    #[test]
    fn spans_are_ordered_disjoint_and_on_character_borders(text in prop_oneof![pii_like(), any::<String>()]) {
        let spans = everything().find(&text, None).unwrap();
        let mut end = 0;
        for span in spans {
            prop_assert!(span.range.start >= end && span.range.start < span.range.end);
            prop_assert!(text.get(span.range.clone()).is_some());
            end = span.range.end;
        }
    }
}
