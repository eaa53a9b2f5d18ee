//! Sentences that the apps write in the sender's name: reactions, attachments, calls, changes of a group.
//!
//! They are in the language of the account that asked for the download. A sentence about the sender by the whole name is taken for one
//! in every language, others only by the words of the languages below.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use crate::reason;

/// `Reacted 😆 to your message `, `Liked a message`: what stands there is no word.
static REACTIONS: LazyLock<RegexSet> = LazyLock::new(|| {
    whole(&[
        r"reacted [^a-z]{1,30} to (?:your|a|their) message",
        r"liked a (?:message|photo|video|reel|story)",
        r"hat mit [^a-z]{1,30} auf deine nachricht reagiert",
        r"(?:hat )?(?:eine )?nachricht (?:gefällt|mit „gefällt mir“ markiert)|gefällt eine nachricht",
        r"reaccionó con [^a-z]{1,30} a (?:tu|un) mensaje",
        r"(?:le gustó|indicó que le gusta) un mensaje",
        r"a réagi (?:avec |par )?[^a-z]{1,30} à (?:votre|ton|un) message",
        r"a aimé un message",
        r"ha (?:reagito con|aggiunto la reazione) [^a-z]{1,30} al tuo messaggio",
        r#"(?:ha messo "?mi piace"? a|gli piace) un messaggio"#,
        r"reagiu com [^a-z]{1,30} à (?:sua|tua) mensagem",
        r"curtiu uma mensagem|gostou de uma mensagem",
        r"heeft met [^a-z]{1,30} op je bericht gereageerd",
        r"heeft met [^a-z]{1,30} gereageerd op je bericht",
        r"vindt een bericht leuk",
        r"zareagował\(a\) [^a-z]{1,30} na twoją wiadomość|zareagował\(a\) na twoją wiadomość: [^a-z]{1,30}",
        r"zareagowano [^a-z]{1,30} na twoją wiadomość",
        r"reagerade (?:med )?[^a-z]{1,30} på ditt meddelande",
        r"reagerte (?:med )?[^a-z]{1,30} på meldingen din",
        r"reagoi [^a-z]{1,30} viestiisi",
        r"поставил(?:\(-а\)|а)? (?:реакцию )?[^a-z]{1,30} (?:на ваше сообщение|к вашему сообщению)",
        r"mesajın(?:a|ıza) [^a-z]{1,30} (?:ifadesi bıraktı|ifadesiyle tepki verdi)",
        r"reagerede med [^a-z]{1,30} på din besked",
        r"แสดงความรู้สึก ?[^a-z]{1,30} ?ต่อข้อความของคุณ",
        r"you reacted [^\p{L}\s]{1,12} to .{1,60}['’]s? message|vous avez réagi [^\p{L}\s]{1,12} (?:à un|au) message",
    ])
});

