//! Towns in small letters that nothing settles, right behind the comma of their street: "12 elm st, elmarat come", "rua olmeira 45, olmafogo".

use super::announced::is_addressed;
use super::settled::{ends, names};
use super::town::is_remark;
use super::whole::is_last_word;
use super::word::{Gap, Word};
use super::words::*;
use super::{city, district, small, spoken};
use crate::word_set::word_set;

word_set! {
    /// What people go on with behind an address and its comma, and what no town's name ends in.
    is_no_town:
    "above" "across" "along" "alone" "also" "always" "among" "anyway" "apparently" "asap" "backwards" "below" "beneath" "beside" "besides" "between" "beyond" "buzzer" "chat" "check" "diagonally" "else" "enough" "etc"
    "even" "ever" "except" "far" "fast" "first" "follow" "further" "grab" "half" "hang" "head" "heads" "heard" "hidden" "honk" "hop" "hopefully" "inside" "instead" "like" "literally" "lmk" "look" "maybe" "mind"
    "mine" "msg" "message" "never" "next" "none" "nothing" "once" "only" "outside" "past" "pick" "pop" "press" "probably" "push" "quick" "quite" "rather" "round" "same" "shall" "shout" "since" "somewhere" "soon"
    "stay" "stop" "straight" "such" "sure" "swing" "than" "though" "through" "til" "together" "towards" "under" "unless" "usual" "usually" "wait" "watch" "well" "whatever" "whenever" "which" "while" "whose" "without"
    "yet" "yup" "asleep" "awake" "busy" "early" "late" "free" "ready" "full" "empty" "open" "closed" "shut" "locked" "clear" "easy" "hard" "hot" "cold" "warm" "wet" "dry" "bad" "best" "better" "worse" "worst" "big"
    "bigger" "little" "tiny" "old" "brown" "grey" "gray" "purple" "pink" "gold" "dark" "light" "bright" "loud" "quiet" "fancy" "posh" "cheap" "safe" "scary" "weird" "crazy" "funny" "sad" "happy" "drunk" "hungry"
    "tired" "sick" "lazy" "lucky" "dodgy" "cosy" "cozy" "gorgeous" "pretty" "new" "next-door" "nextdoor" "second" "third" "fourth" "middle" "front" "rear" "left" "right" "end" "corner" "opposite" "apartment" "apt"
    "attic" "balcony" "basement" "barn" "bathroom" "bed" "bedroom" "beds" "bins" "box" "brick" "brother" "building" "cabin" "car" "cars" "carpark" "cat" "cats" "chapel" "chippy" "church" "closet" "complex"
    "couch" "cottage" "desk" "dog" "dogs" "driver" "driveway" "elevator" "entrance" "exit" "fence" "fridge" "garage" "garden" "gates" "glass" "ground" "guests" "gym" "hall" "hotel" "intercom" "keybox" "kitchen"
    "letterbox" "lift" "lobby" "mailbox" "market" "metal" "neighbor" "neighbour" "neighbours" "number" "office" "parking" "party" "people" "pool" "porch" "postbox" "pub" "reception" "roof" "rooftop" "school" "security"
    "shed" "shop" "shops" "sister" "station" "steps" "stairs" "store" "street" "suite" "terrace" "tower" "unit" "van" "wall" "window" "windows" "wooden" "yard" "absolute" "amazon" "beautiful" "beer" "beers"
    "booze" "cake" "cash" "chips" "crisps" "dessert" "drinks" "drink" "eat" "food" "gin" "grub" "ice" "kids" "lads" "ladies" "meal" "meat" "milk" "music" "presents" "sandwich" "snacks" "steak" "stuff" "sushi"
    "tapas" "vodka" "wine" "vibes" "money" "rent" "salary" "service" "event" "delivery" "order" "package" "parcel" "post" "mail" "letter" "letters" "present" "gift" "tickets" "ticket" "live" "lives" "lived"
    "says" "saying" "said" "told" "knows" "thinks" "wants" "needs" "has" "had" "got" "gets" "gives" "goes" "comes" "came" "looks" "looked" "makes" "takes" "took" "seems" "sounds" "feels" "means" "happens" "happened"
    "might" "must" "may" "does" "did" "didnt" "doesnt" "isnt" "wasnt" "arent" "wont" "shouldnt" "couldnt" "ive" "ill" "id" "hes" "shes" "thats" "theres" "theyre" "youre" "youll" "weve" "whats" "wheres" "lets" "gotta"
    "heading" "her" "his" "him" "hers" "ours" "their" "theirs" "yours" "myself" "himself" "everybody" "somebody" "anybody" "nobody" "one" "ones" "two" "three" "four" "five" "six" "seven" "eight" "nine" "ten" "eleven"
    "twelve" "both" "each" "several" "couple" "few" "lots" "loads" "plenty" "bit" "lot" "boss" "bruh" "dawg" "dude" "fam" "folks" "girl" "girls" "guys" "homie" "hubby" "lad" "luv" "madam" "maam" "man" "mama" "papa"
    "mummy" "daddy" "nan" "gran" "granny" "grandma" "grandpa" "auntie" "aunt" "aunty" "uncle" "sir" "sis" "son" "sweetie" "honey" "darling" "babes" "babygirl" "queen" "king" "buddy" "pal" "yall" "gm" "gn" "idk" "ikr"
    "imo" "tbh" "tbf" "smh" "wtf" "wth" "fyi" "aka" "aight" "alright" "yes" "nah" "naw" "hmm" "ugh" "yay" "woo" "woohoo" "oops" "damn" "shit" "fuck" "hell" "god" "gosh" "jeez" "lmao" "lmfao" "rofl" "hahaha" "hehe"
    "eh" "ay" "ya" "yo" "aye" "morning" "evening" "afternoon" "night" "midnight" "midday" "noon" "weekend" "weekends" "weekdays" "daily" "holiday" "birthday" "anniversary" "wedding" "funeral" "christmas" "easter" "forever"
    "ago" "already" "almost" "exactly" "currently" "again" "hurry" "fr" "ngl" "deffo" "defo" "innit" "pronto" "hence" "plus" "minus" "per" "via" "versus" "hq" "gps" "eta" "etd" "postcode" "zip" "zipcode" "area" "suburb"
    "town" "city" "county" "state" "country" "village" "near" "nearby" "close" "by" "off" "behind" "before" "beforehand"
    "remember" "forget" "forgot" "wear" "dress" "dont" "cant" "please" "feel" "help" "join" "enjoy" "welcome" "hello" "hiya" "howdy" "careful" "beware" "sign" "signs" "show" "shows" "doing" "done" "due" "given"
    "listed" "called" "named" "painted" "attached" "included" "available" "furnished" "renovated" "detached" "semi" "studio" "maisonette" "bungalow" "penthouse" "condo" "townhouse" "mansion" "flats" "rooms" "floors"
    "sqft" "sqm" "asking" "offers" "viewing" "viewings" "tenant" "tenants" "landlord" "agent" "agents" "rental" "lease" "sale" "sold" "mortgage";

    /// The same in other languages, and what they say behind a town.
    is_no_foreign_town:
    "timbre" "llega" "llegan" "lleguen" "ven" "vengan" "vente" "venite" "veni" "vení" "trae" "traigan" "te" "os" "los" "las" "nos" "les" "le" "lo" "la" "el" "al" "ahí" "ahi" "acá" "aca" "aquí" "aqui" "allá" "alla"
    "toca" "tocar" "tocá" "llama" "llamar" "avisa" "avisame" "avísame" "frente" "detrás" "atras" "junto" "casa" "portal" "puerta" "piso" "planta" "bajo" "entre" "esquina" "porfa" "gracias" "dale" "claro" "bueno"
    "tarde" "temprano" "hoy" "mañana" "ahora" "ya" "luego" "después" "despues" "antes" "siempre" "nunca" "muy" "mucho" "poco" "está" "esta" "estoy" "estamos" "es" "son" "hay" "tengo" "tiene" "tienes" "puedes" "puede" "si"
    "que" "qué" "quien" "como" "cómo" "cuando" "donde" "dónde" "porque" "pero" "con" "sin" "por" "para" "perto" "ao" "à" "às" "aos" "na" "no" "nas" "em" "vem" "venha" "traz" "traga" "chega" "chegou" "chama"
    "interfone" "portaria" "fundos" "blz" "beleza" "valeu" "obrigado" "obrigada" "tá" "ta" "tô" "to" "né" "hoje" "amanhã" "agora" "depois" "cedo" "sempre" "muito" "aí" "ai" "lá" "você" "vc" "vcs"
    "tem" "temos" "tenho" "é" "são" "foi" "era" "sonne" "sonnez" "appelle" "appelez" "viens" "venez" "passe" "passez" "chez" "au" "aux" "du" "des" "une" "un" "je" "tu" "il" "elle" "on" "nous" "vous" "ils" "c'est" "cest"
    "code" "digicode" "interphone" "étage" "etage" "porte" "droite" "gauche" "fond" "cour" "merci" "stp" "svp" "demain" "ce" "cet" "cette" "ces" "après" "apres" "avant" "devant" "derrière" "derriere" "côté" "cote" "près"
    "avec" "sans" "pour" "mais" "ou" "où" "et" "donc" "bisous" "bises" "suona" "suonate" "citofono" "citofona" "citofonare" "vieni" "porta" "portate" "scala" "interno" "primo" "secondo" "terzo" "vicino" "davanti"
    "dietro" "accanto" "grazie" "ciao" "oggi" "domani" "adesso" "subito" "poi" "non" "ma" "senza" "alle" "dalle" "klingel" "klingeln" "klingelt" "komm" "kommt" "bring" "bringt" "bitte" "danke" "hinterhaus"
    "vorderhaus" "erster" "zweiter" "dritter" "vierter" "stock" "links" "rechts" "oben" "unten" "hinten" "vorne" "neben" "bei" "beim" "um" "ab" "bis" "gegen" "heute" "morgen" "jetzt" "gleich" "später" "spater"
    "und" "oder" "aber" "weil" "wenn" "dann" "da" "der" "die" "das" "den" "dem" "ein" "eine" "einen" "ich" "er" "sie" "wir" "ihr" "mein" "meine" "dein" "deine" "ist" "sind" "war" "hat" "habe" "haben" "kannst" "kann"
    "nicht" "kein" "keine" "auch" "nur" "noch" "schon" "sehr" "ganz" "genau" "bell" "bel" "kom" "komt" "breng" "naast" "boven" "beneden" "achter" "voor" "tegenover" "verdieping" "deur" "aub" "graag" "vandaag" "straks"
    "nu" "dan" "maar" "niet" "ook" "nog" "het" "een" "ik" "jij" "hij" "zij" "wij" "jullie" "mijn" "dus" "dank" "groetjes" "hai" "hain" "pe" "par" "mai" "ke" "ka" "ki" "ko" "se" "hi" "bhi" "aao" "aa" "aaja" "aja" "bhai"
    "yaar" "bhej" "bhejo" "wala" "wali" "wale" "paas" "pass" "sam" "saamne" "samne" "piche" "ghar" "gali" "hoon" "hu" "hun" "raha" "rehta" "rehti" "rahta" "rahti" "abhi" "kal" "aaj" "jaldi" "po" "ako" "namin" "natin" "dito"
    "diyan" "lang" "ha" "nga" "ba" "sa" "ng" "yung" "ung" "lah" "leh" "lor" "liao" "hor" "meh" "sia" "gyere" "gyertek" "kérlek" "csengő" "emelet" "przyjdź" "proszę" "piętro" "domofon" "dzwoń" "gel" "gelin" "kat" "zil" "daire" "lütfen";

    /// Beginnings of towns of three words.
    begins_long: "san" "santa" "st" "saint" "new" "north" "south" "east" "west" "upper" "lower" "great" "little" "el" "los" "las" "port" "mount" "fort" "kota" "ang";
}

