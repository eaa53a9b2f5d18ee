//! The vocabulary of addresses: street endings, flats, boxes, states, countries, and the words that are never part of one.

use crate::word_set::word_set;

word_set! {
    /// Street endings that hardly anything else ends in; they count after any words.
    is_strong_street_end [STRONG_ENDS]:
    "street" "str" "st" "avenue" "ave" "av" "avn" "road" "rd" "boulevard" "boulevar" "blvd" "blv" "lane" "ln"
    "crescent" "cres" "parkway" "pkwy" "pkway" "pky" "highway" "hwy" "hgwy" "expressway" "expy" "freeway" "fwy"
    "turnpike" "tpke" "drive" "dve" "terrace" "esplanade" "promenade";

    /// Street endings that are ordinary words as well; they count after capitalised names or with more of an address behind.
    is_weak_street_end [WEAK_ENDS]:
    "dr" "drv" "way" "wy" "court" "ct" "crt" "place" "pl" "square" "sq" "circle" "cir" "circ" "trail" "trl" "tr"
    "ter" "terr" "close" "walk" "grove" "gardens" "gdns" "row" "alley" "aly" "plaza" "plz" "loop" "path" "pike"
    "run" "ridge" "point" "pt" "hill" "hills" "heights" "hts" "view" "vista" "park" "green" "mews" "quay" "rise"
    "bend" "cove" "crossing" "xing" "landing" "trace" "gulch" "grade" "overlook" "py" "pass" "route" "rte"
    "concourse" "broadway" "causeway" "bypass" "center" "centre" "village" "meadow" "meadows" "cutoff" "byway"
    "glen" "mall" "estate" "annex" "arcade" "bayou" "beach" "bluff" "bluffs" "branch" "bridge" "brook" "brooks"
    "canyon" "cape" "chase" "cliff" "cliffs" "club" "common" "commons" "corner" "corners" "courts" "coves" "creek" "crest"
    "crossroad" "crossroads" "curve" "dale" "dam" "divide" "drives" "extension" "falls" "ferry" "field" "fields"
    "flats" "ford" "forest" "forge" "forges" "fork" "forks" "fort" "garden" "gateway" "glens" "greens" "groves" "harbor"
    "harbors" "harbour" "haven" "hollow" "inlet" "isle" "junction" "junctions" "knoll" "knolls" "lakes" "lodge" "manor" "manors"
    "mill" "mills" "mission" "motorway" "mount" "mountain" "mountains" "neck" "nook" "orchard" "oval" "parade" "pde" "parks" "passage"
    "pine" "pines" "plain" "plains" "prairie" "radial" "ramp" "ranch" "rapid" "rapids" "ridges" "river" "roads" "routes"
    "shoal" "shoals" "shore" "shores" "skyway" "spring" "springs" "squares" "stravenue" "stream" "streets" "summit"
    "throughway" "track" "trafficway" "tunnel" "underpass" "union" "unions" "valley" "valleys" "viaduct" "views"
    "cv" "cvs" "vw" "vws" "ctr" "ctrs" "cswy" "crk" "cyn" "estates" "expwy" "fld" "flds" "frst" "frk" "frks" "grn" "hbr" "holw" "jct" "knl"
    "knls" "lndg" "mdw" "mdws" "mls" "mnr" "mtn" "orch" "prk" "plns" "rdg" "riv" "rnch" "shr" "shrs" "smt" "spg" "spgs" "strm" "tpk" "trce"
    "trk" "vlg" "vly" "vis" "xrd" "strip" "farm" "farms" "prom" "gate" "blf" "blfs" "brg" "clfs" "cmn" "crse" "crst"
    "curv" "fls" "gdn" "grv" "grvs" "havn" "ldg" "lgt" "mll" "nck" "psge" "pne" "pnes" "shl"
    "vale" "walks" "wells" "wharf" "circuit" "cct" "alleyway" "approach" "boardwalk" "laneway" "retreat" "circus" "garth" "mead" "lookout" "gully" "glade" "dell" "copse" "paddock" "paddocks" "spinney" "glebe" "croft" "nagar" "marg" "chowk" "colony" "enclave" "zila" "vihar" "tce";

    /// Of those, abbreviations: no sentence ends in one behind a number of three digits and a name, be all of it small.
    is_abbreviated_end: "ct" "crt" "pl" "cir" "circ" "ter" "terr" "trl" "gdns" "tce" "pde" "cct" "hts" "xing" "sq" "dr" "cv" "trce" "vw" "aly" "plz" "grv" "rdg" "lndg" "mdws" "mnr" "holw" "spgs" "py";

    /// Words before the name of a street in other languages.
    is_street_start [STREET_STARTS]:
    "plac" "pl" "al" "aleja" "os" "osiedle" "vicolo" "stretto" "canale" "rotonda" "incrocio" "borgo" "contrada" "largo"
    "travessa" "alameda" "glorieta" "rodovia" "ladeira" "travesía" "cuesta" "cañada" "camino" "acceso" "ronda" "pasaje"
    "urbanización" "conjunto" "setor" "viela" "vila" "rue" "ulica" "rúa" "ctra" "carretera" "улица" "ул" "av" "via" "avenue" "avenida" "avda" "rua" "calle" "viale" "corso" "piazza" "plaza" "paseo" "jalan" "jln"
    "lorong" "lor" "ul" "ulitsa" "boulevard" "chemin" "praça" "estrada" "carrer" "strada" "trg" "allée" "λ" "acesso" "servidão" "zona" "rambla" "callejón" "pasadizo" "prolongación" "privada" "circuito" "viaducto" "calzada" "vereda" "bulevar" "loteamento" "colônia" "condomínio"
    "șoseaua" "soseaua" "bulevardul" "aleea" "drumul" "calea" "intrarea" "splaiul" "jl" "проспект" "площа" "площадь" "узвіз" "провулок" "пров" "переулок" "пер"
    "бул" "бульвар" "наб" "набережная" "шоссе" "ш" "пр" "пл" "аллея" "проезд" "piazzetta" "praceta" "bairro" "beco" "calçada"
    "quai" "impasse" "pza" "cours" "sentier" "ruelle" "str" "вул" "вулиця" "просп" "пр-т" "οδός" "λεωφόρος" "λεωφ" "πλατεία" "bd" "bld" "blvd"
    "chaussée" "lotissement" "náměstí" "třída" "ulice" "jirón" "cerrada" "đường" "leof" "leoforos" "rehov" "rod" "lungotevere" "lungomare" "p.zza" "p.za" "p.le" "c.so" "v.le" "l.go" "carrera" "cra" "diagonal" "transversal";

    /// Of those and their abbreviations, the ones that begin nothing but the name of a street.
    is_sure_street_start [SURE_STREET_STARTS]:
    "chaussée" "náměstí" "třída" "jirón" "đường" "carrer" "plac" "aleja" "osiedle" "vicolo" "travessa" "alameda" "glorieta" "rodovia" "ladeira" "travesía" "contrada" "rue" "avenida" "avda" "rua" "rúa" "calle" "jalan" "jln" "ul" "ulica" "ulitsa" "улица" "ул" "проспект" "ctra"
    "carretera" "chemin" "estrada" "strada" "praça" "impasse" "вул" "вулиця" "просп" "пр-т" "οδός" "λεωφόρος";

    /// Words before the name of an Italian street, which are written small, as in few other languages.
    is_small_street_start [SMALL_STREET_STARTS]:
    "via" "viale" "piazza" "corso" "p.zza" "p.za" "p.le" "c.so" "v.le" "l.go" "vicolo";

    /// What may stand between the name of a street and the number.
    is_number_word [NUMBER_WORDS]:
    "no" "nr" "n" "n°" "nº" "n.º" "n.°" "núm" "num" "nro" "km" "lote" "số" "д" "дом" "буд" "будинок" "№";

    /// Words behind the name of a street, which the number follows.
    is_street_behind [STREETS_BEHIND]:
    "strasse" "straße" "str" "allee" "gasse" "weg" "platz" "ufer" "damm" "út" "útja" "utca" "u" "tér" "tere"
    "kapu" "rkp" "etorbidea" "kalea" "veg" "krt" "körút" "körútja" "rakpart" "sétány" "fasor" "köz" "tee" "põik" "puiestee" "iela" "gate" "vei" "plass" "aqq" "aqqutaa" "gata" "gatan" "väg" "vägen" "vej" "veien" "gade" "plads" "katu" "tie" "straat"
    "laan" "plein" "g" "gatve" "gatvė" "street" "road" "boulevard" "avenue" "улица" "проспект" "ulice" "náměstí"
    "nábřeží" "nám" "trg" "cesta" "ulica" "polku" "bulevardi" "allé" "ring" "sokak" "sokağı" "sok" "caddesi" "cad" "cd" "bulvarı";

    /// Words that end as streets do and are none.
    is_ordinary_way:
    "bundesstraße" "bundesstrasse" "bundesstr" "spielstraße" "spielstrasse" "schnellstraße" "milchstraße" "wasserstraße" "überholgasse" "kantatie" "valtatie" "moottoritie" "hjemvejen" "hemvagen"
    "durchweg" "fluchtweg" "bremsweg" "schleichweg" "motorvej" "omvej" "hjemvej" "skolevej" "motorvägen" "järnvägen" "omvägen" "hemvägen" "skolvägen"
    "motorveien" "omveien" "hjemveien" "skoleveien" "motorvegen" "sackgasse" "semestr" "trimestr" "rejestr" "magistr" "ministr" "orchestr" "brigade" "renegade"
    "heimweg" "umweg" "hinweg" "rückweg" "ausweg" "irrweg" "arbeitsweg" "schulweg" "radweg" "fahrradweg" "gehweg" "fußweg" "feldweg" "waldweg"
    "rettungsweg" "nachhauseweg" "rechtsweg" "dienstweg" "seeweg" "landweg" "luftweg" "wanderweg" "snelweg" "onderweg" "omweg" "halverweg"
    "blokkade" "blokade" "barricade" "barrikade" "arcade" "dekade" "decade" "ballade" "kaskade" "cascade";

    /// What boxes, routes and military mail begin with.
    is_mailbox_start [MAILBOX_STARTS]:
    "po" "p" "gpo" "post" "pob" "pobox" "lockbox" "lbx" "postbox" "postfach" "lock" "box" "rr" "rfd" "hc" "hcr" "psc" "cmr"
    "caixa" "route" "rte" "unit" "rural" "star" "hwy" "highway" "uss" "usns" "usnv" "uscgc" "apo" "fpo" "dpo";

    /// Months and days, before which a number is no house and behind which it is no postcode.
    is_calendar:
    "january" "february" "march" "april" "may" "june" "july" "august" "september" "october" "november" "december"
    "jan" "feb" "mar" "apr" "jun" "jul" "aug" "sep" "sept" "oct" "nov" "dec" "monday" "tuesday" "wednesday"
    "thursday" "friday" "saturday" "sunday" "mon" "tue" "wed" "thu" "fri" "sat" "sun" "chapter" "page" "figure"
    "januar" "jänner" "februar" "feber" "märz" "mai" "juni" "juli" "oktober" "dezember" "janvier" "février" "mars" "avril" "juin" "juillet" "août"
    "septembre" "octobre" "novembre" "décembre" "enero" "febrero" "marzo" "abril" "mayo" "junio" "julio" "agosto" "septiembre" "octubre"
    "noviembre" "diciembre" "gennaio" "febbraio" "aprile" "maggio" "giugno" "luglio" "settembre" "ottobre" "dicembre" "janeiro" "fevereiro"
    "março" "maio" "junho" "julho" "setembro" "outubro" "novembro" "dezembro" "januari" "februari" "maart" "mei" "augusti" "augustus" "maj"
    "stycznia" "lutego" "luty" "marca" "kwietnia" "maja" "czerwca" "lipca" "sierpnia" "września" "października" "listopada" "grudnia"
    "ocak" "şubat" "nisan" "mayıs" "haziran" "temmuz" "ağustos" "eylül" "ekim" "kasım" "aralık" "montag" "dienstag" "mittwoch"
    "donnerstag" "freitag" "samstag" "sonntag" "lundi" "mardi" "mercredi" "jeudi" "vendredi" "samedi" "dimanche" "lunes" "martes" "miércoles"
    "jueves" "viernes" "sábado" "domingo" "maandag" "dinsdag" "woensdag" "donderdag" "vrijdag" "zaterdag" "zondag" "niedziela" "poniedziałek"
    "wtorek" "środa" "czwartek" "piątek" "sobota"
    "table" "section" "exam" "level" "version" "model" "room" "grade" "season" "episode" "part" "volume";

    /// Named roads that a number or letter follows: "Hwy 231", "County Road KK", "FM 45".
    is_numbered_road [NUMBERED_ROADS]:
    "hwy" "highway" "cr" "fm" "us" "sr" "route" "rte" "rt" "loop" "spur" "interstate" "rr" "business";

    is_direction [DIRECTIONS]:
    "n" "s" "e" "w" "ne" "nw" "se" "sw" "north" "south" "east" "west" "northeast" "northwest" "southeast"
    "southwest";

    /// Parts of a building, which a number or letter follows.
    is_flat:
    "apt" "apartment" "suite" "ste" "unit" "floor" "fl" "flr" "rm" "room" "bldg" "building" "lot" "dept" "blk"
    "block" "flat" "studio" "level" "piso" "piano" "appartamento" "puerta" "etage" "pmb" "lbby" "lockbox" "bin" "apto" "daire" "depto" "edif" "trailer" "trlr" "villa" "кв" "корп" "стр" "к" "bât" "lok" "lgh";

    /// Of those, the ones that mean an address even alone.
    is_sure_flat [SURE_FLATS]:
    "apt" "apartment" "suite" "ste";

    /// What may stand before a box: "dept 3234 po box 123234".
    is_box_prefix:
    "dept" "department" "code" "lockbox" "lock" "box" "bin" "file" "drawer" "lbx" "ref" "no" "unit" "scb" "rr" "c/o";

    /// Two-letter codes of US states, Canadian provinces and Australian states.
    is_state_code:
    "al" "ak" "az" "ar" "ca" "co" "ct" "de" "dc" "fl" "ga" "hi" "id" "il" "in" "ia" "ks" "ky" "la" "me" "md" "ma"
    "mi" "mn" "ms" "mo" "mt" "ne" "nv" "nh" "nj" "nm" "ny" "nc" "nd" "oh" "ok" "or" "pa" "pr" "ri" "sc" "sd" "tn"
    "tx" "ut" "vt" "va" "wa" "wv" "wi" "wy" "nt" "sa" "on" "qc" "bc" "ab" "mb" "sk" "ns" "nb" "nl" "nsw" "vic" "qld" "tas"
    "act";

    /// Names of states and countries, by their last word, that close an address.
    is_region_name:
    "alabama" "alaska" "arizona" "arkansas" "california" "colorado" "connecticut" "delaware" "florida" "georgia"
    "hawaii" "idaho" "illinois" "indiana" "iowa" "kansas" "kentucky" "louisiana" "maine" "maryland" "massachusetts"
    "michigan" "minnesota" "mississippi" "missouri" "montana" "nebraska" "nevada" "hampshire" "jersey" "mexico"
    "york" "carolina" "dakota" "ohio" "oklahoma" "oregon" "pennsylvania" "tennessee" "texas" "utah" "vermont"
    "virginia" "washington" "wisconsin" "wyoming" "ontario" "quebec" "victoria" "queensland" "usa" "america"
    "states" "uk" "kingdom" "england" "scotland" "wales" "ireland" "australia" "zealand" "canada" "singapore"
    "malaysia" "india" "china" "japan" "france" "germany" "deutschland" "austria" "switzerland" "belgium"
    "netherlands" "holland" "spain" "portugal" "italy" "greece" "cyprus" "turkey" "poland" "czechia" "hungary"
    "romania" "bulgaria" "slovenia" "slovakia" "croatia" "serbia" "estonia" "latvia" "lithuania" "finland" "sweden"
    "norway" "denmark" "iceland" "greenland" "russia" "ukraine" "brazil" "argentina" "uruguay" "paraguay" "chile"
    "peru" "colombia" "venezuela" "ecuador" "bolivia" "tunisia" "morocco" "algeria" "egypt" "nigeria" "kenya"
    "ghana" "africa" "israel" "pakistan" "bangladesh" "nepal" "philippines" "indonesia" "thailand" "vietnam" "korea"
    "taiwan" "jamaica" "indies" "republic" "luxembourg" "greenlander" "kong" "nadu";

    /// Two-part beginnings of region names: "New York", "South Carolina", "United Kingdom".
    starts_region_name:
    "new" "north" "south" "west" "united" "rhode" "tamil" "czech" "hong" "sri" "saudi" "costa" "puerto" "el";

    /// Words of ordinary sentences: no name of a street or town runs across one.
    is_never_a_name:
    "a" "an" "at" "to" "in" "on" "is" "are" "am" "was" "were" "be" "been" "i" "im" "i'm" "me" "my" "you" "u" "ur"
    "your" "we" "us" "our" "he" "she" "they" "them" "it" "its" "it's" "this" "that" "these" "those" "and" "or" "but"
    "so" "if" "then" "than" "for" "from" "with" "by" "about" "into" "out" "up" "down" "over" "off" "near" "do"
    "does" "did" "have" "has" "had" "will" "would" "can" "could" "should" "not" "no" "yes" "ok" "okay" "lol" "haha"
    "pls" "please" "thanks" "now" "later" "today" "tomorrow" "tonight" "last" "next" "when" "where" "what" "who"
    "why" "how" "there" "here" "more" "most" "much" "many" "very" "just" "only" "also" "too" "all" "min" "mins"
    "minute" "minutes" "hour" "hours" "hr" "hrs" "day" "days" "week" "weeks" "month" "months" "year" "years" "sec"
    "secs" "second" "seconds" "pm" "times" "time" "people" "girls" "boys" "guys" "km" "miles" "mile" "metres"
    "meters" "dollars" "bucks" "pounds" "percent" "feet" "blocks" "go" "going" "get" "got" "come" "meet" "call"
    "walk" "walking" "went" "drive" "driving" "way" "down-" "after" "before" "until" "till" "since" "because" "cos"
    "cuz" "coz" "dont" "don't" "cant" "can't" "like" "want" "need" "know" "think" "say" "said" "see" "dollar" "old"
    "hundred" "thousand" "million" "billion" "any" "some" "every" "other" "another" "same" "different";
}

