//! People's names: those on the user's block list, and, if asked for, what stands where a greeting names somebody.

use std::sync::LazyLock;

use regex::Regex;

use super::phrases::Phrases;
use super::{PiiKind, Span};

/// A greeting at the start of a message or line, and one or two capitalised words behind it.
static GREETING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xm) ^ [\s]* (?i: hi+ | hiya | he+y+ | hello+ | dear | yo | hallo | liebe[rs]? | lieve | beste | moin | servus | hola | querid[oa] | ol[aá] | oi | salut | bonjour | coucou | cher | chère | ciao
            | cara | caro | hej | hei | cześć | ahoj | привет | merhaba | happy\ (?: birthday | bday ) | (?: good\ )? (?: morning | afternoon | evening | night ) | goodnight | gm
            | buen[oa]s (?: \ (?: días | dias | tardes | noches ) )? | guten\ (?: morgen | tag | abend ) | bom\ dia | boa\ (?: tarde | noite ) | buongiorno | buonasera | thanks | thank\ you | thx | cheers | sorry | congrats ) (?: \x20 (?i:there|again) )? ,? \x20+
            (?: (?: Mr | Mrs | Ms | Miss | Dr | Prof | Herr | Frau | Señor | Señora | Sr | Sra | Mme | M )\.? \x20 )?
            (?P<name> \p{Lu}[\p{L}\p{M}'’-]+ (?: \x20 \p{Lu}[\p{L}\p{M}'’-]+ )? ) (?: [^\p{L}\p{M}\p{N}_] | $ )",
    )
    .expect("the pattern is constant")
});

/// One more who is greeted: "Hi Jo & Sam".
static ANOTHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\x20?(?:&|\+|and|und|y|et|e|en|och|og|i|и)\x20(?P<name>\p{Lu}[\p{L}\p{M}'’-]+)")
        .expect("the pattern is constant")
});

/// Capitalised words behind a greeting that name nobody.
fn is_no_name(word: &str) -> bool {
    const WORDS: &str = " i i'm im i'll i've it its it's there all everyone everybody guys folks team both again you your this that the a an we if when what how why who where can could \
        do did are is was just not no yes yeah ok okay so for to and but my mum mom mummy dad daddy mama papa grandma grandpa nan granny babe baby bae love darling dear \
        honey hun hon sweetie sweetheart man bro bru bruv dude mate buddy pal sis boss sir madam ma'am ladies gentlemen lol haha happy merry good great nice hope thanks \
        sorry please zusammen leute alle alles wie ich du todos amigo amiga tutti mr mrs ms miss dr prof herr frau señor señora sr sra mme m monday tuesday wednesday thursday friday saturday sunday christmas easter ";
    WORDS.contains(&format!(" {} ", word.to_lowercase()))
}

pub(super) fn find(text: &str, names: &Phrases, greetings: bool, found: &mut Vec<Span>) {
    if !names.is_empty() {
        found.extend(names.find(text).into_iter().map(|range| Span::new(PiiKind::Name, "name/block_list", range)));
    }
    if greetings {
        for name in GREETING.captures_iter(text).filter_map(|captures| captures.name("name")) {
            let words: Vec<&str> = name.as_str().split(' ').collect();
            let kept = words.iter().take_while(|word| !is_no_name(word)).count();
            if kept > 0 {
                let mut end = name.start() + words[..kept].join(" ").len();
                found.push(Span::new(PiiKind::Name, "name/greeting", name.start()..end));
                while let Some(another) = ANOTHER.captures(&text[end..]).and_then(|captures| captures.name("name")) {
                    if is_no_name(another.as_str()) {
                        break;
                    }
                    let range = end + another.start()..end + another.end();
                    end = range.end;
                    found.push(Span::new(PiiKind::Name, "name/greeting", range));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(text: &'a str, names: &[&str], greetings: bool) -> Vec<&'a str> {
        let mut spans = Vec::new();
        find(text, &Phrases::new(names.iter().copied()), greetings, &mut spans);
        super::super::span::settle(&mut spans);
        spans.iter().map(|span| &text[span.range.clone()]).collect()
    }

    #[test]
    fn finds_listed_names_anywhere() {
        assert_eq!(found("did ana see Bo Lee?", &["Ana", "Bo Lee"], false), ["ana", "Bo Lee"]);
        assert_eq!(found("anagram", &["Ana"], false), Vec::<&str>::new());
    }

    #[test]
    fn finds_names_in_greetings_when_asked_to() {
        for (text, name) in [
            ("Hi Anna, are you there", "Anna"),
            ("hey Tom!", "Tom"),
            ("Dear Mr. Barnes,\nthank you", "Barnes"),
            ("Good morning Anna Lee", "Anna Lee"),
            ("Hola José ¿qué tal?", "José"),
            ("ok\nHi Bo", "Bo"),
            ("Morning Bo, up yet?", "Bo"),
            ("Hi Bo and You", "Bo"),
            ("Heyyy Bo😊 up?", "Bo"),
            ("Hi Anna Lee❤\u{fe0f}", "Anna Lee"),
            ("Hi Bo… late", "Bo"),
            ("Dear Dr. [PERSON_1]\nHi Bo", "Bo"),
        ] {
            assert_eq!(found(text, &[], true), [name], "{text:?}");
            assert_eq!(found(text, &[], false), Vec::<&str>::new(), "{text:?}");
        }
        assert_eq!(found("Hi Jo & Bo and Lee, hi", &[], true), ["Jo", "Bo", "Lee"]);
        for text in [
            "hi there",
            "Hey You",
            "Hi All,",
            "hey I'm late",
            "Hello Everyone",
            "Sorry I can't",
            "hi tom",
            "say Hi Tom",
        ] {
            assert_eq!(found(text, &[], true), Vec::<&str>::new(), "{text:?}");
        }
    }
}