/// The same without a name, and with "You", which people say too, only where what follows is the apps' own.
static SENTENCES: LazyLock<RegexSet> = LazyLock::new(|| {
    whole(&[
        r"you (?:sent|shared) an? (?:attachment|photo|video|link|sticker|gif|file|(?:live )?location|voice message|post|reel|story)",
        r"you (?:unsent a message|waved (?:at NAME|hello to the group)|called NAME)",
        r"you missed an? (?:audio |video |voice )?(?:call|chat) (?:from|with) NAME|you missed an? (?:audio|video) (?:call|chat)",
        r"you made NAME an admin|you set the disappearing message time to .{1,30}|you created the plan: .{1,200}",
        r"not everyone can message this profile|this person is unable to receive messages",
        r"you (?:named the group|set the (?:nickname|emoji|quick reaction|theme)|changed the (?:chat )?theme) .{1,200}\.",
        r"you changed the (?:group photo|chat theme|chat colou?rs)\.|you (?:created|left) the group(?: chat)?\.",
        r"you took a screenshot|you started sharing video",
        r"you (?:set your nickname to .{1,100}|(?:added|removed) .{1,200} as a group admin|marked the listing as .{1,40})\.",
        r"you (?:started a plan|(?:named|updated|deleted) the plan .{1,200})\.",
        r"you (?:un)?pinned a (?:message|location)",
        r"you (?:created a poll(?:: .{1,300})?|(?:voted for|changed your vote to|removed your vote for) .{1,200} in the poll\b.{0,300})",
        r"you added .{1,200} to the poll\b.{0,300}",
        r"you (?:started|joined|left|ended) (?:the|an?) (?:audio |video |voice |group )*(?:call|chat)",
        r"you (?:sent|received) a (?:message|poll|(?:live|pinned) location) but this browser can't show it",
        r"you (?:sent|received) an? .{1,40}\. use the messenger mobile app to see it",
        r"you (?:set disappearing messages .{1,80}|cleared (?:the|your) nickname.{0,200})",
        r"you turned (?:on|off) (?:disappearing messages|vanish mode|member approval|end-to-end encryption)\b.{0,200}",
        r"you(?: and .{1,80})? (?:are|can) now (?:connected|call|message) .{1,200}",
        r"you are now connected on messenger",
        r"you can now message and call each other.{0,200}",
        r"say hi to your new (?:facebook |messenger )?(?:friend|contact|connection)s?,? .{1,120}",
        r"messages and calls are (?:now )?secured with end-to-end encryption\b.{0,300}",
        r"this (?:message was unsent|poll is no longer available|message is no longer available).{0,60}",
        r"(?:the |audio |video |voice )*(?:call|chat) (?:ended|started)",
        r".{1,80} wasn['’]t notified about this message because they['’]re in quiet mode|NAME is (?:now|no longer) an admin",
        r"(?:click for|tap for) (?:audio|video)(?::.{0,300})?",
        r"(?:started|missed) an? (?:audio|video|voice) (?:call|chat)",
        r"(?:you )?(?:replied|reacted) to (?:your|their|his|her) story|(?:mentioned you in|shared) (?:your|their) story",
        r"du hast einen anhang gesendet|enviaste un archivo adjunto|vous avez envoyé une pièce jointe|tu as envoyé une pièce jointe",
        r"hai inviato un allegato|você enviou um anexo|enviaste um anexo|je hebt een bijlage (?:verzonden|gestuurd)",
        r"wysłałeś\(aś\) (?:załącznik|link|zdjęcie|film)|du skickade en bilaga|du sendte (?:et vedlegg|en vedhæftet fil)",
        r"lähetit liitteen|вы отправили вложение|bir ek gönderdin",
        r"cet appel (?:audio|vidéo) a été manqué|vous avez (?:démarré|manqué) un appel (?:audio|vidéo)",
        r"l['’]appel (?:audio|vidéo) (?:a démarré|est terminé)|le partage de position en direct (?:a démarré|est terminé)",
        r"(?:คุณ)?เริ่มการโทรด้วยเสียง|การโทรด้วยเสียงสิ้นสุดลงแล้ว|คุณไม่ได้รับสายการโทรด้วยเสียง",
        r"vous avez supprimé un message|vous avez ajouté .{1,200} au groupe",
        r"vous avez (?:défini (?:l['’]emoji sur|le pseudo de)|choisi le pseudo) [^?]{1,200}",
        r"vous avez (?:envoyé un lien|quitté le groupe|changé la photo du groupe|nommé le groupe [^?]{1,200})",
        r"vous avez (?:modifié les couleurs de la discussion|voté pour « ?.{1,200}|(?:rejoint|démarré) (?:l['’]appel|une discussion) vidéo.{0,40})",
        r"utworzył[ea]ś (?:przypomnienie|plan): .{1,200}|twoja odpowiedź na wydarzenie .{1,200}: .{1,40}",
    ])
});

/// Deeds done to people; who says "you added me" says it to somebody.
static OF_PEOPLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?is:you (?:(?:added|removed) (.{1,200}) (?:to|from) the group\.|mentioned (.{1,100}) in your story\.?))$",
    )
    .expect("the pattern is right")
});
const PRONOUNS: &[&str] =
    &["me", "us", "him", "her", "them", "it", "everybody", "everyone", "somebody", "someone", "both"];