/// The end of the towns behind the address from `first` to before `at`: no more than two words behind the comma, or between two commas where
/// it is announced; behind a flat's number three without a comma, also where they end the line that the address begins.
pub(super) fn behind(words: &[Word], first: usize, at: usize) -> usize {
    let flat = at >= 2 && words[at - 1].digits > 0 && is_sure_flat(&words[at - 2].lower);
    let joined = |next: &Word| flat && next.gap == Gap::Space;
    let Some(next) = words.get(at).filter(|next| next.gap == Gap::Comma || joined(next)) else { return at };
    let mut end = at;
    if joined(next) {
        let town = at + names(words, at);
        let line = |at: usize| words.get(at).is_none_or(|word| word.gap >= Gap::Line);
        let whole = (first == 0 || line(first)) && line(town);
        if town > at + 3 || !(whole || is_addressed(words, first) && ends(words, town)) {
            return at;
        }
        end = town;
    }
    let parted = |at: usize| words.get(at).is_some_and(|next| next.gap == Gap::Comma);
    if parted(end)
        && let Some(town) = town(words, end)
    {
        end = town;
        if parted(end) {
            let second = || is_addressed(words, first).then(|| town_of(words, end)).flatten();
            end = city::end(words, end).or_else(second).unwrap_or(end);
        }
    }
    end
}

