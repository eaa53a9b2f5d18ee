//! Tests: what no reader may do with a file that is damaged, cut, or another's under its name: panic, hang, or quote a message.

use crate::SourceKind;
use crate::fixture::{Extracted, Fixture};
use crate::samples::FILES;

fn read(kind: SourceKind, name: &str, contents: &[u8]) -> Result<Extracted, String> {
    let fixture = Fixture::new([]).me(me(kind));
    fixture.write(name, contents);
    let read = fixture.extract_file(kind, name);
    read.map_err(|error| error.to_string())
}

fn me(kind: SourceKind) -> &'static str {
    if kind == SourceKind::Slack { "U1A" } else { "Ana" }
}

/// Reads what was made of a file: it may succeed or fail, but neither the error nor the report may hold a message's words.
fn survives(kind: SourceKind, name: &str, contents: &[u8]) {
    match read(kind, name, contents) {
        Ok(read) => assert!(!format!("{:?}", read.report).contains("canary"), "{kind:?}: {:?}", read.report),
        Err(error) => assert!(!error.contains("canary"), "{kind:?}: {error}"),
    }
}

#[test]
fn every_file_is_right_before_it_is_damaged() {
    for (kind, name, contents) in FILES {
        let fixture = Fixture::new([(name, contents)]).me(me(kind));
        let texts = fixture.extract_file(kind, name).unwrap().texts();
        assert!(!texts.is_empty() && texts.iter().all(|text| text.contains("canary")), "{kind:?} {name}: {texts:?}");
    }
}

#[test]
fn a_file_cut_anywhere_is_survived() {
    for (kind, name, contents) in FILES {
        for length in (0..contents.len()).step_by(3) {
            survives(kind, name, &contents.as_bytes()[..length]);
        }
    }
}

#[test]
fn a_file_damaged_anywhere_is_survived() {
    for (kind, name, contents) in FILES {
        for (at, byte) in
            (0..contents.len()).step_by(7).zip([0x00, 0xff, b'"', b'{', b'<', b'\\', b']', 0xed].iter().cycle())
        {
            let mut damaged = contents.as_bytes().to_vec();
            damaged[at] = *byte;
            survives(kind, name, &damaged);
            damaged.splice(at..at, contents.bytes().take(at % 50));
            survives(kind, name, &damaged);
        }
    }
}

#[test]
fn anothers_file_under_the_right_name_is_an_error() {
    for (kind, name, contents) in FILES {
        for (other, _, others) in FILES {
            let shares_its_reader = |kind| matches!(kind, SourceKind::Messenger | SourceKind::Instagram);
            if other == kind || (shares_its_reader(kind) && shares_its_reader(other)) || others == contents {
                continue;
            }
            let Err(error) = read(kind, name, others.as_bytes()) else { panic!("{kind:?} read a file of {other:?}") };
            assert!(error.contains(name) && !error.contains("canary"), "{kind:?}, {other:?}: {error}");
        }
        survives(kind, name, &[0xff, 0xfe, 0x00, 0xd8, 0x00]);
        survives(kind, name, &"\u{0}".repeat(5000).into_bytes());
    }
}
