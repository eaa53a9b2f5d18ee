//! One look at a message that says which recognizers have to look at it at all. Most messages need none.

use super::placeholder;
use crate::look::{Look, Mark};

/// What is in a text, as far as it decides who looks closer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scan {
    look: Look,
    /// ASCII digits, those of placeholders not counted: what was redacted needs no second look.
    pub digits: usize,
    /// The most ASCII digits with no more than [`GAP`] bytes between one and the next: the longest possible number.
    pub cluster: usize,
}

/// The most that people put between the groups of one number, in bytes.
const GAP: usize = 8;

/// What a word announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub(super) enum Trigger {
    Code = 1,
    Password = 2,
    Secret = 4,
    /// An address whose at sign is a word, or not ASCII's.
    SpelledEmail = 8,
    /// An address whose numbers need no digits, and whose places need no spaces.
    EastAsianAddress = 16,
    /// A phone number in words. None consists of ones and twos alone.
    SpelledNumber = 32,
    /// An address whose at sign is the word alone.
    Host = 64,
    /// A bank account in its country's own form.
    Account = 128,
    /// A passport, a licence or another document of a person.
    Document = 256,
    /// A password or key that has digits, behind a word that mostly announces none.
    Login = 512,
    Link = 1024,
    /// What opens with a code, and what else no recognizer waits for but the one of announcements in any language.
    Announcement = 2048,
    /// A gift card, or the key of a game or a program.
    Voucher = 4096,
    /// Three words that are a place, a date of birth, a number plate or a booking, which their recognizers have a quick look for once more.
    Rare = 8192,
    /// An address in a script or language that has its own words for streets and houses.
    LetteredAddress = 16384,
}

