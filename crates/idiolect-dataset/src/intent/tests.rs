//! How well the rules do, on a table written for this project by hand.

use std::collections::BTreeMap;

use super::*;
use crate::neutral::neutralise;

/// `intent TAB message`, made up; `#` starts a comment.
const LABELLED: &str = include_str!("labelled.txt");

fn labelled() -> impl Iterator<Item = (Intent, &'static str)> {
    LABELLED.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let (name, message) = line.split_once('\t').expect("a tab between intent and message");
        let intent = Intent::ALL.into_iter().find(|intent| intent.name() == name);
        (intent.unwrap_or_else(|| panic!("{name} is no intent")), message)
    })
}

fn of(message: &str) -> Intent {
    classify(message, &neutralise(message).text)
}

/// The accuracy stated in the crate's README. The misses are made-up messages, so they may be shown.
#[test]
#[allow(clippy::print_stdout)]
fn accuracy_on_the_labelled_table() {
    let mut by_intent: BTreeMap<Intent, (u32, u32)> = BTreeMap::new();
    let (mut right, mut total) = (0, 0);
    for (wanted, message) in labelled() {
        let got = of(message);
        let entry = by_intent.entry(wanted).or_default();
        entry.1 += 1;
        total += 1;
        if got == wanted {
            entry.0 += 1;
            right += 1;
        } else {
            println!("{:<14} taken for {:<14} {message}", wanted.name(), got.name());
        }
    }
    for (intent, (right, total)) in &by_intent {
        println!("{:<14} {right} of {total}", intent.name());
    }
    println!("accuracy {right} of {total}, {:.1} %", 100.0 * f64::from(right) / f64::from(total));
    assert_eq!(by_intent.len(), Intent::ALL.len(), "every intent has messages");
    assert_eq!((right, total), (638, 650), "what the README says");
    assert!(by_intent.values().all(|(right, total)| 3 * total <= 4 * right), "at least three in four of each");
}

#[test]
fn style_does_not_change_the_intent() {
    for (chat, plain) in [
        ("omw!! 5 mins", "I am on my way, five minutes."),
        ("thxxx ur the best", "Thank you, you are the best."),
        ("nah cant make it 2nite", "No, I can't make it tonight."),
        ("r u free tmrw", "Are you free tomorrow?"),
    ] {
        assert_eq!(of(chat), of(plain), "{chat:?}");
    }
}

#[test]
fn agreement_goes_on() {
    for said in [
        "cool no worries",
        "great cant wait",
        "great tomorrow works",
        "perfect 8pm",
        "cool come at 8",
        "true tho",
        "im in, count me",
        "im in!! cant wait",
        "great, game on",
    ] {
        assert_eq!(of(said), Intent::Confirmation, "{said:?}");
    }
    for said in ["great night", "great pics", "true story"] {
        assert_eq!(of(said), Intent::Other, "{said:?}");
    }
}

#[test]
fn a_refusal_may_stand_behind_a_sign() {
    for said in ["\u{fffd} no. \u{1eebb}", "“no, thanks”", "- no"] {
        assert_eq!(of(said), Intent::Decline, "{said:?}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_has_an_intent(said in "(.{0,3}(no|can't|never|unfortunately|i'll))?.*") {
        let plain = neutralise(&said).text;
        let _ = classify(&said, &plain);
        let _ = Keywords::of(&plain);
    }
}