/// What follows the sender's name.
static DEEDS: LazyLock<RegexSet> = LazyLock::new(|| {
    whole(&[
        r"(?:sent|shared) (?:an?|the|\d+|his|her|their) .{1,80}",
        r"(?:called|missed|started|joined|ended|declined) (?:you|your|an?|the) ?.{0,120}",
        r"(?:added|removed|invited|named|created|left|pinned|unpinned|unsent|waved|cleared|voted) .{1,300}",
        r"(?:changed|set|turned (?:on|off)|updated|made) (?:the|your|their|his|her|an?|disappearing|.{1,80} an admin).{0,200}",
        r"turned (?:on|off) .{1,200}|set .{1,80} as the word effect .{1,80}",
        r"is no longer in the call|started sharing (?:video|(?:their|his|her) screen)|attempted to call you",
        r"(?:mentioned you|replied to (?:you|your|their)|reacted [^a-z]{1,30} to|liked an?) ?.{0,80}",
        r"hat (?:einen anhang|ein foto|ein video|einen link|eine datei|einen sticker) (?:gesendet|geteilt)",
        r"hat (?:die gruppe|den spitznamen|das design|das gruppenfoto|dich angerufen|deinen anruf) ?.{0,200}",
        r"envió (?:un archivo adjunto|una foto|un video|un enlace)|cambió (?:el|la|los) .{1,200}|te llamó",
        r"a envoyé (?:une pièce jointe|une photo|une vidéo|un lien)|a (?:modifié|nommé|quitté|ajouté) .{1,200}|vous a appelée?",
        r"ha inviato (?:un allegato|una foto|un video|un link)|ha (?:cambiato|impostato|abbandonato) .{1,200}",
        r"enviou (?:um anexo|uma foto|um vídeo|um link)|(?:alterou|mudou|definiu) .{1,200}|ligou para você",
        r"heeft (?:een bijlage|een foto|een video|een link) (?:verzonden|gestuurd)|heeft .{1,200} (?:gewijzigd|verlaten|genoemd)",
        r"(?:wysłał\(a\)|wysłał|wysłała) (?:załącznik|zdjęcie|film)",
        r"skickade (?:en bilaga|ett foto|en video)|sendte (?:en vedhæftet fil|et vedlegg|et billede|et bilde)|lähetti liitteen",
        r"отправил(?:\(-а\)|а)? (?:вложение|фото|видео)|bir (?:ek|fotoğraf) gönderdi",
    ])
});

/// What some languages put before a name, so that the name need not be bent.
static USER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:Użytkownik(?:ka|om)?|Uživatel(?:ka)?|Používateľ(?:ka)?|Korisnik|Пользователь|Користувач|Потребителят|المستخدم) ")
        .expect("the pattern is right")
});

/// What follows a name in Japanese and Korean, where the apps say "Mr" and "Ms" as nobody does of themselves, and in Chinese.
static UNSPACED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^ ?(?:さん|님|\p{Han}*[了已将將])[^.。！!？?\n]{2,300}[.。]$").expect("the pattern is right")
});

/// What follows a name in other languages, as one sentence.
static SPACED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^ [^\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\s]\S* .*[.।]$").expect("the pattern is right")
});

/// What people write of themselves by name: "Ana Ruiz from the gym", "… is back", "… here", and more than one sentence. The apps'
/// are in the past, and go on with a small letter behind no comma.
static OWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^\ (?:[a-z]*[a-tv-z]s|at|from|of|in|on|for|with|will|can|never|always|here|this|de|del|du|da|do|von|vom|aus|van|fra|från
                  |z|ze|из|с|от|это|це)\ |,\s*\p{Ll}|[.!?।]\s|\ (?:here|hier|her|här|aquí|aqui|ici|qui|tutaj|здесь|тут)\.$",
    )
    .expect("the pattern is right")
});

/// `Opuściłeś(aś) grupę.`: what knows not whether it speaks to a man or a woman. People write so too, in Polish of a third person
/// and in Russian without the hyphen.
static BOTH_GENDERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\p{L}+(?:\((?:aś|łaś|ęłaś)\)|\x{43B}\(-\x{430}\)) .{1,300}\.$").expect("the pattern is right")
});

/// Up to four words that do not begin small: "You called me at three" is somebody's own.
const NAME: &str = r"(?-i:[^\p{Ll}\s]\S*(?: [^\p{Ll}\s]\S*){0,3})";

fn whole(patterns: &[&str]) -> RegexSet {
    let patterns = patterns.iter().map(|pattern| format!("^(?is:{})[.!]?$", pattern.replace("NAME", NAME)));
    RegexSet::new(patterns).expect("the patterns are right")
}

/// Why `text` is not its sender's own; `has_more` where something hangs on it.
pub(super) fn reason(text: &str, sender: &str, has_more: bool) -> Option<&'static str> {
    let text = text.trim();
    if REACTIONS.is_match(text) {
        return Some(reason::TAPBACK);
    }
    let deed_of =
        |name: &str| text.strip_prefix(name).and_then(|rest| rest.strip_prefix(' ')).filter(|_| !name.is_empty());
    let is_senders = deed_of(sender).is_some_and(|deed| (has_more && deed.ends_with('.')) || is_deed(deed));
    let is_senders = is_senders || is_about(sender, text);
    // Some sentences have the first name alone, as people do, who hardly end a text with a full stop.
    let first_name = sender.split(' ').next().unwrap_or_default();
    let is_deed = is_senders || deed_of(first_name).is_some_and(|deed| deed.ends_with('.') && is_deed(deed));
    let is_sentence = SENTENCES.is_match(text) || BOTH_GENDERS.is_match(text);
    (is_deed || is_of_people(text) || is_sentence).then_some(reason::APP_MADE)
}