/// Words that announce something, between bars, in small letters. A letter before an ASCII one makes it another word.
const WORDS: [(Trigger, &str); 15] = [
    (
        Trigger::Code,
        "code|kood|google|asks|prompted|sent me|sent u|texted |text from|txt from|me lleg|reçu|recebi|recib|è arrivato|paypal|venmo|bank|authenti|inlog|beveiligingsc|bevestigingsc|activatiec|säkerhetsk|sikkerhetsk|sikkerhedsk|bekräftelsek|bekreftelsesk|bekræftelsesk|engangsk|txt says|text says|sms says|sms from|they sent|insta says|instagram says|apple says|amazon says|microsoft says|whatsapp says|facebook says|fb says|discord says|telegram says|steam says|netflix says|amazon sent|netflix sent|to reset|anmeld|anzumeld|codig|códig|codice|codici|kod|kód|otp|tan:|tan |mtan|passcode|verif|log in|logging in|login|sign in|sign-in|\
         confirm|combo|combination|cvv|cvc|cvn|fa:|fa |unlock|\
         back of|digits on|digit thing|digit number|digit one|digit pin|cryptogram|digicode|bestätigungsc|sicherheitsc|zugangsc|türc|einmalc|wiederherstellungsc|v.whatsapp.com/|poortc|ovikood|kapuk|smscode|codul|blik|factor|mfa |disarm|freischaltc|aktivierungsc|deurc|toegangsc|\
         engångsk|portkod|dørkod|clave din|clave de|şifre|sifre|код|验证码|校验码|驗證碼|动态码|\
         取件码|取货码|密码|密碼|暗証番号|パスコード|비밀번호|비번|確認コード|認証コード|認証番号|오토락|인증|รหัส|رمز|الرمز|کد |کد:|كود|الكود|קוד|कोड|ओटीपी|κωδικ|mã ",
    ),
    (
        Trigger::Password,
        "pin|passw|pasw|pass w|psw|pssw|pword|p/w|pw?|pw\n|mpin|code wifi|code du wifi|clé wifi|clé du wifi|cle wifi|mk wifi|токен|ключ|пин|code carte|code cb|nip |code de la carte|code de ma carte|\
         pass:|pass=|pass =|pass is|pwd|pw:|pw=|pw |pw'|pw’|passphrase|passcode|passkey|atm card|debit card|bank card|\
         pgpassw|パス|puk |puk:|kennwort|losung|contrase|contra de|contra es|contra:|clave|senha|mot de passe|mdp|wachtwoord|ww:|ww=|lösen|\
         losenord|passord|adgangskode|kodeord|salasana|hasło|hasła|haslo|heslo|jelsz|parol|geslo|lozink|şifre|sifre|kata laluan|\
         kata sandi|mật khẩu|mat khau|пароль|пароля|密码|密碼|口令|暗証番号|비밀번호|비번|รหัสผ่าน|รหัสไวไฟ|รหัสwi|รหัสเน็ต|كلمة السر|كلمة المرور|كلمة سر|الرقم السري|\
         باسورد|الباسورد|پسورد|گذرواژه|کلمه عبور|رمز عبور|رمز وای|סיסמ|पासवर्ड|κωδικό|api key|apikey|api_key|api-key|api token|secret|token|private key|access key|access_key|\
         seed|backup|recovery phrase|recovery word|recovery key|mnemonic|metamask|trezor|words:|wallet|encryption key|license key|licence key|product key|\
         wifi key|wi-fi key|network key|wlan|wpa|schlüssel|security answer|security question",
    ),
    (
        Trigger::Login,
        "pass |pass?|pass\n|u: |u/n|un: |admin|wifi|wi-fi|ssid|network|hotspot|ww |key:|key=|key |session|csrf|xsrf|cookie|username|user:|user |credentials|creds|zugangsd|login:|login |\
         log into|log in with|log in as|sign in with|sign in as|logged in|usuario|identifiant|логин|вифи|вайф|вай-ф|unlock|screen lock|entsperr|root/|sandi ",
    ),
    (
        Trigger::Secret,
        "sk-|sk_live_|sk_test_|rk_live_|rk_test_|pk_live_|ghp_|gho_|ghu_|ghs_|ghr_|github_pat_|glpat-|xox|xapp-|akia|\
         asia|aiza|ya29.|hf_|npm_|pypi-|sg.|eyj|-----begin|shpat_|shpss_|shppa_|dop_v1_|whsec_|bearer |gsk_|r8_|nvapi-|\
         lin_api_|ntn_|figd_|dckr_pat_|key-|chat.whatsapp.com/|t.me/|discord.gift/|discord.gg/|discord.com/invite/|discordapp.com/invite/|nrak-|sq0|dapi|xai-|pmak-|\
         age-secret-key-|sbp_|hvs.|glc_|glsa_|tskey-|sntry|pul-|atatt3|eaac|twilio|discord|hooks.slack.com/|/api/webhooks/|:aa|curl |mysql|mariadb|sshpass|meet.google.com/|zoom.us/|zoom.com/|zoomgov|webex.com/|teams.live|teams.microsoft|meet.jit.si/|xprv|yprv|zprv",
    ),
    (
        Trigger::Voucher,
        "gift card|giftcard|gift code|redeem|voucher|itunes|xbox|steam|psn|nintendo|amazon|google play|windows key|product key|license key|licence key|serial|activation|cle de secours|clé de secours|recovery key|backup key",
    ),
    (Trigger::Link, "://"),
    (
        Trigger::Rare,
        "alias|gaadi n|gadi n|car no|car num|bike no|bike num|scooty n|scooter n|vehicle n|auto no|auto num|cab no|cab num|taxi no|taxi num|truck no|truck num|///|w3w|what3words|what 3 words|\
         dob|d.o.b|date of birth|birth date|birthdate|birthday is|bday is|born|fecha de nac|nacid|nací|naci el|data de nasc|nasci|date de naiss|né le|née le|geburtsd|geb.|geb |geboren|\
         data di nasc|nato il|nata il|geboorted|data urodz|urodz|doğum|dogum|дата рожд|родил|tanggal lahir|tgl lahir|födel|född|fødsel|født|syntymäaika|出生|生年月日|생년월일|생일|تاريخ|\
         plate|rego|reg |reg:|registration|matricula|matrícula|placa|plaque|immat|kennzeichen|nummernsch|targa|kenteken|rejestracj|tablice|nr rej|plaka|номер машины|госномер|гос номер|plat no|nopol|车牌|車牌|차번호|차량|\
         pnr|booking|reserv|record loc|confirmation n|confirmation c|confirmation r|confirmation i|itinerary|buchung|boeking|bokning|réserv|dossier voy|localizador|prenotaz|rezerw",
    ),
    (
        Trigger::Announcement,
        "door|gate|entry|entrance|lobby|building|garage|safe|vault|lock|alarm|shed|keypad|keybox|keysafe|padlock|buzzer|intercom|luggage|suitcase|comb|porte|\
         immeuble|bâtiment|batiment|boîte|boite|coffre|cadenas|interphone|puerta|portón|reja|edificio|candado|telefonillo|portão|porta|prédio|cofre|cadeado|\
         cancello|cassaforte|lucchetto|citofono|videocito|tür|haustür|tor |schloss|fahrradschloss|zahlenschloss|tresor|poort|deur|voordeur|kluis|sleutelk|bram|\
         furtk|sejf|klatk|kłódk|domofon|домофон|подъезд|двер|калитк|ворот|сейф|замо|замк|dörr|døren|kapı|apartman|kasa|\
         elevator|lift|aufschl|fuerte|현관|공동현관|대문|sms|смс|recu |hurry|quick|abholc|afhaalc|ophaalc|hämtkod|upphämtn|hentek|afhentn|losen|пас|пін|\
         ネトフリ|ピン|패스워드|chave|wep |netflix|spotify|roku|router|hulu|disney|crunchyroll|laptop|ipad|pdf |allarme|lalarm|tranca|larm|сигнал|klodk|kłodk|gembok|\
         taale|taala|tala |cykell|hängl|hengel|nyckelsk|fietssl|slot |kapi |kapisi|kapisı|giriş|giris|darwaza|pagar|brankas|tastier|klawiat|teclado|panel|\
         barrier|carpark|valigia|koffer|maleta|під|хвіртк|навісн|门锁|門鎖|门禁|門禁|大门|保险|楼下|玄関|金庫|キーボ|オートロ|宅配|ロッカー|도어락|자물쇠|금고|택배함|사물함|자전거|atm ",
    ),
    (
        Trigger::SpelledEmail,
        "at the rate|at d rate|attherate|(a)|[a]|dot |dot)|dot]|dot}|punkt|punto|ponto|(at|[at|{at|<at|( at|[ at|{ at|< at|(ät|[ät|{ät|arroba|arobase|chiocciola|\
         apenstaartje|apestaartje|klammeraffe|собачка|gmail is|gmail:|hotmail is|hotmail:|yahoo is|yahoo:|icloud is|icloud:|outlook is|outlook:|ät |_at_|snabel|zavin|małpa|malpa |kukac|собака|at gmail|at hotmail|at icloud|at googlemail|at protonmail|＠",
    ),
    (Trigger::Host, ".com|.net|.org|.edu|.co.|.io|.de|.fr"),
    (Trigger::EastAsianAddress, "号|號|弄|栋|棟|幢|邨|苑|〒|丁目|番地|市|区|區|县|縣|郡|町|村|県|로|길|동"),
    (
        Trigger::LetteredAddress,
        "אני ב|אנחנו ב|גר ב|גרה ב|גרים ב|גרות ב|בוא ל|בואי ל|בואו ל|תבוא ל|תבואו ל|נפגש ב|נפגשים ב|רחוב|רח'|רח׳|רח |שדרות|שד'|סמטת|סימטת|כיכר|תל אביב|ירושלים|חיפה|רמת גן|גבעתיים|הרצליה|חולון|בת ים|פתח תקווה|ראשון לציון|רחובות|אשדוד|נתניה|באר שבע|כפר סבא|רעננה|מודיעין|אשקלון|נצרת|\
         شارع|طريق ال|زنقة|زقاق|نهج|درب|دوار|حارة|جادة|خیابان|کوچه|بلوار|چهار راه|میدان|تونل|پل|پلاک|หมู่|ม.|ซอย|ซ.|ถนน|ถ.|ตรอก|số |ngõ|hẻm|ngách|kiệt|quận|phường|đường|phố|q.1|q.2|q.3|q.4|q.5|q.6|q.7|q.8|\
         ქუჩა|ქ.|გამზირი|ჩიხი|მოედანი|փողոց|փող.|փ.|պողոտա|յան|ների|գ. |ք. |küç|prospekti|döngəsi|məh|chasi|байр|хороо|\
         मकान|फ्लैट|फ़्लैट|प्लॉट|घर|वडा|वार्ड|दुकान|বাসা|বাড়ি|বাড়ী|ফ্ল্যাট|হোল্ডিং|প্লট|অ্যাপার্টমেন্ট|স্টুডিও|ষ্টুডিও|ઘર|ફ્લેટ|મકાન|ਮਕਾਨ|ਘਰ|வீட்டு|பிளாட்|கதவு|எண்|ఇంటి|ఫ్లాట్|ಮನೆ|വീട്ടു",
    ),
    (
        Trigger::SpelledNumber,
        "zero|three|four|five|six|seven|eight|nine|triple|treble|cero|tres|cuatro|cinco|seis|siete|ocho|nueve|três|quatro|sete|oito|nove|zéro|trois|\
         quatre|cinq|sept|huit|neuf|nul|drei|vier|fünf|sechs|sieben|neun|drie|vijf|zeven|negen|quattro|sette|otto",
    ),
    (
        Trigger::Account,
        "account|khata|konta|acct|acc |acc:|acc.|a/c|sort |sortcode|routing|aba |ifsc|bsb|clabe|cbu|cvu|conta |conta:|agência|agencia|ag. |ag: |ag |cuenta|cta|\
         konto|kto|blz|bankleitzahl|rekening|rek |rek:|tài khoản|tai khoan|số tài|stk|conto|transit|rtng|a/n|mandiri|bca |bni |bri |bc1|ltc1|eth |eth:|ethereum|wallet|usdt|btc|bitcoin|trc20|tron|trx|doge|litecoin|iban|micr|swift|compte|rib |hesap|счет|счёт|р/с|бик|口座|계좌|账号|帐号|賬號|حساب|rachun|számla|bankszámla|bankgiro|plusgiro|posb|เลขบัญชี|เลขที่บัญชี|cci |cci:|pix |pix:|sc ",
    ),
    (
        Trigger::Document,
        "passport|passeport|passaporto|passaporte|passnummer|passnr|pass nr|reisepass|paspoort|paszport|pasaport|паспорт|护照|護照|\
         パスポート|旅券|여권|جواز|driver|driving|dl |dl:|dl#|führerschein|permis|licencia|licence|license|patente|carta de condu|cnh|rijbewijs|\
         prawo jazdy|ehliyet|körkort|førerkort|водительск|驾照|驾驶证|運転免許|면허|green card|alien|a-number|a number|uscis|known travel|ktn|\
         residence permit|aufenthaltstitel|titre de s|personalausweis|ausweis|perso |perso:|carte d'id|carte d’id|carta d'id|carta d’id|cni|id card|id-kort|id kaart|nik |policy n|policy #|policy id|member id|member n|membership n|student id|student n|patient id|patient n|subscriber id|employee id|insurance n|mrn |mrn:|medical record|insurance id|insurance card|\
         dowód|dowod|cédula|cedula|kimlik|visa n|brp|medicare|mbi|voter id|identity card|id number|id no|last 4|last four|ssn end|social end|tessera san|health card|library card|medicaid|imei|mac addr|mac id|mac is|vin |vin:|chassis|fahrgest|fin-n|sozialvers|rentenvers|versichertenn|sv-n|sv n|svnr|رقم ال|الهوية|هويتي",
    ),
];

