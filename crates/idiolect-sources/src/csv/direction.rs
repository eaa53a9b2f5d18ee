//! A column that says which messages were sent and which received.

use std::collections::BTreeMap;

/// More kinds of values than that are no such column.
const MAX_VALUES: usize = 32;

const SENT: &[&str] = &[
    "sent",
    "send",
    "out",
    "outgoing",
    "outbound",
    "outbox",
    "me",
    "self",
    "true",
    "yes",
    "y",
    "1",
    "gesendet",
    "ausgehend",
    "ja",
    "ich",
    "enviado",
    "enviada",
    "saliente",
    "envoyé",
    "envoye",
    "sortant",
    "oui",
    "inviato",
    "inviata",
    "inuscita",
    "enviadas",
    "verzonden",
    "uitgaand",
    "lähetetty",
    "lähtevä",
    "skickat",
    "skickad",
    "utgående",
    "sendt",
    "udgående",
    "wysłane",
    "wysłana",
    "wychodząca",
    "odesláno",
    "odchozí",
    "elküldött",
    "kimenő",
    "giden",
    "gönderildi",
    "отправлено",
    "исходящее",
    "исходящий",
    "надіслано",
    "вихідне",
    "εξερχόμενο",
    "送信",
    "发送",
    "已发送",
    "발신",
    "보냄",
];

const RECEIVED: &[&str] = &[
    "received",
    "receive",
    "in",
    "incoming",
    "inbound",
    "inbox",
    "other",
    "them",
    "false",
    "no",
    "n",
    "0",
    "empfangen",
    "eingehend",
    "nein",
    "recibido",
    "recibida",
    "entrante",
    "reçu",
    "recu",
    "entrant",
    "non",
    "ricevuto",
    "ricevuta",
    "inarrivo",
    "recebido",
    "recebida",
    "ontvangen",
    "inkomend",
    "vastaanotettu",
    "saapuva",
    "mottaget",
    "mottagen",
    "inkommande",
    "modtaget",
    "indgående",
    "mottatt",
    "innkommende",
    "odebrane",
    "odebrana",
    "przychodząca",
    "přijato",
    "příchozí",
    "fogadott",
    "bejövő",
    "gelen",
    "alındı",
    "получено",
    "входящее",
    "входящий",
    "отримано",
    "вхідне",
    "εισερχόμενο",
    "受信",
    "接收",
    "已接收",
    "수신",
    "받음",
];

/// The values of the column, counted over the whole file.
#[derive(Default)]
pub(super) struct Marks {
    values: BTreeMap<String, u64>,
    too_many: u64,
}

impl Marks {
    pub(super) fn note(&mut self, value: &str) {
        let value = plain(value);
        if self.values.len() < MAX_VALUES || self.values.contains_key(&value) {
            *self.values.entry(value).or_default() += 1;
        } else {
            self.too_many += 1;
        }
    }

    /// How many rows have a value that means nothing, if that is more than the odd one.
    pub(super) fn unknown(&self) -> Option<u64> {
        let all: u64 = self.values.values().sum::<u64>() + self.too_many;
        let known: u64 =
            self.values.iter().filter(|(value, _)| self.meaning(value).is_some()).map(|(_, count)| count).sum();
        (all > 0 && (all - known) * 20 > all).then_some(all - known)
    }

    /// Whether a row with this value is the person's.
    pub(super) fn is_mine(&self, value: &str) -> Option<bool> {
        self.meaning(&plain(value))
    }

    fn meaning(&self, value: &str) -> Option<bool> {
        // Android's numbers of SMS boxes: 1 received, 2 sent.
        if self.values.contains_key("2") {
            return match value {
                "1" => Some(false),
                "2" => Some(true),
                _ => None,
            };
        }
        match (SENT.contains(&value), RECEIVED.contains(&value)) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        }
    }
}

fn plain(value: &str) -> String {
    value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(values: &[&str]) -> Marks {
        let mut marks = Marks::default();
        values.iter().for_each(|value| marks.note(value));
        marks
    }

    #[test]
    fn values_of_many_languages_mean_sent_or_received() {
        let said = marks(&["Gesendet", "empfangen", "OUTBOUND", "1", "0"]);
        assert_eq!(said.unknown(), None);
        assert_eq!(
            ["gesendet", "empfangen", "1", "0", "?"].map(|value| said.is_mine(value)),
            [Some(true), Some(false), Some(true), Some(false), None]
        );
        let boxes = marks(&["1", "2"]);
        assert_eq!((boxes.is_mine("1"), boxes.is_mine("2")), (Some(false), Some(true)));
        assert_eq!(marks(&["text", "image"]).unknown(), Some(2));
    }
}
