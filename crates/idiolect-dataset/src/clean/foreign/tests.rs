//! What is cut, and what looks like it and stays.

use super::*;

fn own(text: &str) -> (String, Option<CleanRule>) {
    let own = CleanSettings::default().own_words(Look::at(text), text);
    (own.text.into_owned(), own.cut)
}

#[test]
fn quoted_lines_are_cut_and_the_answer_stays() {
    for (text, left) in [
        ("> are you coming tonight?\nyes!! see u there", "yes!! see u there"),
        (">> lunch\n> where\nthe usual", "the usual"),
        ("sure\n\nOn Tue, 3 Jan 2026 at 17:30, Jo K <jo@example.com> wrote:\n> lunch?", "sure"),
        ("> a question", ""),
        ("klar\nAm 3. Januar 2026 um 17:30 schrieb Jo K:\n> essen?", "klar"),
        ("klar\nAm 3. Januar 2026 um 17:30 schrieb Jo K <jo@example.com>:\nessen?", "klar"),
        ("goed\nOp 3 jan. 2026 om 17:30 schreef Jo K:\nhonger?", "goed"),
        ("va bene\nIl 3 gennaio 2026 alle 17:30 Jo K ha scritto :\nhai fame?", "va bene"),
        ("vale\nEl 3 ene 2026, a las 17:30, Jo K escribió :\ntienes hambre?", "vale"),
        ("ok\nOn 3 Jan 2026 17:30, Jo K wrote :\nhungry?", "ok"),
        ("yes\n\t> hungry?", "yes"),
        ("On Tue, 3 Jan 2026 at 17:30, Jo K wrote:\n> lunch?\n>\n> at 1\n\nsure thing", "sure thing"),
        ("Am 3. Januar 2026 um 17:30 schrieb Jo K:\n> essen?\n> um 1?\npasst mir", "passt mir"),
        ("sure\nOn Tue, 3 Jan 2026 at 17:30, Jo K wrote:\n> lunch\nat one?", "sure"),
        ("sure\nOn Tue, Jan 3, 2026 at 5:30 PM Jo K <jo@example.com>\nwrote:\n> lunch?", "sure"),
        ("On Tue, Jan 3, 2026 at 5:30 PM Jo K\n<jo@example.com> wrote:\n> lunch?\nsure", "sure"),
    ] {
        assert_eq!(own(text), (left.to_owned(), Some(CleanRule::Quoted)), "{text:?}");
    }
}

#[test]
fn forwarded_parts_are_cut() {
    for (text, left) in [
        ("fyi\n---------- Forwarded message ---------\nFrom: Jo\nSubject: x\n\nhello", "fyi"),
        ("-----Original Message-----\nFrom: Jo", ""),
        ("Fwd: best deals this week", ""),
        ("Begin forwarded message:\nhello", ""),
        ("Forwarded from Jo\nhello", ""),
        ("lol\n[Forwarded]\nhello", "lol"),
        ("lol\nForwarded\nhello", "lol"),
    ] {
        assert_eq!(own(text), (left.to_owned(), Some(CleanRule::Forwarded)), "{text:?}");
    }
}

#[test]
fn automatic_answers_are_left_out() {
    for text in [
        "Automatic reply: I am away until Monday",
        "[Auto-Reply] I'm driving",
        "This is an automated message, please do not reply.",
        "Out of office: back on Monday",
        "I’m driving with Do Not Disturb While Driving turned on. I’ll see your message when I get where I’m going.",
        "(I’m not receiving notifications. If this is urgent, reply “urgent” to send a notification through with your original message.)",
        "I’m driving with Driving Focus turned on. I’ll see your message when I get where I’m going.",
        "Auto reply: in a meeting",
        "Sorry, I can't talk right now.",
        "Abwesenheitsnotiz: bin im Urlaub",
        "I’m currently out of the office until Monday and will reply when I return.",
        "Thank you for your message. I am on annual leave this week. I will respond on Monday.",
        "Ich bin bis Montag nicht im Büro und antworte danach.",
        "Je suis absente jusqu'à lundi, je vous répondrai à mon retour",
        "Estoy fuera de la oficina, responderé el lunes.",
    ] {
        assert_eq!(own(text), (String::new(), Some(CleanRule::Automatic)), "{text:?}");
    }
}