pub(super) fn is_street_end(word: &str) -> bool {
    is_strong_street_end(word) || is_weak_street_end(word)
}

/// Endings of street names written in one word.
pub(super) fn has_street_suffix(word: &str) -> bool {
    const SUFFIXES: Endings = Endings::of(&[
        "bulevardi",
        "boulevard",
        "baan",
        "singel",
        "kade",
        "alléen",
        "faret",
        "bakken",
        "svingen",
        "-ring",
        "vej",
        "vejen",
        "vænget",
        "stræde",
        "plads",
        "stígur",
        "teigur",
        "braut",
        "tie",
        "kuisto",
        "polku",
        "weg",
        "brücke",
        "bruecke",
        "iela",
        "torget",
        "gränd",
        "gränden",
        "stien",
        "vegen",
        "vegur",
        "vegi",
        "götu",
        "straeti",
        "stræti",
        "byggð",
        "vangur",
        "stigen",
        "plaats",
        "chaussee",
        "vangen",
        "plass",
        "zeile",
        "puiestee",
        "hove",
        "ringen",
        "straße",
        "strasse",
        "gasse",
        "gatan",
        "gata",
        "vägen",
        "vagen",
        "veien",
        "katu",
        "kuja",
        "straat",
        "laan",
        "plein",
        "gade",
        "platz",
        "allee",
        "ufer",
        "damm",
        "steeg",
        "gracht",
        "dreef",
        "dijk",
        "str",
        // "-ring" ends English and Dutch words, most of them behind other letters.
        "nring",
        "gring",
        "dtring",
    ]);
    word.len() > 6 && SUFFIXES.has(word) && word.chars().count() > 6
}

