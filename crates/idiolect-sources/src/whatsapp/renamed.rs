//! A chat whose file is called anything, told from logs and lists, whose lines have a date, a time and a name before them as well.

use std::collections::HashSet;

use super::header;

/// Ahead of what iOS itself writes, and never typed.
const MARK: char = '\u{200E}';
/// What the notice with which Android's exports begin says in many languages.
const ENCRYPTED: &[&str] = &[
    "end-to-end",
    "end‑to‑end",
    "ende-zu-ende",
    "extremo a extremo",
    "extrem a extrem",
    "bout en bout",
    "ponta a ponta",
    "ponto a ponto",
    "pont a ponto",
    "totsträckskrypt",
    "päästä päähän",
    "od końca do końca",
    "typu end",
    "uçtan uca",
    "végpontok közötti",
    "сквозн",
    "наскрізн",
    "από άκρο",
    "端到端",
    "端對端",
    "エンドツーエンド",
    "종단간",
    "الطرفين",
    "تام بين",
    "סוף-לסוף",
    "מקצה לקצה",
    "ujung ke ujung",
    "đầu cuối",
    "एंड-टू-एंड",
    "शुरू से आखिर तक",
];
/// What logs have where a chat has a name.
const LEVELS: &[&str] = &[
    "TRACE",
    "DEBUG",
    "VERBOSE",
    "INFO",
    "NOTICE",
    "WARN",
    "WARNING",
    "ERROR",
    "ERR",
    "CRITICAL",
    "CRIT",
    "ALERT",
    "EMERGENCY",
    "FATAL",
    "SEVERE",
    "PANIC",
];
const NOT_IN_NAMES: &[char] = &['<', '>', '[', ']', '{', '}', '=', '/', '\\', '|', '#', '%', ';', '"', '_'];
/// Messages that are to show a conversation where WhatsApp itself says nothing.
const FEWEST: usize = 4;

/// Whether the text that begins with `head` is a chat beyond doubt: WhatsApp speaks in it or `is_named` after it, or people talk.
pub(super) fn is_chat(head: &str, is_named: bool) -> bool {
    let (mut said, mut odd, mut by_machine) = (0, 0, 0);
    let (mut names, mut texts) = (HashSet::new(), HashSet::new());
    let mut speaks = is_named;
    for line in head.lines() {
        let Some(header) = header::parse(line) else { continue };
        let (name, text) = header.sender_and_body(line);
        speaks |= text.starts_with(MARK) || line.starts_with(MARK);
        let Some(name) = name else {
            let notice = text.to_lowercase();
            speaks |= ENCRYPTED.iter().any(|words| notice.contains(words));
            continue;
        };
        said += 1;
        odd += usize::from(!may_be_a_person(name));
        by_machine += usize::from(header.is_as_machines_write() || has_odd_number(name));
        names.insert(name);
        texts.insert(text);
    }
    let few = |count: usize| count * 10 <= said;
    let people_talk = || {
        let several = names.len() > 1 && names.len() * 2 <= said && said >= FEWEST;
        several && few(by_machine) && texts.len() * 2 > said
    };
    said > 0 && few(odd) && (speaks || people_talk())
}

fn may_be_a_person(name: &str) -> bool {
    let is_level = |word: &str| LEVELS.contains(&word);
    !name.contains(NOT_IN_NAMES)
        && !name.contains(" - ")
        && !name.split(|c: char| !c.is_alphanumeric()).any(is_level)
        && !is_level(&name.to_uppercase())
}

/// A number that is no phone's.
fn has_odd_number(name: &str) -> bool {
    name.contains(|c: char| c.is_ascii_digit()) && name.contains(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chats_are_told_whatever_they_are_called() {
        for chat in [
            "13/04/23, 10:00 - Messages and calls are end-to-end encrypted.\n13/04/23, 10:00 - Ana: hi\n",
            "03.10.26, 09:41 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.\n03.10.26, 09:42 - Ana: hi\n",
            "[03.10.26, 09:41:02] Ana: \u{200e}image omitted\n",
            "3/4/23, 10:00 AM - Ana: hi\n3/4/23, 10:01 AM - Ben Okafor: yo\n3/4/23, 10:02 AM - Ana: u up\n3/4/23, 10:02 AM - Ana: ?\n",
            "13/04/23, 10:00 - Ana: a\n13/04/23, 10:00 - +49 151 0000000: b\n13/04/23, 10:00 - Ana: c\n13/04/23, 10:01 - Ana: d\n",
        ] {
            assert!(is_chat(chat, false), "{chat}");
        }
        assert!(is_chat("13/04/23, 10:00 - Ana: hi\n", true));
    }

    #[test]
    fn logs_and_lists_are_none() {
        for log in [
            "[2026-10-03 12:00:01] production.ERROR: gone\n[2026-10-03 12:00:02] production.INFO: back\n",
            "2026-10-03 12:00:01 - INFO: started\n2026-10-03 12:00:02 - ERROR: stopped\n",
            "2026-10-03 12:00:01 - root - INFO - app: started\n2026-10-03 12:00:01 - root - INFO - db: up\n",
            "2026/10/03 12:00:01 main.go:12: up\n2026/10/03 12:00:02 http: broken pipe\n",
            "03.10.2026 12:00 - Backup: done\n03.10.2026 12:10 - Sync: done\n03.10.2026 12:20 - Backup: done\n03.10.2026 12:30 - Sync: done\n",
            "2026-10-03 12:00 - deploy: a\n2026-10-03 12:10 - build: b\n2026-10-03 12:20 - deploy: c\n2026-10-03 12:30 - build: d\n",
            "03/10/2026, 12:00 - run 1: a\n03/10/2026, 12:10 - run 2: b\n03/10/2026, 12:20 - run 1: c\n03/10/2026, 12:30 - run 2: d\n",
            "03/10/2026, 12:00 - Dentist: bring the card\n",
            "03.10.2026 12:00:01 - Server: a\n03.10.2026 12:00:02 - Client: b\n03.10.2026 12:00:03 - Server: c\n03.10.2026 12:00:04 - Client: d\n",
            "[03.10.2026 12:00:01] Server: a\n[03.10.2026 12:00:02] Client: b\n[03.10.2026 12:00:03] Server: c\n[03.10.2026 12:00:04] Client: d\n",
        ] {
            assert!(!is_chat(log, false), "{log}");
        }
        assert!(!is_chat("[2026-10-03 12:00:01] bridge.INFO: paired\n", true), "a log of a program that is called so");
    }
}
