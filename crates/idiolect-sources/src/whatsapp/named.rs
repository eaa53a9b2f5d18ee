//! Whom the app's notices name: "Ana added Bo" says that Bo is in the chat, however little he writes.

/// Bytes of notices that are remembered; more are not one chat's beginning.
const MAX_WORDS: usize = 128 * 1024;
/// What stands around the name of a group.
const QUOTES: [char; 12] = ['"', '“', '”', '„', '«', '»', '「', '」', '\'', '‘', '’', '‚'];

/// The words of a chat's notices, one on a line.
#[derive(Default)]
pub(super) struct Notices(String);

impl Notices {
    pub(super) fn add(&mut self, words: &str) {
        if self.0.len() + words.len() < MAX_WORDS {
            self.0.push('\n');
            self.0.push_str(words);
        }
    }

    /// Whether somebody called so is in the chat, and not the group itself.
    pub(super) fn name(&self, name: &str) -> bool {
        // Chinese has no space behind a name.
        let goes_on = |next: char| next.is_lowercase() || next.is_uppercase() || next.is_numeric();
        let ends = |next: Option<char>| next.is_none_or(|next| !goes_on(next) && !QUOTES.contains(&next));
        self.around(name).any(|(before, behind)| ends(before) && ends(behind))
    }

    /// Whether the chat is a group called so: what is between two people has no name to speak of.
    pub(super) fn call_group(&self, title: &str) -> bool {
        let is_quote = |next: Option<char>| next.is_some_and(|next| QUOTES.contains(&next));
        self.around(title).any(|(before, behind)| is_quote(before) && is_quote(behind))
    }

    /// The characters before and behind each place in which some words stand.
    fn around<'a>(&'a self, words: &'a str) -> impl Iterator<Item = (Option<char>, Option<char>)> + 'a {
        let places = self.0.match_indices(words).filter(move |_| !words.is_empty());
        places.map(|(at, words)| (self.0[..at].chars().next_back(), self.0[at + words.len()..].chars().next()))
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::Fixture;

    fn read(name: &str, lines: &[&str]) -> Vec<String> {
        Fixture::new([(name, lines.join("\n").as_str())]).me("Wren").texts()
    }

    #[test]
    fn who_was_added_to_a_group_and_writes_once_is_no_part_of_a_message() {
        // Delivered late, and the last in a group that is called as one who is in it.
        let late = [
            "20/11/2023, 09:03 - Wren created group \"hall\"",
            "20/11/2023, 09:03 - Wren added Kim",
            "20/11/2023, 09:03 - Lux: hi",
            "21/11/2023, 10:05 - Wren: one",
            "20/11/2023, 22:03 - Kim: all I say",
            "22/11/2023, 09:04 - Wren: two",
            "23/11/2023, 09:05 - Bo: so",
        ];
        assert_eq!(read("WhatsApp Chat with hall.txt", &late), ["one", "two"]);
        for notice in ["Wren created group \"Lux\"", "Wren added Bo"] {
            let notice = format!("20/11/2023, 09:03 - {notice}");
            let last = [
                &*notice,
                "20/11/2023, 09:03 - Lux: hi",
                "22/11/2023, 09:04 - Wren: one",
                "23/11/2023, 09:04 - Bo: all I say",
            ];
            assert_eq!(read("WhatsApp Chat with Lux.txt", &last), ["one"], "{notice}");
        }
    }

    #[test]
    fn what_a_notice_does_not_name_as_a_whole_may_still_be_pasted() {
        let lines = [
            "20/11/2023, 09:03 - Wren added Bobby",
            "20/11/2023, 09:03 - Wren changed the subject to \"Bo\"",
            "20/11/2023, 09:03 - Lux: hi",
            "21/11/2023, 10:05 - Wren: one",
            "20/11/2023, 22:03 - Bo: pasted",
            "22/11/2023, 09:04 - Wren: two",
            "23/11/2023, 09:05 - Lux: so",
        ];
        assert_eq!(read("WhatsApp Chat with hall.txt", &lines), ["one\n20/11/2023, 22:03 - Bo: pasted", "two"]);
    }
}
