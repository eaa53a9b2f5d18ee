//! A chat's name, from what its file, folder or zip is called.

/// What the languages of WhatsApp put before the name.
const BEFORE: &[&str] = &[
    "WhatsApp Chat with ",
    "WhatsApp Chat - ",
    "WhatsApp Chat mit ",
    "WhatsApp-Chat mit ",
    "WhatsApp-Chat met ",
    "WhatsApp-chat met ",
    "Chat de WhatsApp con ",
    "Chat di WhatsApp con ",
    "Chat WhatsApp con ",
    "Conversa do WhatsApp com ",
    "Conversa de WhatsApp com ",
    "Discussion WhatsApp avec ",
    "Discussion WhatsApp avec le groupe ",
    "Xat de WhatsApp amb ",
    "WhatsApp-chatt med ",
    "WhatsApp-chat med ",
    "WhatsApp-keskustelu käyttäjän kanssa ",
    "WhatsApp-keskustelu ",
    "Czat WhatsApp z ",
    "Konwersacja WhatsApp z ",
    "Чат WhatsApp с контактом ",
    "Чат WhatsApp с группой ",
    "Чат WhatsApp с ",
    "Чат WhatsApp з ",
    "WhatsApp chat s ",
    "Chat WhatsApp dengan ",
    "Obrolan WhatsApp dengan ",
    "Sembang WhatsApp dengan ",
    "WhatsApp Sohbeti - ",
    "WhatsApp 聊天 - ",
    "WhatsApp 對話 - ",
    "WhatsApp - ",
];

/// And behind it.
const BEHIND: &[&str] =
    &[" ile WhatsApp Sohbeti", "的 WhatsApp 聊天", " 的 WhatsApp 聊天记录", "とのトーク", " 님과의 WhatsApp 대화"];

/// The name of an iOS export's one file, which is in a folder or zip that has the chat's name.
const IOS_FILE: &str = "_chat.txt";

pub(super) fn of(path: &str) -> String {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or(path);
    let named = match (file, parts.next()) {
        (IOS_FILE, Some(folder)) => folder.strip_suffix(".zip").unwrap_or(folder),
        _ => file.rsplit_once('.').map_or(file, |(stem, _)| stem),
    };
    let named = named.trim();
    let name = BEFORE.iter().filter_map(|before| named.strip_prefix(before)).min_by_key(|name| name.len());
    let name = name.or_else(|| BEHIND.iter().find_map(|behind| named.strip_suffix(behind)));
    name.unwrap_or(named).trim().to_owned()
}

/// Whether a path is named as WhatsApp names its exports.
pub(super) fn is_whatsapps(path: &str) -> bool {
    path.ends_with(IOS_FILE) || path.contains("WhatsApp")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_files_folders_and_zips() {
        for (path, title) in [
            ("WhatsApp Chat with Ana.txt", "Ana"),
            ("x/WhatsApp Chat - Ana & co/_chat.txt", "Ana & co"),
            ("WhatsApp Chat - +1 212 555 0101.zip/_chat.txt", "+1 212 555 0101"),
            ("Conversa do WhatsApp com Zoë.txt", "Zoë"),
            ("Ana ile WhatsApp Sohbeti.txt", "Ana"),
            ("_chat.txt", "_chat"),
            ("friends.txt", "friends"),
        ] {
            assert_eq!(of(path), title, "{path}");
        }
    }
}
