//! The words that announce codes, PINs and passwords, and those that part them from these, by what they do in a sentence: one table for all
//! languages, as the sentences are built alike.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::BitOr;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// What a word does; one may do several things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Class(u32);

impl Class {
    /// "code" and what it is called elsewhere.
    pub const CODE: Self = Self(1);
    /// What nobody says but of a code.
    pub const SURE: Self = Self(1 << 1);
    pub const PASSWORD: Self = Self(1 << 2);
    /// Words for a password that mean other things as well.
    pub const KEY: Self = Self(1 << 3);
    pub const PIN: Self = Self(1 << 4);
    /// In which a code comes.
    pub const MESSAGE: Self = Self(1 << 5);
    /// What is switched off with a number, and rings at times of day.
    pub const ALARM: Self = Self(1 << 6);
    /// What has no number but its code.
    pub const BOX: Self = Self(1 << 7);
    /// What people go through or keep things in; has other numbers as well.
    pub const PLACE: Self = Self(1 << 8);
    /// Wireless networks.
    pub const NETWORK: Self = Self(1 << 9);
    /// What one logs in to or unlocks.
    pub const ACCOUNT: Self = Self(1 << 10);
    /// "is" and its like.
    pub const IS: Self = Self(1 << 11);
    /// Prepositions, behind which a word may stand that nobody knows.
    pub const OF: Self = Self(1 << 12);
    /// Words of little weight.
    pub const SMALL: Self = Self(1 << 13);
    /// What is said of a code that came.
    pub const CAME: Self = Self(1 << 14);
    pub const CHANGED: Self = Self(1 << 15);
    /// What is done to a lock or an alarm.
    pub const OPENS: Self = Self(1 << 16);
    pub const WITH: Self = Self(1 << 17);
    /// What fingers do with a code.
    pub const TYPED: Self = Self(1 << 18);
    pub const THEN: Self = Self(1 << 19);
    /// What is pressed behind a code.
    pub const KEYS: Self = Self(1 << 20);
    pub const HURRY: Self = Self(1 << 21);
    /// Between one value and the next.
    pub const OTHER: Self = Self(1 << 22);
    /// Which of several doors.
    pub const SIDE: Self = Self(1 << 23);
    /// Before times, prices and places.
    pub const ELSEWHERE: Self = Self(1 << 24);
    /// Which way a lock is turned.
    pub const TURN: Self = Self(1 << 25);
    /// How a password is written.
    pub const WRITTEN: Self = Self(1 << 26);
    pub const AS: Self = Self(1 << 27);
    /// Before the name of a network or an account.
    pub const NAMED: Self = Self(1 << 28);
    pub const ASKED: Self = Self(1 << 29);
    /// With what it locks the same as a box.
    pub const LOCK: Self = Self(1 << 30);
    /// Of the boxes, those that have a price or a size as often as a code.
    pub const SOLD: Self = Self(1 << 31);

    pub const NOUN: Self = Self(0b0111_1111_1111);