/// What announces something that may have no digits.
const WITHOUT_DIGITS: u16 = Trigger::Password as u16
    | Trigger::Secret as u16
    | Trigger::SpelledEmail as u16
    | Trigger::EastAsianAddress as u16
    | Trigger::SpelledNumber as u16
    | Trigger::Host as u16
    | Trigger::Link as u16
    | Trigger::Rare as u16;

/// The words that announce something, each with its trigger as a bit.
pub(crate) fn announcements() -> impl Iterator<Item = (&'static str, u16)> {
    WORDS.iter().flat_map(|(trigger, words)| words.split('|').map(|word| (word, *trigger as u16)))
}

impl Scan {
    /// Of `text`, after a `look` at it.
    pub fn of(look: Look, text: &str) -> Self {
        let mut digits = look.digits as usize;
        if digits > 0 && look.holds(Mark::OpeningBracket) {
            let numbers = placeholder::ranges(text).flat_map(|range| text[range].bytes());
            digits -= numbers.filter(u8::is_ascii_digit).count();
        }
        let cluster = if digits < 4 { digits } else { longest_cluster(text.as_bytes()) };
        Self { look, digits, cluster }
    }

    /// Whether a recognizer may find something in the text. Most words announce what has digits.
    pub fn is_suspicious(self) -> bool {
        self.digits > 0 || self.look.announces(WITHOUT_DIGITS) || self.at_sign() || self.foreign_number()
    }