/// The end of the town behind a comma at `at`, where neither a postcode nor a city has ended the address.
pub(super) fn town(words: &[Word], at: usize) -> Option<usize> {
    let before = &words[at - 1];
    let closed = before.is_zip() || before.digits >= 4 || city::is_city(&before.lower) || is_region_name(&before.lower);
    if closed { None } else { town_of(words, at) }
}

fn town_of(words: &[Word], at: usize) -> Option<usize> {
    // Other scripts have other words to go on with.
    let first = words.get(at).filter(|first| first.lower.starts_with(|c: char| c < '\u{370}'))?;
    let most = if begins_long(&first.lower) { 3 } else { 2 };
    let count = words[at..].iter().take(names(words, at)).take_while(|word| may_be_town(word)).count();
    // "st ives": no town is called "st".
    let named = first.letters >= 3 && !first.lower.contains('\'') || count > 1 && begins_long(&first.lower);
    ((1..=most).contains(&count) && named && clause_ends(words, at + count)).then_some(at + count)
}

pub(super) fn may_be_town(word: &Word) -> bool {
    !is_no_town(&word.lower)
        && !is_no_foreign_town(&word.lower)
        && !is_flat(&word.lower)
        && !district::is_quarter(&word.lower)
        && !spoken::is_texted_end(&word.lower)
        && !small::is_determiner(&word.lower)
        // "parking", "hopefully"
        && !["ing", "ly"].iter().any(|ending| word.letters > 4 && word.lower.ends_with(ending))
}

