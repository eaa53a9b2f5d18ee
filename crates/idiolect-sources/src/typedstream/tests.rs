//! Streams written by hand, byte for byte as Messages writes them, and streams that are broken.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::attributed::Run;
use super::{read_attributed_text, read_text};

const HEADER: &[u8] = b"\x04\x0bstreamtyped\x81\xe8\x03";
const ATTRIBUTED: &[u8] = b"\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85";
const STRING: &[u8] = b"\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+";
const MUTABLE: &[u8] =
    b"\x84\x01@\x84\x84\x84\x19NSMutableAttributedString\x00\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85";
const MUTABLE_STRING: &[u8] = b"\x92\x84\x84\x84\x0fNSMutableString\x01\x84\x84\x08NSString\x01\x95\x84\x01+";

/// One run of `units` UTF-16 units in part 0, its dictionary written in full, after an immutable string.
fn first_run(units: u8) -> Vec<u8> {
    [
        &b"\x86\x84\x02iI\x01"[..],
        &[units],
        b"\x92\x84\x84\x84\x0cNSDictionary\x00\x94\x84\x01i\x01\x92\x84\x96\x96\x1d__kIMMessagePartAttributeName\x86",
        b"\x92\x84\x84\x84\x08NSNumber\x00\x84\x84\x07NSValue\x00\x94\x84\x01*\x84\x99\x99\x00\x86\x86",
    ]
    .concat()
}

fn length(text: &str) -> Vec<u8> {
    match text.len() {
        n @ 0..=127 => vec![n as u8],
        n @ 128..=0xffff => [&[0x81][..], &(n as u16).to_le_bytes()].concat(),
        n => [&[0x82][..], &(n as u32).to_le_bytes()].concat(),
    }
}

/// `text` as Messages archives a message of one part.
fn archived(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().count().min(127) as u8;
    [HEADER, ATTRIBUTED, STRING, &length(text), text.as_bytes(), &first_run(units), b"\x86"].concat()
}

#[test]
fn gives_the_text_and_the_part_of_a_simple_message() {
    let read = read_attributed_text(&archived("see you at 7")).unwrap();
    assert_eq!(read.text, "see you at 7");
    assert_eq!(read.runs, [Run { range: 0..12, part: Some(0) }]);
}

#[test]
fn gives_text_of_every_length_form() {
    for count in [0, 1, 127, 128, 129, 255, 256, 65_535, 65_536, 200_000] {
        let text = "x".repeat(count);
        assert_eq!(read_attributed_text(&archived(&text)).unwrap().text, text, "{count} bytes");
    }
}

#[test]
fn reads_the_mutable_classes() {
    let stream = [HEADER, MUTABLE, MUTABLE_STRING, b"\x02hi\x86\x86"].concat();
    assert_eq!(read_attributed_text(&stream).unwrap().text, "hi");
}

#[test]
fn counts_runs_in_utf16_units_and_follows_back_references() {
    // Part 0 is the word, part 1 the emoji of two units: everything in its dictionary but the numbers was written before.
    let second = b"\x97\x02\x02\x92\x84\x98\x99\x01\x92\x99\x92\x84\x9b\x9c\x9d\x99\x01\x86\x86\x86";
    let stream = [HEADER, ATTRIBUTED, STRING, "\x06ok😀".as_bytes(), &first_run(2), second].concat();
    let read = read_attributed_text(&stream).unwrap();
    assert_eq!(read.text, "ok😀");
    assert_eq!(read.runs, [Run { range: 0..2, part: Some(0) }, Run { range: 2..6, part: Some(1) }]);
}

#[test]
fn leaves_out_the_runs_of_given_parts() {
    let read = super::AttributedText {
        text: "keep drop tail".into(),
        runs: vec![Run { range: 0..5, part: Some(0) }, Run { range: 5..10, part: Some(1) }],
    };
    assert_eq!(read.without_parts(&BTreeSet::from([1])), "keep tail");
    assert_eq!(read.parts(), BTreeSet::from([0, 1]));
}