    pub fn at_sign(self) -> bool {
        self.look.holds(Mark::At)
    }

    pub fn plus(self) -> bool {
        self.look.holds(Mark::Plus)
    }

    pub fn colon(self) -> bool {
        self.look.holds(Mark::Colon)
    }

    pub fn foreign_number(self) -> bool {
        self.look.holds(Mark::ForeignNumber)
    }

    pub fn not_ascii(self) -> bool {
        self.look.holds(Mark::NotAscii)
    }

    pub fn emphasis(self) -> bool {
        self.look.holds(Mark::Emphasis)
    }

    pub fn bracket(self) -> bool {
        self.look.holds(Mark::OpeningBracket)
    }

    pub fn full_stops(self) -> usize {
        self.look.full_stops as usize
    }

    pub fn announces(self, trigger: Trigger) -> bool {
        self.look.announces(trigger as u16)
    }

    /// Whether a word announces anything that may be in the text, but for a link and its host.
    pub fn announces_any(self) -> bool {
        let words = if self.digits > 0 { u16::MAX } else { WITHOUT_DIGITS };
        let link = if self.announces(Trigger::Link) { Trigger::Link as u16 | Trigger::Host as u16 } else { 0 };
        self.look.announces(words & !link)
    }
}

fn longest_cluster(text: &[u8]) -> usize {
    let (mut longest, mut cluster, mut last) = (0, 0, 0);
    for (at, _) in text.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
        cluster = if at - last > GAP + 1 { 1 } else { cluster + 1 };
        longest = longest.max(cluster);
        last = at;
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Scan {
        Scan::of(Look::at(text), text)
    }

    #[test]
    fn words_announce_and_parts_of_words_do_not() {
        let found = scan("my PIN is 42");
        assert!(found.announces(Trigger::Password) && !found.announces(Trigger::Code));
        assert_eq!(found.digits, 2);
        assert_eq!(scan("[PHONE_1], 5 or [PHONE_12]").digits, 1);
        assert!(!scan("hopping around, decode it").announces(Trigger::Password));
        assert!(!scan("decode 1234").announces(Trigger::Code));
        assert!(scan("验证码1234").announces(Trigger::Code));
        assert!(scan("see https://example.com").announces(Trigger::Link));
    }

    #[test]
    fn the_longest_possible_number_is_measured() {
        assert_eq!(scan("sent u 14 pics from the trip in 2024").cluster, 4);
        assert_eq!(scan("on 202 - 555 . 0142 at 10").cluster, 12);
        assert_eq!(scan("no").cluster, 0);
    }
}
