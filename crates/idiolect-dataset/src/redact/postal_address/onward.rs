//! What follows the number of a house when the sentence goes on, and what a number counts, in the languages that texts are found in: "petőfi utca 3
//! gyere", "petőfi utca 3 perc".

use super::word::{Gap, Word};
use super::{brought, cyrillic, small, staying};
use crate::word_set::word_set;

word_set! {
    /// Prepositions, verbs, adverbs and the parts of a house, none of which is counted.
    is_onward:
    "komm" "kommst" "kommt" "klingel" "klingeln" "klingelt" "läut" "läute" "bei" "beim" "im" "in" "und" "oder" "aber" "direkt" "nicht" "neben" "gegenüber" "wo" "wie" "da" "dort" "jetzt" "gleich" "heute" "morgen" "um" "ab" "bis" "ist" "wohnt" "wohne"
    "warte" "steh" "stehe" "bin" "vorbei" "rum" "hin" "her" "mit" "für" "vor" "vorm" "hinter" "unten" "oben" "links" "rechts" "danke" "bitte" "chunsch" "hinterhaus" "vorderhaus" "hinterhof" "seitenflügel" "eingang" "erdgeschoss" "dachgeschoss" "falls" "weil"
    "stiege" "richtung" "rein" "raus" "runter" "hol" "hole" "also" "dann" "wenn" "statt" "den" "die" "der" "das"
    "gyere" "gyertek" "előtt" "alatt" "alá" "elé" "mellett" "be" "re" "ra" "ba" "ban" "ben" "lakom" "lakunk" "lakik" "vagyok" "vagyunk" "várlak" "és" "de" "ott" "itt" "most" "holnap" "ma" "csöngess" "kapucsengő" "kapukód" "emelet" "földszint" "a" "az" "ahol" "hozd" "küldd" "pls" "köszi" "légyszi"
    "gel" "gelin" "gelsene" "geliyorum" "buradayım" "burdayım" "deyim" "dayım" "teyim" "tayım" "bekliyorum" "önündeyim" "önünde" "karşısında" "yanında" "kat" "daire" "zili" "zil" "ya" "ye" "ta" "te" "evim" "oturuyorum" "oturuyoruz" "adres" "adresim" "lütfen" "yolla" "gönder" "ama" "ve"
    "bilgisine" "diye" "apartman" "apt" "apartmanı" "sitesi" "blok" "giriş" "arka" "hemen" "şimdi"
    "kom" "kommer" "kan" "ring" "ringer" "port" "portkod" "kod" "uppgång" "våning" "vån" "tack" "nu" "ikväll" "imorgon" "och" "men" "om" "när" "vid" "bredvid" "mitt" "mittemot" "utanför" "på" "till" "hos" "snart" "är" "väntar" "står" "i" "klockan" "kl" "ved" "siden" "av" "og" "når" "til" "utenfor"
    "takk" "nå" "tak" "så" "udenfor" "venter" "er" "du" "jag" "jeg" "vi"
    "tuu" "tule" "tulkaa" "edessä" "edes" "vieressä" "ovikoodi" "rappu" "porras" "kiitos" "nyt" "klo" "ja" "mutta" "kun" "missä" "soita" "oon" "olen" "takana" "kohdalla" "ovella" "pihassa" "asuu" "asun"
    "chodź" "chodz" "przyjedź" "wpadaj" "czekam" "jestem" "domofon" "klatka" "piętro" "pietro" "proszę" "prosze" "plis" "teraz" "dziś" "dzis" "jutro" "o" "od" "do" "przy" "obok" "koło" "kolo" "naprzeciwko" "ale" "to" "tam" "gdzie" "w" "na" "z" "ze" "dzwoń" "zaraz" "dzięki" "mieszkam"
    "hai" "haide" "vino" "etaj" "etajul" "interfon" "scara" "bloc" "langa" "lângă" "vizavi" "acum" "mâine" "maine" "astept" "aștept" "e" "este" "sunt" "la" "si" "și" "dar" "cu" "pe" "casa" "mersi" "va" "rog"
    "приезжай" "приходи" "заходи" "подъезжай" "выходи" "жду" "ждём" "ждем" "стою" "второй" "первый" "третий" "четвертый" "пятый" "подъезд" "домофон" "этаж" "код" "вход" "плиз" "пж" "пожалуйста" "спасибо" "сейчас" "там" "тут" "это" "и" "а" "но" "у" "с" "в" "на" "во" "со" "под" "рядом" "напротив" "около"
    "возле" "где" "если" "когда" "завтра" "сегодня" "давай" "сразу" "чекаю" "приїжджай" "заходь" "біля" "зараз" "будь" "дякую" "під'їзд" "поверх" "та" "але" "щас" "ща" "к" "до" "от"
    "kak" "bang" "mas" "mbak" "bu" "pak" "dong" "aja" "nih" "dekat" "deket" "depan" "samping" "belakang" "sebelah" "masuk" "sini" "sekarang" "besok" "nanti" "rt" "rw" "yang" "yg" "di" "ke" "tolong" "cepat" "tunggu" "saya" "aku" "kel" "kec" "pagar" "cat" "gan" "yaa" "oke" "ok"
    "scendi" "vieni" "venite" "arriva" "muoviti" "sali" "salite" "aspettami" "aspetta" "aspetto" "piano" "citofono" "citofona" "secondo" "primo" "terzo" "quarto" "interno" "scala" "grazie" "ciao" "alle" "davanti" "vicino" "sotto" "sopra" "dietro" "angolo" "accanto" "che" "se" "tra" "fra" "poi" "ora" "adesso" "subito"
    "baja" "bajá" "ven" "vente" "vení" "veni" "llega" "llegá" "avisame" "avísame" "avisa" "timbre" "piso" "porfa" "esquina" "entre" "frente" "cerca" "junto" "casi" "y" "pero" "al" "el" "en" "con" "cuando" "mañana" "hoy" "ahora" "tráeme" "traeme" "dale" "wey" "güey" "amigo" "departamento" "planta" "portal"
    "bora" "vem" "cola" "chega" "desce" "sobe" "cade" "cadê" "pfv" "obrigado" "obrigada" "valeu" "blz" "mano" "amor" "perto" "apto" "ap" "bloco" "interfone" "andar" "agora" "amanhã" "amanha" "hoje" "já" "aqui" "tá" "no" "com" "que" "quando" "lado" "fundos" "vc" "viu"
    "έλα" "ελάτε" "κοντά" "δίπλα" "απέναντι" "πρώτος" "δεύτερος" "τρίτος" "όροφος" "κουδούνι" "και" "στον" "στο" "στη" "στην" "περιμένω" "τώρα" "αύριο" "σε" "με" "αν" "που" "αλλά" "είναι" "είμαι" "μένω" "παρακαλώ"
    "přijď" "prijd" "přijeď" "čekám" "cekam" "zvonek" "patro" "poschodí" "prosím" "prosim" "díky" "teď" "zítra" "dnes" "vedle" "naproti" "u" "v" "vchod" "kde";

    /// The same in French, behind the name of a street.
    goes_on_in_french:
    "code" "interphone" "digicode" "etage" "étage" "bat" "bât" "porte" "chez" "stp" "svp" "si" "sonne" "sonnes" "sonnez" "appelle" "quand" "vers" "avec" "juste" "apres" "après" "avant" "devant" "derriere" "derrière" "demain" "ce" "ca" "ça" "c'est" "cest" "jsuis" "chui"
    "j'habite" "jhabite" "viens" "venez" "tkt" "merci" "bisous" "maintenant" "rdc" "appart" "apt" "dernier" "premier" "deuxième" "troisième" "hall" "y" "on" "à" "a" "et" "mais" "ou" "où" "pour" "en" "près" "pres" "gare" "metro" "métro" "aujourdhui" "vite" "là" "ici" "tout" "toute" "voila" "voilà" "donc" "puis" "ok" "ouais" "mdr"
    "lol" "frr" "frère" "gros" "wsh" "bébé" "mon" "ma" "mes" "ton" "ta" "tes" "notre" "pas" "plutot" "plutôt" "jattends" "j'attends" "attends" "il" "elle" "ils" "tu" "je" "nous" "vous";

    /// What is counted, beside units and times that all rules know.
    is_counted:
    "häuser" "autos" "leute" "menschen" "unfälle" "kinder" "wohnungen" "parkplätze" "stationen" "haltestellen" "meter" "personen" "tage" "wochen" "monate" "jahren" "minute" "stunde" "mal" "bäume" "zimmer" "läden" "polizisten" "punkte" "plätze" "prozent"
    "perc" "perce" "percre" "óra" "órát" "órája" "óráig" "napja" "ember" "emberrel" "ház" "autó" "forint" "ft" "fő" "év" "éve" "nap" "napig" "méter" "kilométer" "km" "db" "darab" "hónap" "hét" "másodperc" "lépés"
    "dakika" "dk" "dakikada" "saat" "kişi" "kisi" "lira" "tl" "ev" "araba" "metre" "gün" "yıl" "ay" "hafta" "kere" "kez" "adım" "tane" "kilometre" "bina" "çocuk"
    "minuter" "minutter" "timmar" "timer" "personer" "hus" "bilar" "biler" "kronor" "kroner" "år" "dagar" "dage" "dager" "veckor" "uker" "uger" "gånger" "gange" "ganger" "grader" "mennesker" "människor" "folk" "st" "stk"
    "minuuttia" "minsaa" "tuntia" "metriä" "euroa" "kertaa" "vuotta" "päivää" "viikkoa" "taloa" "autoa" "henkeä" "ihmistä" "astetta" "kilsaa"
    "minut" "minuty" "godzin" "godziny" "osób" "osob" "osoby" "domów" "domy" "aut" "lat" "lata" "dni" "metrów" "metry" "razy" "złotych" "zł" "kroków" "tygodni" "miesięcy" "samochodów" "ludzi" "sklepów"
    "ore" "oameni" "masini" "mașini" "metri" "lei" "zile" "ani" "luni" "saptamani" "persoane" "blocuri" "grade"
    "минут" "минуты" "мин" "часов" "часа" "час" "машин" "машины" "домов" "этажей" "метров" "рублей" "человек" "людей" "лет" "года" "раз" "раза" "дней" "дня" "градусов" "хвилин" "годин" "будинків" "років" "днів" "гривень" "грн" "осіб" "процентов" "км" "тыс" "тысяч" "магазинов" "квартир"
    "menit" "jam" "orang" "mobil" "hari" "tahun" "kali" "bulan" "minggu" "ribu" "juta" "rb" "jt" "detik" "persen" "langkah"
    "minuti" "persone" "giorni" "anni" "volte" "mesi" "settimane" "amici" "macchine" "euro" "gradi" "negozi" "case" "gente"
    "minutos" "horas" "personas" "días" "dias" "años" "veces" "metros" "meses" "semanas" "amigos" "coches" "carros" "pesos" "euros" "grados" "cuadras" "quadras" "pessoas" "vezes" "anos" "reais" "conto" "lucas" "mangos" "kilometros" "kilómetros" "gurises" "policias" "tiendas" "locales"
    "λεπτά" "ώρες" "ώρα" "άτομα" "χρόνια" "χρονών" "μέτρα" "ευρώ" "φορές" "σπίτια" "μέρες" "μήνες" "βαθμούς" "χιλιόμετρα" "εβδομάδες"
    "hodin" "lidí" "domů" "let" "korun" "kč" "metrů" "dnů" "krát"
    "minutes" "heures" "personnes" "jours" "mois" "ans" "fois" "mètres" "metres" "maisons" "voitures" "semaines" "degrés" "magasins" "balles" "gens" "potes"
    "minuten" "stunden" "dollar" "mins" "people" "cars" "houses" "times" "points" "likes" "bucks" "gefahren";
}

