//! A chat's name, from what its file, folder or zip is called.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::export::original;

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
    "Czat WhatsApp z użytkownikiem ",
    "WhatsApp beszélgetés ",
    "WhatsApp-beszélgetés ",
    "Conversație WhatsApp cu ",
    "Conversa do WhatsApp com o grupo ",
    "Συνομιλία WhatsApp με ",
    "צ'אט WhatsApp עם ",
    "צ׳אט WhatsApp עם ",
    "محادثة واتساب مع ",
    "محادثة WhatsApp مع ",
    "دردشة واتساب مع ",
    "گپ واتساپ با ",
    "گپ WhatsApp با ",
    "Đoạn chat WhatsApp với ",
    "Cuộc trò chuyện WhatsApp với ",
    "แชท WhatsApp กับ ",
    "WhatsApp чат с ",
    "WhatsApp razgovor s ",
    "WhatsApp razgovor s kontaktom ",
    "WhatsApp klepet z ",
    "WhatsApp ћаскање са ",
    "WhatsApp tērzēšana ar ",
    "WhatsApp pokalbis su ",
    "WhatsAppi vestlus ",
    "WhatsApp-klets met ",
    "WhatsApp Chat kay ",
    "WhatsApp Chat sa ",
    "Soga ya WhatsApp na ",
    "Bisedë WhatsApp me ",
    "Obrolan WhatsApp dengan ",
    "Sembang WhatsApp dengan ",
    "WhatsApp Sohbeti - ",
    "WhatsApp 聊天 - ",
    "WhatsApp 對話 - ",
    "WhatsApp - ",
    "WhatsApp Gesprek met ",
    "WhatsApp Чат с ",
    "Chat WhatsApp s uživatelem ",
    "WhatsApp chat med ",
    "WhatsApp'i vestlus kontaktiga ",
    "گفتگوی WhatsApp با ",
    "WhatsApp csevegés vele: ",
    "WhatsApp csevegés vele ",
    "WhatsApp чат: ",
    "WhatsApp чат ",
    "WhatsApp sarakste ar ",
    "WhatsApp разговор со ",
    "WhatsApp-samtale med ",
    "Conversa no WhatsApp com ",
    "WhatsApp chat s používateľom ",
    "WhatsApp Ћаскање са ",
    "Soga za WhatsApp na ",
    "Бесіда WhatsApp з ",
    "Trò chuyện WhatsApp với ",
];

/// And behind it.
const BEHIND: &[&str] = &[
    " ile WhatsApp Sohbeti",
    " ilə WhatsApp söhbəti",
    "的 WhatsApp 聊天",
    " 的 WhatsApp 聊天记录",
    "とのトーク",
    "とのWhatsAppチャット",
    " 님과의 WhatsApp 대화",
    "님과의 WhatsApp 대화",
    " के साथ WhatsApp चैट",
    " सह WhatsApp चॅट",
    " এর সাথে WhatsApp চ্যাট",
    " کے ساتھ WhatsApp چیٹ",
    " உடனான WhatsApp அரட்டை",
    " ilə WhatsApp Söhbəti",
    " સાથેની WhatsApp વાત",
    " ಜೊತೆ WhatsApp ಸಂಭಾಷಣೆ",
    " മായുള്ള WhatsApp ചാറ്റുകൾ",
    " सोबतच्या WhatsApp गप्पा",
    " ਨਾਲ WhatsApp ਗੱਲਬਾਤ",
    " உடன் WhatsApp உரையாடல்",
    " తో WhatsApp సంభాషణ",
    " کے ساتھ WhatsApp بات چیت",
    " bilan WhatsApp chati",
];

/// And on both sides of it.
const AROUND: &[(&str, &str)] = &[
    ("與 ", " 的 WhatsApp 對話"),
    ("與", "的 WhatsApp 對話"),
    ("Chat s ", " na WhatsAppu"),
    ("WhatsApp-keskustelu käyttäjän ", " kanssa"),
    ("WhatsApp-keskustelu henkilön ", " kanssa"),
    ("Biseda me ", " në WhatsApp"),
    ("WhatsApp 与 ", " 的对话"),
    ("WhatsApp 與 ", " 的對話"),
];

/// The name of an iOS export's one file, which is in a folder or zip that has the chat's name.
const IOS_FILE: &str = "_chat.txt";
const IOS_STEM: &str = "_chat";

pub(super) fn of(path: &str) -> String {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem.trim_end_matches(".txt"));
    let named: Cow<'_, str> = match parts.next().map(|folder| folder.strip_suffix(".zip").unwrap_or(folder)) {
        Some(folder) if file == IOS_FILE => folder.into(),
        // Unpacked beside one that was there: the folder's chat once more, or another.
        Some(folder) if original(stem) == Some(IOS_STEM) => {
            format!("{folder} {}", stem[IOS_STEM.len()..].trim_start()).into()
        }
        _ => stem.into(),
    };
    let named = named.trim();
    // What a copy is called has the app's words within, and some programs write no spaces.
    let plain = || chat_in(original(named)?).map(str::to_owned);
    let spaced = || chat_in(&named.replace('_', " ")).map(str::to_owned);
    chat_in(named).map(str::to_owned).or_else(plain).or_else(spaced).unwrap_or_else(|| named.to_owned())
}

/// The name between the app's words; `None` where there are none.
fn chat_in(named: &str) -> Option<&str> {
    let before = BEFORE.iter().filter_map(|before| named.strip_prefix(before)).min_by_key(|name| name.len());
    let behind = || BEHIND.iter().find_map(|behind| named.strip_suffix(behind));
    let around = || AROUND.iter().find_map(|(before, behind)| named.strip_prefix(before)?.strip_suffix(behind));
    // iOS's own words before a dash.
    let dashed = || named.split_once(" - ").filter(|(app, _)| is_app_in(app)).map(|(_, name)| name);
    around().or(before).or_else(behind).or_else(dashed).map(str::trim)
}