#[test]
fn what_apps_write_is_left_out() {
    for text in [
        "<Media omitted>",
        "\u{200e}image omitted",
        "\u{200e}<attached: 00000042-PHOTO-2026-01-03-17-30-00.jpg>",
        "voice message not included",
        "You deleted this message",
        "Liked “see you at 5”",
        "Laughed at an image",
        "Removed a heart from “ok”",
        "Reacted 😂 to “no way”",
        "Removed 😂 from “no way”",
        "Missed voice call",
        "Jo sent an attachment.",
        "Missed video call at 5:12 PM",
        "<Medien ausgeschlossen>",
        "<Multimedia omitido>",
        "Bild weggelassen",
        "Diese Nachricht wurde gelöscht.",
        "Eliminaste este mensaje.",
        "Verpasster Sprachanruf",
        "Appel vidéo manqué",
        "IMG-20260103-WA0001.jpg (file attached)",
        "BEGIN:VCARD\nFN:Jo K\nEND:VCARD",
        "👍\u{200a} to “\u{200a}see you at 5\u{200a}”",
        "❤️ to “ok”",
        "Location: https://maps.google.com/?q=51.5,-0.12",
        "Mein Standort: https://maps.app.goo.gl/AbCdEf",
        "Jo is inviting you to a scheduled Zoom meeting.\n\nTopic: lunch",
        "Join Zoom Meeting\nhttps://example.zoom.us/j/84500000000",
        "Follow this link to join my WhatsApp group: https://chat.whatsapp.com/AbCdEf",
        "Connections\nPuzzle #512\n🟨🟨🟨🟨\n🟩🟩🟩🟩",
        "A aimé «\u{a0}à demain\u{a0}»",
        "Понравилось «до завтра»",
        "„bis gleich“ ein Herz hinzugefügt",
        "Wordle 1,234 3/6\n\n⬛🟨⬛⬛⬛\n🟩🟩🟩🟩🟩",
    ] {
        assert_eq!(own(text), (String::new(), Some(CleanRule::AppMade)), "{text:?}");
    }
    for (text, left) in [
        ("be there soon\n\nSent from my iPhone", "be there soon"),
        ("ok thanks\nGet Outlook for iOS", "ok thanks"),
        ("bis gleich\nVon meinem iPhone gesendet", "bis gleich"),
        ("ok\n--\nSent from my iPad", "ok"),
        ("ok\r\n --  \r\n  Sent from my iPhone.\r\n\r\n", "ok"),
        ("--\nSent via Outlook", ""),
        ("ok\n-- \nJo K\nHead of Lunch", "ok"),
        ("ok\nSent from the all new Example app for iOS", "ok"),
        ("gud nite all - Sent via EXAMPLE2SMS.COM", "gud nite all"),
        ("gud nite all - sent via example2sms.com", "gud nite all"),
        ("one day u will see...-via Example.co.in", "one day u will see..."),
    ] {
        assert_eq!(own(text), (left.to_owned(), Some(CleanRule::AppMade)), "{text:?}");
    }
}

#[test]
fn a_persons_own_words_stay() {
    for text in [
        ">_<",
        ">:( not fair",
        "> 20 people came",
        "i liked “dune” better",
        "loved it!!",
        "looking forward to it",
        "can u forward me the mail",
        "she wrote: come at 5",
        "hat er gestern um 5 geschrieben oder schrieb er heute?",
        "x -> y\ny > x lol",
        "he deleted the message lol",
        "i missed your call, sorry",
        "sorry i cant talk right now, in a meeting",
        "im out of the office till 3",
        "i'm out of the office til monday, ask jo",
        "ich bin heut nicht im büro, komm vorbei",
        "je suis absent demain lol",
        "here it is: https://maps.apple.com/?q=1 but park behind",
        "join the zoom meeting pls",
        "u got 🟩🟩🟩🟩🟩?? no way",
        "thumbs up 👍 to “dinner”",
        "are u on leave? i will be back soon",
        "i am out of milk, will get back in 10",
        "bin nicht im büro, melde mich später",
        "wordle was hard today, 5/6",
        "the video was omitted from the deck",
        "automatic doors are scary",
        "sent from heaven lol",
        "the parcel was sent via example.com yesterday",
        "going by train - via milan",
        "cheaper flights to rome - via example.net",
        "got the tickets -via example.com!",
        "sent from my heart to yours",
        "a -- b\n--\nc",
        "wer hat die nachricht gelöscht",
        "vi una llamada perdida",
        "i sent a photo.",
        "fw is fine",
        "Forwarded",
        "forwarded message to mum already",
        "on 5 sundays he sat there\nand wrote:",
        "by the boats at the river: https://maps.app.goo.gl/AbCdEf",
        "loved \"dune\"",
        "liked a photo",
        "you deleted this message",
        "elle a aimé « le film »",
        "automatic reply bots are so rude",
    ] {
        assert_eq!(own(text), (text.to_owned(), None), "{text:?}");
    }
}

#[test]
fn each_rule_can_be_switched_off() {
    let off = CleanSettings {
        drop_quoted: false,
        drop_forwarded: false,
        drop_automatic: false,
        drop_app_made: false,
        ..CleanSettings::default()
    };
    for text in
        ["> a question\nok", "Fwd: deals", "Automatic reply: away", "<Media omitted>", "ok\nSent from my iPhone"]
    {
        assert_eq!(off.own_words(Look::at(text), text), OwnWords { text: text.into(), cut: None });
    }
}