/// Whether the number at `house` is a house's and no count: the clause ends, or what follows belongs to no number, or the sentence `led` to the
/// street, the number has two digits and what follows is nothing that is counted.
pub(super) fn is_house(words: &[Word], house: usize, led: bool) -> bool {
    let number = &words[house];
    let Some(next) = words.get(house + 1).filter(|next| next.gap == Gap::Space) else { return true };
    if cyrillic::doors(words, house + 1) > house + 1 {
        return true;
    }
    // "3ος", "2do"
    let unit = || next.lower.trim_start_matches(|c: char| c.is_ascii_digit());
    let ranked = next.digits > 0 && next.letters > 1 && next.digits <= 2 && !small::is_unit(unit());
    if small::measures(words, house + 1) || next.digits > 0 && !ranked {
        return false;
    }
    let asked = next.lower == "por" && words.get(house + 2).is_some_and(|word| word.lower == "favor");
    if asked {
        return true;
    }
    if is_counted(&next.lower) || staying::is_counted(&next.lower) {
        return false;
    }
    // "calea victoriei 12 polițiști", but "calea victoriei 128a lasă coletul"
    let own = number.letters > 0 || number.digits >= 3 && !number.lower.ends_with("00");
    is_onward(&next.lower) || brought::ends(words, house + 1) || (own || led && number.digits >= 2) && !next.capital
}