/// The names of the chats at these paths. One that was saved twice, which numbers the second file, has one name: its files hold
/// the same messages, as those of two groups called `Trip` and `Trip (2)` do not. So has one whose other one `is_with` who is
/// called so. `with_another` are those of some places whose chat another one of them holds, too.
pub(super) fn all(
    paths: &[&str],
    with_another: impl Fn(&[usize]) -> Vec<usize>,
    is_with: impl Fn(usize, &str) -> bool,
) -> Vec<String> {
    let titles: Vec<String> = paths.iter().map(|path| of(path)).collect();
    let mut named: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, title) in titles.iter().enumerate() {
        named.entry(original(title).unwrap_or(title)).or_default().push(place);
    }
    let several = named.values().filter(|places| places.len() > 1);
    let twice: HashSet<usize> = several.flat_map(|places| with_another(places)).collect();
    let title = |(place, title): (usize, &String)| {
        let name = original(title).filter(|name| twice.contains(&place) || is_with(place, name));
        name.unwrap_or(title).to_owned()
    };
    titles.iter().enumerate().map(title).collect()
}

/// Whether a path is named as WhatsApp names its exports.
pub(super) fn is_whatsapps(path: &str) -> bool {
    path.ends_with(IOS_FILE) || is_app_in(path)
}

fn is_app_in(named: &str) -> bool {
    ["WhatsApp", "واتساب", "واتساپ"].iter().any(|app| named.contains(app))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_file_of_a_chat_has_its_name() {
        let paths =
            ["WhatsApp Chat with Ana.txt", "WhatsApp Chat with Ana (1).txt", "x/WhatsApp Chat - Ana (12)/_chat.txt"];
        assert_eq!(all(&paths, <[usize]>::to_vec, |_, _| false), ["Ana", "Ana", "Ana"]);
        assert_eq!(all(&paths[1..], <[usize]>::to_vec, |_, _| false), ["Ana", "Ana"]);
        let unpacked = ["WhatsApp Chat - Ana/_chat.txt", "WhatsApp Chat - Ana/_chat (1).txt", "x/_chat 2.txt"];
        assert_eq!(all(&unpacked, <[usize]>::to_vec, |_, _| false), ["Ana", "Ana", "x 2"]);
        assert_eq!(all(&unpacked, |_| Vec::new(), |_, _| false), ["Ana", "Ana (1)", "x 2"]);
        assert_eq!(all(&paths, |_| Vec::new(), |_, _| false), ["Ana", "Ana (1)", "Ana (12)"]);
        assert_eq!(
            all(&["Ana.txt", "Ben (1).txt", "Ana (b).txt"], <[usize]>::to_vec, |_, _| false),
            ["Ana", "Ben (1)", "Ana (b)"]
        );
        assert_eq!(
            all(&["Ana.txt", "Ana(1).txt", "Ana 2.txt", "2.txt"], <[usize]>::to_vec, |_, _| false),
            ["Ana", "Ana", "Ana", "2"]
        );
    }

    #[test]
    fn a_copy_alone_has_the_name_of_whom_it_is_with() {
        let is_with_ana = |_: usize, name: &str| name == "Ana";
        for path in [
            "WhatsApp Chat with Ana(1).txt",
            "WhatsApp Chat with Ana - Copy.txt",
            "Copy of WhatsApp Chat with Ana.txt",
            "WhatsApp_Chat_with_Ana.txt",
            "WhatsApp_Chat_with_Ana (1).txt",
            "WhatsApp Chat with Ana.txt.txt",
            "WhatsApp Chat - Ana 2.zip/_chat.txt",
        ] {
            assert_eq!(all(&[path], |_| Vec::new(), is_with_ana), ["Ana"], "{path}");
        }
        assert_eq!(all(&["WhatsApp Chat with Ben (1).txt"], |_| Vec::new(), is_with_ana), ["Ben (1)"]);
    }

    #[test]
    fn names_come_from_files_folders_and_zips() {
        for (path, title) in [
            ("WhatsApp Chat with Ana.txt", "Ana"),
            ("x/WhatsApp Chat - Ana & co/_chat.txt", "Ana & co"),
            ("WhatsApp Chat - +1 212 555 0101.zip/_chat.txt", "+1 212 555 0101"),
            ("Conversa do WhatsApp com Zoë.txt", "Zoë"),
            ("Ana ile WhatsApp Sohbeti.txt", "Ana"),
            ("Zoë님과의 WhatsApp 대화.txt", "Zoë"),
            ("與 Zoë 的 WhatsApp 對話.txt", "Zoë"),
            ("WhatsApp-keskustelu käyttäjän Zoë kanssa.txt", "Zoë"),
            ("محادثة واتساب مع Zoë.txt", "Zoë"),
            ("WhatsApp 与 Zoë 的对话.txt", "Zoë"),
            ("Biseda me Zoë në WhatsApp.txt", "Zoë"),
            ("WhatsApp чат Zoë.txt", "Zoë"),
            ("WhatsApp Чат с Zoë.txt", "Zoë"),
            ("Zoë bilan WhatsApp chati.txt", "Zoë"),
            ("Chat de WhatsApp - Zoë (2).zip/_chat.txt", "Zoë (2)"),
            ("WhatsApp-Chat - Ana - Zoë/_chat.txt", "Ana - Zoë"),
            ("_chat.txt", "_chat"),
            ("friends.txt", "friends"),
        ] {
            assert_eq!(of(path), title, "{path}");
        }
    }
}