/// Of those, the endings of words that mean nothing but a street, even in small letters: "hauptstraße 5", "heimweg 10" is no street.
pub(super) fn has_sure_street_suffix(word: &str) -> bool {
    const SUFFIXES: Endings = Endings::of(&[
        "straße",
        "strasse",
        "str",
        "gasse",
        "straat",
        "gracht",
        "gatan",
        "vägen",
        "veien",
        "vegen",
        "vej",
        "katu",
        "singel",
        "vegur",
        "tänav",
        "stigen",
        "boulevarden",
        "allee",
        "intie",
        "entie",
    ]);
    SUFFIXES.has(word) && !word.starts_with("einbahn") && !is_ordinary_way(word)
}

/// Endings that ordinary words in small letters have as well: with more of an address around it, "in der ulmenweg 139" is a street.
pub(super) fn has_likely_street_suffix(word: &str) -> bool {
    const SUFFIXES: Endings = Endings::of(&["weg", "plein", "kade", "gade", "gata", "dijk"]);
    SUFFIXES.has(word) && !is_ordinary_way(word)
}

/// Endings of three bytes or more; their last three or four tell most other words from those that have them.
struct Endings {
    endings: &'static [&'static str],
    /// Bits, by those bytes.
    lasts: [u64; 64],
}

impl Endings {
    const fn of(endings: &'static [&'static str]) -> Self {
        let (mut lasts, mut at) = ([0; 64], 0);
        while at < endings.len() {
            let place = match endings[at].as_bytes() {
                [.., third, second, first, last] => Self::place([*third, *second, *first, *last]),
                [second, first, last] => Self::place([0, *second, *first, *last]),
                _ => panic!("an ending is too short"),
            };
            lasts[place / 64] |= 1 << (place % 64);
            at += 1;
        }
        Self { endings, lasts }
    }

    /// Twelve bits.
    const fn place(lasts: [u8; 4]) -> usize {
        (u32::from_le_bytes(lasts).wrapping_mul(0x9e37_79b1) >> 20) as usize
    }

    /// Whether `word` has one of them.
    fn has(&self, word: &str) -> bool {
        let Some(lasts) = word.as_bytes().last_chunk() else { return self.endings.contains(&word) };
        let is_last = |place: usize| (self.lasts[place / 64] >> (place % 64)) & 1 == 1;
        let three = [0, lasts[1], lasts[2], lasts[3]];
        (is_last(Self::place(*lasts)) || is_last(Self::place(three)))
            && self.endings.iter().any(|ending| word.ends_with(ending))
    }
}
