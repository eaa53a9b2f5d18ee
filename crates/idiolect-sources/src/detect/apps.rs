//! Exports of apps that are known and not read, by how their files begin.

use crate::export::{Entry, Export};

/// As much of a file as is looked at, and how many.
const HEAD: usize = 16 * 1024;
const LOOKED_AT: usize = 50;

const AS_NDJSON: &str =
    "write its messages as NDJSON or as a table (CSV) with the columns time, sender and text, and name that file";

struct App {
    what: &'static str,
    /// All of these stand in the beginning of its file; in the first line of a text.
    signs: &'static [&'static str],
    advice: &'static str,
}

const APPS: &[App] = &[
    App { what: "KakaoTalk's text of a chat", signs: &["카카오톡 대화"], advice: KAKAO_TALK },
    App { what: "KakaoTalk's text of a chat", signs: &["KakaoTalk Chats"], advice: KAKAO_TALK },
    App { what: "LINE's text of a chat", signs: &["[LINE]"], advice: AS_NDJSON },
    App {
        what: "an export of Skype or Teams",
        signs: &["\"userId\"", "\"exportDate\"", "\"conversations\""],
        advice: AS_NDJSON,
    },
    App {
        what: "DiscordChatExporter's JSON",
        signs: &["\"guild\"", "\"channel\"", "\"messages\""],
        advice: "export the chats again as CSV, or ask Discord for your data package",
    },
    App { what: "Element's JSON of a room", signs: &["\"room_name\"", "\"exported_by\""], advice: AS_NDJSON },
    App { what: "Snapchat's chats", signs: &["\"Media Type\"", "\"IsSender\""], advice: AS_NDJSON },
    App { what: "X's direct messages", signs: &["window.YTD.direct_message"], advice: AS_NDJSON },
    App { what: "TikTok's data", signs: &["\"ChatHistory\""], advice: AS_NDJSON },
];

const KAKAO_TALK: &str = "export the chat as CSV with KakaoTalk for the Mac, or write its messages as a table (CSV) with the columns time, \
    sender and text, and name that file";

/// A file whose beginning says nothing of messages.
const TIKTOK: &str = "user_data_tiktok.json";

/// What an export is of, and what to do instead.
pub(super) fn named(export: &Export) -> Option<(&'static str, &'static str)> {
    let may_be = |entry: &&Entry| ["json", "txt", "js"].iter().any(|extension| entry.has_extension(extension));
    let by_head = |entry: &Entry| {
        let head = export.head_text(entry, HEAD);
        let looked_at = if entry.has_extension("txt") { head.lines().next().unwrap_or_default() } else { &head };
        let app = APPS.iter().find(|app| app.signs.iter().all(|sign| looked_at.contains(sign)))?;
        Some((app.what, app.advice))
    };
    // Those that are called like messages lie among hundreds of others.
    let (likely, others): (Vec<&Entry>, Vec<&Entry>) =
        export.entries().iter().filter(may_be).partition(|entry| is_called_so(entry));
    let found = likely.into_iter().chain(others).take(LOOKED_AT).find_map(by_head);
    found.or_else(|| export.called(TIKTOK).next().map(|_| ("TikTok's data", AS_NDJSON)))
}

fn is_called_so(entry: &Entry) -> bool {
    let name = entry.name().to_ascii_lowercase();
    ["message", "chat", "line"].iter().any(|word| name.contains(word))
}