    pub fn is(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Class {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// In small letters; a star stands for any ending. What a script without spaces writes is looked for within its runs.
const TABLE: &[(Class, &str)] = &[
    (
        Class::CODE,
        "code codes verification 2fa mfa authenticator coda codigo código codigos códigos codice codici kod kodu kodi koden kode kody kodem kodenya kodenyam kodun kodumuz kodunu код* cod codul koodi
         codigito kodik digicode kodnya passcode tan",
    ),
    (
        Class::CODE.with(Class::SURE),
        "otp otps otpnya mtan passcode smscode abholcode abholcodes afhaalcode ophaalcode bestätigungscode bestatigungscode sicherheitscode verifizierungscode freischaltcode aktivierungscode
         verificatiecode inlogcode beveiligingscode bevestigingscode activatiecode anmeldecode säkerhetskod verifieringskod sikkerhetskode sikkerhedskode bekræftelseskode bekreftelseskode doorcode gatecode portkod portkoden porttikoodi dørkode türcode tuercode haustürcode garagencode alarmcode alarmkod alarmkoden hämtkod upphämtningskod engångskod
         engangskode afhentningskode hentekode 验证码 驗證碼 校验码 動態碼 动态码 取件码 取货码 提货码 取件碼 認証コード 確認コード 인증번호 인증코드",
    ),
    (
        Class::PASSWORD,
        "password passwords passwort passwd passwrd pasword passord passordet paswoord pswd psswd psswrd pword psw pwd pw pws passphrase mdp contraseña contrasena contraseñas senha senhas
         kennwort losungswort wachtwoord haslo hasło hasła hasla haslem hasłem heslo jelszo jelszó parola parolam parolamiz parolası parolasi parole* şifre* sifre* salasana lozinka geslo
         парол* пасс* пас лösen lösen losen lösenord* losenord* adgangskode* kodeord* sandi sandinya katasandi ww passwordnya passwordku
         密码 密碼 口令 パスワード パスは ネトフリのパス パス 暗証番号 비밀번호 비번 패스워드",
    ),
    (Class::KEY, "pass clave claves contra chave chaves clé cle clef clés chiave schlüssel schluessel key keys token tokens sleutel klucz klucza anahtar* ключ* nyckel nyckeln kunci combo combination combinazione combinación combinacion combinaison kombination zahlenkombination combinação combinacao combinatie kombinacja комбинаци*"),
    (
        Class::PIN,
        "pin pini pinim pincode pinkod pinkoden pinkode pinkoden pinu pinem pinnen mpin tpin nip puk geheimzahl geheimnummer пин* пін* 暗証 ピン 핀번호 atm",
    ),
    (Class::MESSAGE, "sms smsy smsa smsu text txt texted texting mensaje mensagem msg messaggio smsa смс* есэмэс* bericht guard sent mandaron mandato mandou enviaron envoyé geschickt gestuurd wysłali wyslali прислали надіслали token токен"),
    (
        Class::ALARM,
        "alarm alarma alarme alarmen alarmanlage alarmu alarmi alarmı allarme lalarme larm larmet antifurto сигнал* сигналізац* panel",
    ),
    (Class::LOCK.with(Class::PLACE), "lock slot schloss замок замка замку замком kilit serrure cerradura fechadura tranca trava serratura zamek zamka"),
    (
        Class::BOX,
        "padlock keypad lockbox keybox keysafe buzzer intercom digicode sleutelkluis* sleutelkastje schlüsselsafe schlüsselbox schlüsseltresor schlüsselkasten
         schluesselkasten zahlenschloss fahrradschloss kluisje candado cadenas cadeado lucchetto kłódk* klodk* kłodk* домофон* domofon* interphone telefonillo
         videocitofono citofono",
    ),
    (
        Class::BOX.with(Class::SOLD),
        "padlocks suitcase luggage koffer maleta valise valigia koffert walizk* vorhängeschloss fietsslot hangslot candados tastiera tastierino teclado
         klawiatur* gembok* asma kilit kilidi kilit* taala taale tala taley cykellås* cykellas* hänglås* hanglas* hengelås* nyckelskåp* nyckelskap* замоч*
         навісн* кодов* ключниц* 门锁 門鎖 密码锁 挂锁 車鎖 キーボックス オートロック 宅配ボックス 南京錠 도어락 자물쇠 키박스 택배함 사물함",
    ),
    (
        Class::PLACE,
        "door doors gate gates entry entrance lobby building garage safe vault lock locker lockers shed elevator lift bell barrier carpark bathroom toilet restroom loo
         portal portail porte immeuble bâtiment batiment coffre puerta portón porton reja edificio entrada caja garaje cochera portão portao porta prédio predio cofre garagem cancello portone cassaforte
         tür tuer haustür haustuer tor hoftor schloss tresor eingang keller poort deur voordeur slot kluis ingang bram* furtk* sejf* klatk* drzwi rower* подъезд* підїзд* під'їзд* двер* калитк* хвіртк*
         ворот* сейф* замок замка замку замком велик* port porten dörren döra dörr døren kapı kapi kapının kapinin kapisi kapısı kapi* apartman* kasa kasanın kasanin giriş* giris* bisiklet* fiets vélo velo bici bicicleta bike fahrrad cykel sykkel sepeda велосипед* pagar pintu brankas kos
         kosan darwaza tijori locker almari box 门禁 大门 門禁 保险箱 保险柜 楼下 玄関 金庫 ロッカー ドア 현관 공동현관 대문 금고 자전거",
    ),
    (
        Class::NETWORK,
        "wifi wi-fi wlan wep wpa wpa2 hotspot router internet network ssid wifinya netzwerk вайфа* вай-фа* вифи вайфай* 无线 無線 ワイファイ 와이파이",
    ),
    (
        Class::ACCOUNT,
        "roku netflix netflixa netflixie нетфл* disney hulu spotify prime hbo crunchyroll psn steam xbox icloud gmail paypal zoom login acc acct account portal user username user-id apple id
         benutzer benutzername usuario usuária utente utilisateur identifiant gebruikersnaam gebruiker användare användarnamn kullanıcı kullanici логин логін użytkownik uzytkownik pengguna
         laptop laptopa screen pc computer compu ordinateur ordi notebook phone telefon* tel handy iphone ipad ipads tablet mac xbox kompie kompa komputer* комп* hp ponsel mobile cell bilgisayar*
         zip pdf excel file archive rar card karte kart* karta karty karcie tarjeta carte carta bancomat cajero sim carte* kaart kort kortet карт* банк* 账号 電腦 电脑 开机 ネトフリ 넷플 아이디 노트북",
    ),
    (
        Class::IS,
        "is was its it's it’s thats that's that’s are es est c'est c’est cest c ist lautet è é e är er jest to это це hai h na foi fue era sono adalah là ni bo now nu jetzt ahora agora adesso теперь тепер şimdi simdi
         says takes took wants needs dice dit zegt sagt ise = 是 为 為 は 는 은 이 가 이야 야 だ",
    ),
    (
        Class::OF,
        "of to for on in at by my your our from de del della dello dei delle do da dos das du des d di von vom zum zur beim im fürs fuers furs der für fuer fur van voor vd v til till för for od dla na z ze w do przy pour pa pra para per
         от до для к на с со в из від до на з із ka ki ke ko wale wali icin için del al sur su utk untuk dari buat of with behind near inside under the sulla sul nel nella auf am an dans au op på into",
    ),
    (
        Class::SMALL,
        "the a an ur his her their our this that same still again just always new old one ones nya me us it el la los las un una le les l lo il i gli o os as den die das dem ein eine de het een min mein meine mon ma mes ton ta
         sa mi mis tu tus meu minha tua sua mio mia mijn mn mitt mina din ditt moj moje mój mera meri mere apna naya nayi nuevo nueva novo nova neue neues neuer nouveau nouvelle nuovo nuova nieuwe nieuw nya nytt nowe nowy yes yea yeah yep si sí sì oui sim да evet tak haan han 어 응 yeni
         новый новая новое новий нова нову нове мой моя мій jd jadi baru saya ku gue gw aku actually please pls plz q que che qui yg ki co do vom its now abeg oi ok hey yo so like little back last number numero número numer nummer номер",
    ),
    (
        Class::CAME,
        "came come arrived got get received receive thru through llegó llego llegado recibí recibi recibo chegou recebi veio recu reçu arrivé arrive arrivato ricevuto kam bekommen gekommen gekriegt kreeg gekregen net
         przyszedł przyszedl dostałam dostalem geldi gelen aldım пришел пришёл пришла прийшов прийшла kom kommit fick masuk dapat aaya aya mila 收到 来了 來了 きた 届いた 왔어 왔다 받은",
    ),
    (
        Class::CHANGED,
        "changed change reset switched updated set changé change cambié cambie cambió cambio cambiado cambiada mudei mudou mudaram troquei trocou ficou geändert geaendert gewechselt cambiato cambiata veranderd gewijzigd
         zmieniłam zmienilem zmienione değişti degisti değiştirdim geworden ändrat ändrade ganti diganti badla поменял* сменил* змінив* змінил* 改了 変えた 바꿨어 바뀌었어",
    ),
    (
        Class::OPENS,
        "open opens opened abres ouvrir öffnen auf aufschließen aufschliessen aufmachen apri открыть açılıyor unlock unlocks unlocked locked disarm disarms off abre abren ouvre apre aprono öffnet geht otwiera otwierasz desliga desativa desactiva apaga désactive disattiva spegne stacca aus aus eraf uit wyłącza wyłączasz
         wylacza wylaczasz kapanır kapatılır снима* отключа* вимика* открыва* stängs stangs öppnas av åpnes slås 解除 開くよ 開く 열려",
    ),
    (Class::WITH, "with w using кодом con mit avec com met med z ile par pake pakai se"),
    (
        Class::TYPED,
        "punch dial press try typing fais faites fai faz haz type enter tap tape tapes tapez compose composez marca marcas marque pulsa teclea digita digite disque aperte componi premi metti inserisci mets pon pone pones mete ponle drück drücke druecke tippe tipp gib
         toets druk tik wpisz wciśnij wcisnij wklep набери нажми набираешь введи натисни набирай tuşla tusla bas gir yaz slå sla knappa tekan ketik masukin dabao daal dalo buzz hit push put key use show quote bol bolo tell say скажи powiedz sag
         按 输入 輸入 押して 누르고 눌러",
    ),
    (Class::THEN, "then if when и but and luego después puis et dann und poi e depois dan en potem i sonra потом затем потім sedan sen terus lalu phir aur y"),
    (
        Class::KEYS,
        "hash star pound решётк* asterisk dièse diese étoile raute stern almohadilla hekje cancelletto asterisco решетк* решітк* yıldız yildiz kare fyrkant fyrkanten ok okay off enter unset hash key push pull press premi drück
         empuja pousse drücken",
    ),
    (
        Class::HURRY,
        "hurry quick quickly asap expires fast rápido rapido corre apúrate apurate apurá vite dépêche depeche schnell beeil szybko быстрее быстро скорее швидше snabbt snel cabuk çabuk acele cepat buruan jaldi presto veloce 快 快点 早く 빨리",
    ),
    (Class::OTHER, "or and no nah wait sorry not nvm oder nein nee non heu o ou u ni lub albo nie или нет veya yok eller nej atau bukan ya nahi back"),
    (Class::SIDE, "back front side second other inner outer inside outside upstairs downstairs rear main"),
    (
        Class::ELSEWHERE,
        "at by til till until from since around about after before room bus costs cost paid pay over under than has have um ab bis seit à depuis vers a às alle dalle om vanaf tot kl row flat unit apt desde hasta jusqu'à apartment apartamento wohnung appartement квартира кв approx circa ca ungefähr",
    ),
    (
        Class::TURN,
        "left right links rechts gauche droite izquierda derecha izq der esquerda direita sinistra destra lewo prawo лево право влево вправо налево направо vänster höger sol sağ kiri kanan 左 右 좌 우",
    ),
    (
        Class::WRITTEN,
        "lowercase caps spaces lower small minusculo minúsculo minusculas minúsculas tudo junto todo minuscule minuscules kleingeschrieben klein zusammen minuscolo tutto attaccato kleine małymi malymi razem kucuk küçük hepsi
         маленьк* слитно små huruf kecil semua",
    ),
    (Class::AS, "as como comme als come jako olarak sebagai как як som"),
    (Class::NAMED, "name named names called nombre llama nome nom chiama appelle heisst heißt heet nazywa imię ssid username"),
    (Class::ASKED, "what whats what's what’s wats which forgot remind again"),
];

impl Class {
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Fowler, Noll and Vo's hash: the words are short and nobody chooses them to collide.
#[derive(Default)]
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

type Known = HashMap<&'static str, Class, BuildHasherDefault<Fnv>>;

/// How many bytes of it a stem is looked up by; none is shorter.
const STEM_KEY: usize = 3;

fn stem_key(word: &str) -> Option<[u8; STEM_KEY]> {
    word.as_bytes().first_chunk().copied()
}

struct Words {
    whole: Known,
    /// What words begin with, by its first bytes, the longest last.
    stems: HashMap<[u8; STEM_KEY], Vec<(&'static str, Class)>, BuildHasherDefault<Fnv>>,
    /// Of scripts without spaces, and where they stand in a run.
    glued: Vec<Class>,
    runs: AhoCorasick,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let (mut whole, mut stems, mut glued) = (Known::default(), Known::default(), Vec::new());
    for (class, list) in TABLE {
        for word in list.split_whitespace() {
            if word.starts_with(is_glued) {
                glued.push((word, *class));
                continue;
            }
            let (known, word) = match word.strip_suffix('*') {
                Some(stem) => (&mut stems, stem),
                None => (&mut whole, word),
            };
            let known = known.entry(word).or_default();
            *known = *known | *class;
        }
    }
    let mut by_key = HashMap::<_, Vec<_>, _>::default();
    for (stem, class) in stems {
        by_key.entry(stem_key(stem).expect("no stem is shorter")).or_default().push((stem, class));
    }
    by_key.values_mut().for_each(|stems| stems.sort_by_key(|(stem, _)| stem.len()));
    let runs = AhoCorasick::new(glued.iter().map(|(word, _)| word)).expect("the words are few");
    Words { whole, stems: by_key, glued: glued.into_iter().map(|(_, class)| class).collect(), runs }
});

/// Whether `c` is of a script that puts no spaces between words, or glues endings to them that are words elsewhere.
pub(super) fn is_glued(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{ff00}'..='\u{ffef}')
}

/// What `word`, which is small, does.
pub(super) fn class(word: &str) -> Class {
    if word.starts_with(is_glued) {
        let within = WORDS.runs.find_overlapping_iter(word);
        return within.fold(Class::default(), |class, found| class | WORDS.glued[found.pattern().as_usize()]);
    }
    if let Some(class) = WORDS.whole.get(word) {
        return *class;
    }
    // What has digits is no word with an ending.
    if word.bytes().any(|byte| byte.is_ascii_digit()) {
        return Class::default();
    }
    let stems = stem_key(word).and_then(|key| WORDS.stems.get(&key)).map_or(&[][..], Vec::as_slice);
    stems.iter().rfind(|(stem, _)| word.starts_with(stem)).map(|(_, class)| *class).unwrap_or_default()
}