/// Whether a clause ends before `at`, or goes on with a word that is of no town.
pub(super) fn clause_ends(words: &[Word], at: usize) -> bool {
    spoken::ends(words, at)
        || words.get(at).is_some_and(|next| {
            let lower = next.lower.as_ref();
            next.digits == 0
                && (is_remark(lower) || is_last_word(lower) || is_no_town(lower) || is_no_foreign_town(lower))
        })
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn towns_stand_behind_the_comma_of_their_street() {
        for (text, address) in [
            ("im at 12 elm st, elmarat come over", "12 elm st, elmarat"),
            ("were at 45 elmack street, elmerick if u want", "45 elmack street, elmerick"),
            ("kids are at mums 9 elm crescent, elmoomba", "9 elm crescent, elmoomba"),
            ("its 40 elm lane, elmport mate", "40 elm lane, elmport"),
            ("the bbq is at 12 elm st, moss elm from 2", "12 elm st, moss elm"),
            ("punta ka sa 45 elm st, san elmo olmal", "45 elm st, san elmo olmal"),
            ("vivo en calle 9 de julio 512, olmario timbre 4", "calle 9 de julio 512, olmario"),
            ("entrega na rua das olmeiras, 233, olmafogo blz", "rua das olmeiras, 233, olmafogo"),
            ("12 elm st, st elms", "12 elm st, st elms"),
            (
                "na rua das olmeiras, 233, olmafogo, rio de janeiro blz",
                "rua das olmeiras, 233, olmafogo, rio de janeiro",
            ),
            ("drop in to 12 elm st, moss vale tmrw", "12 elm st, moss vale"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn what_else_people_say_behind_the_comma_stays() {
        for (text, address) in [
            ("12 elm street, blue door", "12 elm street"),
            ("12 elm street, side entrance", "12 elm street"),
            ("12 elm street, parking round the back", "12 elm street"),
            ("12 elm street, past the church", "12 elm street"),
            ("12 elm street, thats the one", "12 elm street"),
            ("12 elm street, see u there", "12 elm street"),
            ("12 elm street, big red barn", "12 elm street"),
            ("12 elm street, kids are asleep", "12 elm street"),
            ("12 elm street, hopefully by 8", "12 elm street"),
            ("12 elm street, free parking", "12 elm street"),
            ("12 elm street, leeds, half past 8", "12 elm street, leeds"),
            ("estoy en calle olmeda 23, toca el timbre", "calle olmeda 23"),
            ("bin in der ulmenstr. 24, klingel bei meier", "ulmenstr. 24"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }
}
