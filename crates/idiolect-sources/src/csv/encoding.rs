//! A table's encoding, where nobody says it.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// By its mark, its zeros, whether it is valid UTF-8, and else as a guess from its letters.
pub(super) fn encoding(head: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if (even + odd) * 8 > head.len() {
        return if odd > even { UTF_16LE } else { UTF_16BE };
    }
    match std::str::from_utf8(head) {
        Ok(_) => UTF_8,
        // Cut within a letter.
        Err(error) if error.error_len().is_none() => UTF_8,
        // Two encodings in one file: read as the one that says where it is broken, for a guess would garble the other half.
        Err(_) if is_mostly_utf8(head) => UTF_8,
        Err(_) => guessed(head),
    }
}

/// What the letters look like, for the language that the header is in: `ã` and `ă` are one byte in two encodings.
fn guessed(head: &[u8]) -> &'static Encoding {
    let mut letters = chardetng::EncodingDetector::new();
    letters.feed(head, true);
    let first_line = head.split(|byte| *byte == b'\n').next().unwrap_or(head);
    let of_country = |(country, words): &(&str, &[&str])| {
        let encoding = letters.guess(Some(country.as_bytes()), true);
        let (header, _, _) = encoding.decode(first_line);
        let header = header.to_lowercase();
        let names = header.split(|c: char| !(c.is_alphanumeric() || c == ' ')).map(str::trim);
        let found = names.filter(|name| words.contains(name)).count();
        (found > 0).then_some((found, encoding))
    };
    // Of countries with equally many the first counts.
    let best = COUNTRIES.iter().rev().filter_map(of_country).max_by_key(|(found, _)| *found);
    best.map_or_else(|| letters.guess(None, true), |(_, encoding)| encoding)
}

/// Countries by their top-level domains, with words of headers that tell their languages.
const COUNTRIES: [(&str, &[&str]); 19] = [
    ("de", &["nachricht", "absender", "inhalt", "gesendet", "richtung", "zeitpunkt", "zeit", "uhrzeit", "von"]),
    (
        "fr",
        &[
            "expéditeur",
            "texte",
            "contenu",
            "auteur",
            "envoyé le",
            "date et heure",
            "horodatage",
            "heure",
            "sens",
            "nom",
        ],
    ),
    ("es", &["mensaje", "remitente", "fecha", "fecha y hora", "contenido", "dirección", "nombre", "enviado"]),
    ("it", &["messaggio", "mittente", "testo", "data e ora", "direzione", "ora", "inviato", "autore"]),
    ("pt", &["mensagem", "remetente", "data e hora", "conteúdo", "direção", "texto", "nome", "data de envio", "hora"]),
    ("nl", &["bericht", "afzender", "inhoud", "tijdstip", "richting", "datum en tijd", "naam", "verzonden"]),
    ("se", &["meddelande", "avsändare", "riktning", "tidpunkt", "skickat", "namn"]),
    ("fi", &["viesti", "lähettäjä", "päivämäärä", "aikaleima", "suunta", "teksti"]),
    ("pl", &["wiadomość", "nadawca", "treść", "kierunek", "data wysłania", "data i godzina"]),
    ("cz", &["zpráva", "odesílatel", "směr", "čas", "datum a čas"]),
    ("hu", &["üzenet", "feladó", "szöveg", "dátum", "irány", "küldő"]),
    ("tr", &["mesaj", "gönderen", "tarih", "yön", "metin", "kimden"]),
    (
        "ru",
        &["сообщение", "отправитель", "дата", "текст", "направление", "время", "от", "имя", "автор", "дата и время"],
    ),
    ("ua", &["повідомлення", "відправник", "напрямок", "дата", "текст", "час", "від"]),
    ("gr", &["μήνυμα", "αποστολέας", "ημερομηνία", "κείμενο", "ώρα"]),
    ("jp", &["日時", "日付", "時刻", "送信者", "名前", "本文", "メッセージ", "内容", "方向", "送信日時"]),
    ("cn", &["日期", "时间", "发送者", "发件人", "发送人", "内容", "消息", "方向", "发送时间"]),
    ("tw", &["日期", "時間", "發送者", "寄件者", "內容", "訊息", "方向"]),
    ("kr", &["날짜", "시간", "일시", "보낸사람", "발신자", "이름", "메시지", "내용", "방향"]),
];

/// Whether no fewer letters beyond ASCII are whole in UTF-8 than broken: in other encodings hardly any is.
fn is_mostly_utf8(head: &[u8]) -> bool {
    let (mut whole, mut broken) = (0, 0);
    for chunk in head.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > 0 && whole >= broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_by_mark_zeros_and_letters() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        assert_eq!(encoding("a,b\ngrün,x".as_bytes()), UTF_8);
        assert_eq!(encoding(&utf16("a,b\nc,d\n")), UTF_16LE);
        assert_eq!(encoding(b"\xff\xfea\0"), UTF_16LE);
        assert_eq!(encoding(b"Zeit;Text\n1;das ist gr\xfcn und sch\xf6n, nicht wahr\n"), encoding_rs::WINDOWS_1252);
    }

    #[test]
    fn two_encodings_in_one_file_are_not_guessed_into_one() {
        assert_eq!(encoding(b"a,b\ngr\xc3\xbcn,x\ngr\xfcn,x\n"), UTF_8);
        assert_eq!(encoding("время;текст\n1;это было вчера вечером\n".as_bytes()), UTF_8);
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode("время;текст\n1;это было вчера вечером, ты знаешь\n");
        assert_eq!(encoding(&cyrillic), encoding_rs::WINDOWS_1251);
        let (chinese, _, _) = encoding_rs::GBK.encode("时间,内容\n1,今天晚上我们去吃饭吧\n");
        assert_eq!(encoding(&chinese), encoding_rs::GBK);
    }

    #[test]
    fn the_headers_language_tells_encodings_apart_whose_letters_are_alike() {
        for (table, encoding) in [
            ("Data;Nome;Texto\n1;Ana;então já não amanhã está só\n", encoding_rs::WINDOWS_1252),
            ("Data i godzina;Nadawca;Treść\n1;Ala;już są\n", encoding_rs::WINDOWS_1250),
            ("日付|時刻|名前|本文\n06.01.25|12:24|Ren|行こう\n", encoding_rs::SHIFT_JIS),
            ("Date,From,Text\n1,Wren,très bientôt à côté\n", encoding_rs::WINDOWS_1252),
        ] {
            assert_eq!(super::encoding(&encoding.encode(table).0), encoding, "{table}");
        }
    }
}