/// Whether it is a sentence of the apps about somebody: people hardly write so of themselves, by a whole name of two words or more and
/// with a full stop.
fn is_about(name: &str, text: &str) -> bool {
    let text = USER.find(text).map_or(text, |user| &text[user.end()..]);
    let deed = text.strip_prefix(name).filter(|_| name.contains(' '));
    deed.is_some_and(|deed| UNSPACED.is_match(deed) || (SPACED.is_match(deed) && !OWN.is_match(deed)))
}

fn is_of_people(text: &str) -> bool {
    let whom = OF_PEOPLE.captures(text).and_then(|found| Some(found.get(1).or(found.get(2))?.as_str().to_lowercase()));
    whom.is_some_and(|whom| !PRONOUNS.contains(&whom.as_str()))
}

/// The apps' sentences end in a full stop, or did not once.
fn is_deed(deed: &str) -> bool {
    if REACTIONS.is_match(deed) {
        return true;
    }
    // A question with more behind it is somebody's own, unless it is a group's name in the apps' sentence.
    let asks = deed.contains("? ") && !deed.ends_with('.');
    DEEDS.is_match(deed) && !deed.contains('\n') && !asks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_apps_write_is_told() {
        for text in ["Reacted 😆 to your message ", "Liked a message", "Hat mit ❤️ auf deine Nachricht reagiert"]
            .into_iter()
            .chain([
                "แสดงความรู้สึก ❤ ต่อข้อความของคุณ",
                "Heeft met ❤ gereageerd op je bericht",
                "Поставил(-а) реакцию ❤ на ваше сообщение",
            ])
            .chain(["Ha aggiunto la reazione ❤ al tuo messaggio", "Ha messo \"Mi piace\" a un messaggio"])
        {
            assert_eq!(reason(text, "Ana Ruiz", false), Some(reason::TAPBACK), "{text}");
        }
        for text in [
            "Ana Ruiz sent an attachment.",
            "Ana Ruiz sent a photo.",
            "Ana Ruiz named the group Hikers.",
            "Ana Ruiz named the group Where to? Trips.",
            "Ana Ruiz set the nickname for Ben to Benny.",
            "Ana Ruiz set your nickname to Benny.",
            "Ana Ruiz changed the theme to Love.",
            "Ana Ruiz called you.",
            "Ana Ruiz missed your call.",
            "Ana Ruiz left the group.",
            "Ana Ruiz hat einen Anhang gesendet.",
            "Ana Ruiz a envoyé une pièce jointe.",
            "Ana Ruiz envió un archivo adjunto.",
            "Ana Ruiz enviou um anexo.",
            "You sent an attachment.",
            "You waved at Ben Okafor.",
            "You waved hello to the group.",
            "You called Ben Okafor.",
            "You missed a call from Ben.",
            "You turned on disappearing messages.",
            "You changed the chat theme.",
            "Say hi to your new Facebook friend, Ben.",
            "You set your nickname to Captain.",
            "You added Ben Okafor as a group admin.",
            "You named the plan Picnic.",
            "Wysłałeś(aś) załącznik.",
            "You are now connected on Messenger.",
            "The video chat ended.",
            "You created a poll: When?",
            "You voted for \"now\" in the poll: When?",
            "You pinned a message.",
            "You joined the video chat.",
            "You started a video chat",
            "You added Ben to the group.",
            "You mentioned ben.okafor in your story",
            "Mentioned you in their story",
            "You sent a live location. Use the Messenger mobile app to see it.",
            "Ana sent a live location.",
            "Messages and calls are secured with end-to-end encryption. Only people in this chat can read, listen to, or share them. Learn more.",
            "Ana cleared the nickname for Ben.",
            "Ana Ruiz started sharing video",
            "You made Ben Okafor an admin.",
            "You created the plan: picnic",
            "You missed an audio call",
            "You set the disappearing message time to 24 hours.",
            "Not everyone can message this profile.",
            "Cet appel vidéo a été manqué",
            "L’appel vidéo a démarré",
            "Vous avez supprimé un message",
            "คุณไม่ได้รับสายการโทรด้วยเสียง",
            "Vous avez nommé le groupe Forêt.",
            "Vous avez défini l’emoji sur 👍.",
            "Ana is no longer in the call.",
            "Ben Okafor is now an admin.",
            "ben.okafor wasn't notified about this message because they're in quiet mode.",
            "You can now message and call each other and see info like Active Status and when you've read messages.",
        ] {
            assert_eq!(reason(text, "Ana Ruiz", false), Some(reason::APP_MADE), "{text}");
        }
        assert_eq!(reason("Ana Ruiz küldött egy mellékletet.", "Ana Ruiz", true), Some(reason::APP_MADE));
    }

    #[test]
    fn a_sentence_by_the_whole_name_is_the_apps_in_any_language() {
        for text in [
            "Ana Ruiz wysłała link.",
            "Ana Ruiz nadał(a) nazwę grupy Las.",
            "Użytkownik Ana Ruiz opuścił grupę.",
            "Uživatel Ana Ruiz opustil skupinu.",
            "Ana Ruiz lämnade gruppen.",
            "Ana Ruiz salió del grupo.",
            "Ana Ruiz hat das Gruppenbild geändert.",
            "Ana Ruizさんがグループ名を変更しました。",
            "Ana Ruiz님이 그룹을 나갔습니다.",
            "Ana Ruiz离开了群聊。",
            "Ana Ruiz 已退出群組。",
            "Ana Ruiz ने ग्रुप छोड़ दिया।",
            "Ana Ruiz añadió a Ben, Kai y Lux al grupo.",
            "Ana Ruiz vous a retiré du groupe.",
            "Opuściłeś(aś) grupę.",
            "Отправил(-а) вложение.",
            "Utworzyłaś przypomnienie: Las.",
            "Twoja odpowiedź na wydarzenie Las: Wezmę udział",
        ] {
            assert_eq!(reason(text, "Ana Ruiz", false), Some(reason::APP_MADE), "{text}");
        }
        for text in [
            "Ana Ruiz here.",
            "Ana Ruiz from the gym here, call me back when you can.",
            "Ana Ruiz wins again.",
            "Ana Ruiz at your service.",
            "Ana Ruiz your neighbour, third floor.",
            "Ana Ruiz aus dem Chor hier.",
            "Ana Ruiz это я, пиши сюда.",
            "Ana Ruiz moved. New door, same street.",
            "Ana Ruizです。よろしくお願いします。",
            "Ana Ruizと申します。",
            "Ana Ruiz입니다.",
            "Ana Ruiz 인사 드립니다.",
            "Ana Ruiz이에요.",
            "Ana Ruiz, the baker.",
            "Ana Ruiz\nOak Lane 5.",
            "I am Ana Ruiz from next door.",
            "Box(es) are in.",
            "Amigo(a) secreto vai ser sexta.",
            "napisał(a) mi wczoraj.",
            "купил(а) хлеб.",
        ] {
            assert_eq!(reason(text, "Ana Ruiz", false), None, "{text}");
        }
        assert_eq!(reason("ana idzie do domu.", "ana", false), None);
    }

    #[test]
    fn what_people_write_is_left_to_them() {
        for text in [
            "you sent it to the wrong address",
            "You sent a photo of the dog but I wanted the cat",
            "liked a message from my boss by mistake lol",
            "Ana Ruiz is my full name",
            "Ana here, call me",
            "You missed a great party",
            "You left the group chat, why?",
            "I called you",
            "Ana called you an hour ago",
            "You added me to the group.",
            "you set your nickname to that? really",
            "You called me at three in the morning",
            "you waved at me from the bus",
            "You missed a call from me",
            "You turned off the lights, right?",
            "you voted for the pink one",
            "he is now an admin there",
            "You changed the group photo again haha",
            "say hi to your new neighbour from me",
            "you mentioned me in your story",
            "You started a video chat without me",
            "You pinned a message that was mine",
            "You made me an admin.",
            "you reacted badly to Ben's message",
            "Vous avez manqué un bel appel vidéo",
            "vous avez quitté le groupe ?",
            "reacted badly to the message",
            "this message is for you",
            "Reacted badly to your message",
            "Ana Ruiz reacted badly to your message",
            "Ana Ruiz named the group? who is Ana",
        ] {
            assert_eq!(reason(text, "Ana Ruiz", false), None, "{text}");
        }
        assert_eq!(reason("see https://a.example", "Ana Ruiz", true), None);
        assert_eq!(reason("hi.", "", true), None);
    }
}