#[test]
fn a_stream_cut_behind_its_text_still_gives_the_text() {
    let whole = archived("still here");
    let end_of_text = HEADER.len() + ATTRIBUTED.len() + STRING.len() + 1 + "still here".len();
    for cut in end_of_text + 1..whole.len() {
        assert_eq!(read_attributed_text(&whole[..cut]).unwrap().text, "still here", "cut at {cut}");
    }
    for cut in 0..=end_of_text {
        assert!(read_attributed_text(&whole[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn another_object_at_the_root_is_damage() {
    let stream = [HEADER, b"\x84\x01@\x84\x84\x84\x08NSObject\x00\x85\x86"].concat();
    assert_eq!(read_attributed_text(&stream).unwrap_err().what, "no attributed string at the root");
}

#[test]
fn deep_nesting_is_damage_and_not_a_stack_overflow() {
    let objects = [HEADER, b"\x84\x01@", &b"\x84\x85\x92".repeat(100_000)].concat();
    assert_eq!(read_attributed_text(&objects).unwrap_err().what, "nested too deeply");
    let arrays = [HEADER, b"\x84\x81\xfa\x00", &b"[1".repeat(125), b"\x01"].concat();
    assert_eq!(read_attributed_text(&arrays).unwrap_err().what, "nested too deeply");
}

#[test]
fn encodings_that_take_no_bytes_do_not_stall() {
    for encoding in ["[4294967295{a=}]", "[4294967295[0i]]", "!!!!"] {
        let stream = [HEADER, &[0x84, encoding.len() as u8], encoding.as_bytes(), b"\x01\x02"].concat();
        assert!(read_attributed_text(&stream).is_err(), "{encoding}");
    }
}

#[test]
fn debug_output_holds_no_words() {
    let read = read_attributed_text(&archived("canary")).unwrap();
    assert!(!format!("{read:?}").contains("canary"));
}

proptest! {
    #[test]
    fn random_bytes_never_panic(data in prop::collection::vec(any::<u8>(), 0..512)) {
        let _ = read_attributed_text(&data);
        let _ = read_attributed_text(&[HEADER, &data].concat());
        let _ = read_attributed_text(&[HEADER, ATTRIBUTED, STRING, &data].concat());
    }

    #[test]
    fn mutated_streams_never_panic(text in ".{0,40}", changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut stream = archived(&text);
        for (place, byte) in changes {
            let place = place.index(stream.len());
            stream[place] = byte;
        }
        if let Ok(read) = read_attributed_text(&stream) {
            let _ = read.without_parts(&BTreeSet::from([0]));
        }
    }

    /// Wherever a stream is changed or cut, the text alone is what the whole way through it gives.
    #[test]
    fn the_short_way_to_the_text_gives_what_the_whole_way_gives(
        text in "\\PC{0,300}",
        mutable in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
        tail in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let (attributed, string) = if mutable { (MUTABLE, MUTABLE_STRING) } else { (ATTRIBUTED, STRING) };
        let beginning = [HEADER, attributed, string].concat();
        let mut stream = [&beginning[..], &length(&text), text.as_bytes(), &first_run(1), b"\x86", &tail].concat();
        let whole = read_attributed_text(&stream).unwrap().text;
        prop_assert!(super::usual::text(&stream).is_some());
        prop_assert_eq!(read_text(&stream), Ok(whole));
        for (place, byte) in changes {
            // Behind the beginning, of which a changed byte makes another shape.
            let place = beginning.len() + place.index(stream.len() - beginning.len());
            stream[place] = byte;
        }
        stream.truncate(stream.len() - cut.index(stream.len() / 4));
        prop_assert_eq!(read_text(&stream), read_attributed_text(&stream).map(|read| read.text));
    }

    #[test]
    fn any_text_comes_back_whole(text in "\\PC{0,300}") {
        prop_assert_eq!(read_attributed_text(&archived(&text)).unwrap().text, text);
    }
}
