//! Towns in small letters that nothing settles, right behind the comma of their street: "12 elm st, elmarat come", "rua olmeira 45, olmafogo".

use super::announced::is_addressed;
use super::settled::{ends, names};
use super::town::is_remark;
use super::whole::is_last_word;
use super::word::{Gap, Word};
use super::words::*;
use super::{city, district, onward, small, spoken};
use crate::word_set::word_set;

word_set! {
    /// What people go on with behind an address and its comma, and what no town's name ends in, beside what `onward` knows.
    is_no_town:
    "above" "across" "along" "alone" "always" "among" "anyway" "backwards" "below" "beneath" "beside" "besides" "between" "beyond" "buzzer" "chat" "check" "else" "enough" "etc" "even" "ever" "except" "far"
    "fast" "first" "follow" "further" "grab" "half" "hang" "head" "heads" "heard" "hidden" "honk" "hop" "inside" "instead" "look" "maybe" "mind" "mine" "msg" "message" "never" "none" "once" "outside" "past"
    "pick" "pop" "press" "push" "quick" "quite" "rather" "round" "shall" "shout" "somewhere" "soon" "stay" "stop" "straight" "such" "though" "through" "together" "towards" "under" "unless" "usual" "wait"
    "watch" "well" "whatever" "whenever" "which" "while" "whose" "without" "yet" "yup" "asleep" "awake" "busy" "late" "free" "ready" "full" "empty" "open" "shut" "clear" "easy" "hard" "hot" "cold" "warm" "wet"
    "dry" "bad" "best" "better" "worse" "worst" "big" "bigger" "little" "tiny" "brown" "grey" "gray" "purple" "pink" "gold" "dark" "light" "bright" "loud" "quiet" "fancy" "posh" "cheap" "safe" "scary" "weird"
    "crazy" "funny" "sad" "happy" "drunk" "hungry" "sick" "lazy" "lucky" "dodgy" "cosy" "cozy" "gorgeous" "pretty" "new" "next-door" "nextdoor" "third" "fourth" "middle" "front" "rear" "left" "end" "corner"
    "opposite" "attic" "balcony" "basement" "barn" "bathroom" "bed" "bedroom" "beds" "bins" "box" "brick" "brother" "cabin" "car" "cars" "carpark" "cats" "chapel" "chippy" "church" "closet" "complex" "couch"
    "cottage" "desk" "dog" "dogs" "driver" "driveway" "elevator" "entrance" "exit" "fence" "fridge" "garage" "garden" "gates" "glass" "ground" "guests" "gym" "hotel" "intercom" "keybox" "kitchen" "letterbox"
    "lift" "lobby" "mailbox" "market" "metal" "neighbor" "neighbour" "neighbours" "number" "office" "pool" "porch" "postbox" "pub" "reception" "roof" "rooftop" "school" "security" "shed" "shop" "shops"
    "sister" "station" "steps" "stairs" "store" "street" "terrace" "tower" "van" "wall" "window" "windows" "wooden" "yard" "absolute" "amazon" "beautiful" "beer" "beers" "booze" "cake" "cash" "chips" "crisps"
    "dessert" "drink" "eat" "food" "gin" "grub" "ice" "kids" "lads" "ladies" "meal" "meat" "milk" "music" "presents" "sandwich" "snacks" "steak" "stuff" "sushi" "tapas" "vodka" "wine" "vibes" "money" "rent"
    "salary" "service" "event" "delivery" "order" "package" "parcel" "post" "mail" "letter" "letters" "present" "gift" "tickets" "ticket" "live" "lives" "says" "told" "knows" "thinks" "wants" "needs" "gets"
    "gives" "goes" "comes" "came" "looks" "makes" "takes" "took" "seems" "sounds" "feels" "means" "happens" "might" "must" "may" "didnt" "doesnt" "isnt" "wasnt" "arent" "wont" "shouldnt" "couldnt" "ive" "ill"
    "id" "thats" "theres" "youre" "youll" "weve" "whats" "wheres" "lets" "gotta" "his" "him" "hers" "ours" "their" "theirs" "yours" "myself" "himself" "everybody" "somebody" "anybody" "nobody" "one" "ones"
    "two" "three" "four" "five" "six" "seven" "eight" "nine" "ten" "eleven" "twelve" "both" "each" "several" "couple" "few" "lots" "loads" "plenty" "bit" "boss" "bruh" "dawg" "dude" "fam" "folks" "girl"
    "homie" "hubby" "lad" "luv" "madam" "maam" "man" "mama" "papa" "mummy" "daddy" "nan" "gran" "granny" "grandma" "grandpa" "auntie" "aunt" "aunty" "uncle" "sir" "sis" "son" "sweetie" "honey" "babes"
    "babygirl" "queen" "king" "buddy" "pal" "yall" "gm" "gn" "idk" "ikr" "imo" "tbh" "tbf" "smh" "wtf" "wth" "fyi" "aka" "aight" "alright" "nah" "naw" "hmm" "ugh" "yay" "woo" "woohoo" "oops" "damn" "shit"
    "fuck" "hell" "god" "gosh" "jeez" "lmao" "lmfao" "rofl" "hahaha" "hehe" "eh" "ay" "yo" "aye" "afternoon" "night" "midnight" "midday" "noon" "weekend" "weekends" "weekdays" "holiday" "birthday"
    "anniversary" "funeral" "christmas" "easter" "forever" "ago" "already" "almost" "again" "fr" "ngl" "deffo" "defo" "innit" "pronto" "hence" "plus" "minus" "per" "via" "versus" "hq" "gps" "eta" "etd"
    "postcode" "zip" "zipcode" "area" "suburb" "town" "city" "county" "state" "country" "village" "nearby" "close" "behind" "beforehand" "remember" "forget" "forgot" "wear" "dress" "feel" "help" "join" "enjoy"
    "welcome" "hiya" "howdy" "careful" "beware" "sign" "signs" "show" "shows" "done" "due" "given" "available" "semi" "maisonette" "bungalow" "penthouse" "condo" "townhouse" "mansion" "flats" "rooms" "floors"
    "sqft" "sqm" "offers" "viewings" "tenant" "tenants" "landlord" "agent" "agents" "rental" "lease" "sale" "sold" "mortgage" "skeleton" "cotton" "button" "carton" "badminton" "afford";

    /// The same in other languages, and what they say behind a town.
    is_no_foreign_town:
    "llegan" "lleguen" "vengan" "trae" "traigan" "os" "los" "las" "nos" "les" "le" "lo" "ahí" "ahi" "acá" "aca" "aquí" "allá" "alla" "toca" "tocar" "tocá" "llama" "llamar" "detrás" "atras" "bajo" "gracias"
    "claro" "bueno" "tarde" "temprano" "luego" "después" "despues" "antes" "siempre" "nunca" "muy" "mucho" "poco" "está" "esta" "estoy" "estamos" "es" "hay" "tengo" "tiene" "tienes" "puedes" "puede" "qué"
    "quien" "como" "cómo" "donde" "dónde" "porque" "sin" "por" "para" "ao" "às" "aos" "nas" "em" "venha" "traz" "traga" "chegou" "chama" "portaria" "beleza" "tô" "né" "depois" "cedo" "sempre" "muito" "aí" "ai"
    "lá" "você" "vcs" "tem" "temos" "tenho" "é" "são" "foi" "era" "appelez" "passe" "passez" "au" "aux" "une" "un" "droite" "gauche" "fond" "cour" "cet" "cette" "ces" "côté" "cote" "sans" "bises" "suona"
    "suonate" "citofonare" "porta" "portate" "oggi" "domani" "non" "senza" "dalle" "bringt" "erster" "zweiter" "dritter" "vierter" "stock" "hinten" "vorne" "gegen" "später" "spater" "einen" "ich" "sie" "wir"
    "ihr" "mein" "dein" "sind" "war" "hat" "habe" "haben" "kannst" "kann" "kein" "auch" "nur" "noch" "schon" "sehr" "ganz" "genau" "bell" "bel" "komt" "breng" "boven" "beneden" "achter" "voor" "tegenover"
    "deur" "aub" "graag" "vandaag" "straks" "dan" "maar" "niet" "ook" "nog" "ik" "jij" "hij" "zij" "wij" "jullie" "dus" "dank" "groetjes" "hain" "par" "mai" "ka" "ki" "ko" "hi" "bhi" "aao" "aa" "aaja" "bhai"
    "yaar" "bhej" "bhejo" "wala" "wali" "wale" "paas" "pass" "sam" "saamne" "samne" "piche" "ghar" "gali" "hoon" "hu" "raha" "rehta" "rehti" "rahta" "rahti" "abhi" "kal" "aaj" "jaldi" "po" "ako" "namin"
    "natin" "dito" "diyan" "lang" "ha" "nga" "sa" "ng" "yung" "ung" "lah" "leh" "lor" "liao" "hor" "meh" "sia" "kérlek" "csengő" "przyjdź";

    /// Beginnings of names of two words and three that towns alone have.
    begins_town: "san" "santa" "são" "sao" "st" "saint" "port" "mount" "fort" "kota";

    /// Others, of three words.
    begins_long: "new" "north" "south" "east" "west" "upper" "lower" "great" "little" "el" "los" "las" "ang";

    /// What towns of two words end in.
    ends_town: "vale" "bay" "beach" "heights" "hill" "hills" "springs" "falls" "valley" "creek" "heath" "harbour" "harbor" "grove" "gardens" "keynes" "regis" "spa";

    /// What is sent to an address.
    is_posted: "send" "sent" "sending" "deliver" "delivered" "delivery" "delivering" "post" "posted" "mail" "mailed" "ship" "shipped" "entrega" "entregar" "envía" "envia" "manda" "mande" "lieferung" "liefern" "spedisci";
}

/// How many words before an address may say that something is sent there.
const REACH: usize = 5;

/// Endings of the names of English towns, and of few other words that stand behind an address.
const TOWN_ENDINGS: [&str; 22] = [
    "ton", "ham", "ford", "bury", "burgh", "burg", "boro", "borough", "ville", "field", "mouth", "chester", "cester",
    "stead", "worth", "wick", "dale", "bridge", "hurst", "combe", "minster", "shire",
];

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
    let posted = || words[first.saturating_sub(REACH)..first].iter().any(|word| is_posted(&word.lower));
    let coded = || words[first..at].iter().skip(1).any(Word::is_zip);
    let announced = parted(end) && (is_addressed(words, first) || posted() || coded());
    if parted(end)
        && let Some(town) = town(words, end, announced)
    {
        end = town;
        if parted(end) {
            let second = || is_addressed(words, first).then(|| town_of(words, end)).flatten();
            end = city::end(words, end).or_else(second).unwrap_or(end);
        }
    }
    end
}

/// The end of the town behind a comma at `at`, where neither a postcode nor a city has ended the address. One that nothing announces looks like
/// a town, or a large city is behind it: most other words there are remarks.
pub(super) fn town(words: &[Word], at: usize, announced: bool) -> Option<usize> {
    let before = &words[at - 1];
    let closed = before.is_zip() || before.digits >= 4 || city::is_city(&before.lower) || is_region_name(&before.lower);
    let town = town_of(words, at).filter(|_| !closed)?;
    let placed = || {
        city::end(words, at) == Some(town)
            || words.get(town).is_some_and(|next| next.gap == Gap::Comma) && city::end(words, town).is_some()
    };
    (announced || placed() || looks_like_town(&words[at..town])).then_some(town)
}

fn town_of(words: &[Word], at: usize) -> Option<usize> {
    // Other scripts have other words to go on with.
    let first = words.get(at).filter(|first| first.lower.starts_with(|c: char| c < '\u{370}'))?;
    let long = begins_town(&first.lower) || begins_long(&first.lower);
    let most = if long { 3 } else { 2 };
    let may_be = |(offset, word): &(usize, &Word)| long && *offset == 0 || may_be_town(word) && has_vowel(&word.lower);
    let count = words[at..].iter().enumerate().take(names(words, at)).take_while(may_be).count();
    // "st ives": no town is called "st".
    let named = first.letters >= 3 && !first.lower.contains('\'') && !long || count > 1 && long;
    // "police are here"
    let told = words.get(at + count).is_some_and(|next| {
        next.gap == Gap::Space
            && matches!(next.lower.as_ref(), "is" | "are" | "was" | "were" | "has" | "have" | "will" | "can")
    });
    ((1..=most).contains(&count) && named && !told && clause_ends(words, at + count)).then_some(at + count)
}

fn looks_like_town(name: &[Word]) -> bool {
    let last = name[name.len() - 1].lower.as_ref();
    let ending = || last.len() > 5 && TOWN_ENDINGS.iter().any(|ending| last.ends_with(ending));
    ending() || name.len() > 1 && (begins_town(&name[0].lower) || ends_town(last))
}

/// "brb" and "plz" have none.
fn has_vowel(word: &str) -> bool {
    word.contains(|c: char| !c.is_ascii() || "aeiouy".contains(c))
}

pub(super) fn may_be_town(word: &Word) -> bool {
    !goes_on(&word.lower)
        && !is_flat(&word.lower)
        && !district::is_quarter(&word.lower)
        && !spoken::is_texted_end(&word.lower)
        && !small::is_determiner(&word.lower)
        // "parking", "hopefully", "knackered"
        && !["ing", "ly", "ed"].iter().any(|ending| word.letters > 4 && word.lower.ends_with(ending))
}

/// Whether a clause ends before `at`, or goes on with a word that is of no town.
pub(super) fn clause_ends(words: &[Word], at: usize) -> bool {
    spoken::ends(words, at)
        || words.get(at).is_some_and(|next| {
            let lower = next.lower.as_ref();
            next.digits == 0 && (is_remark(lower) || is_last_word(lower) || goes_on(lower))
        })
}

fn goes_on(word: &str) -> bool {
    is_no_town(word) || is_no_foreign_town(word) || onward::is_onward(word) || onward::goes_on_in_french(word)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn towns_stand_behind_the_comma_of_their_street() {
        for (text, address) in [
            ("i live at 12 elm st, elmarat come over", "12 elm st, elmarat"),
            ("my address is 45 elmack street, elmerick", "45 elmack street, elmerick"),
            ("send it to 12 elm st, elmarat", "12 elm st, elmarat"),
            ("kids are at mums 9 elm crescent, toowoomba", "9 elm crescent, toowoomba"),
            ("its 40 elm lane, elmbury mate", "40 elm lane, elmbury"),
            ("the bbq is at 12 elm st, moss vale from 2", "12 elm st, moss vale"),
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
            ("12 elm st, jess is already here", "12 elm st"),
            ("12 elm st, traffic sucks", "12 elm st"),
            ("i live at 12 elm st, police are here", "12 elm st"),
            ("i live at 12 elm st, knackered", "12 elm st"),
            ("i live at 12 elm st, brb", "12 elm st"),
            ("sono in via olmo 5, scendi", "via olmo 5"),
            ("vivo en calle olmeda 23, baja", "calle olmeda 23"),
            ("estoy en calle olmeda 3, baja", "calle olmeda 3"),
            ("ulmenstr. 3, beeil dich", "ulmenstr. 3"),
            ("ul. olmowej 5, czekam", "ul. olmowej 5"),
            ("rua olmeira 120, bora", "rua olmeira 120"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
        for remark in [
            "otw",
            "knackered",
            "police",
            "plz",
            "brb",
            "pizza tonight",
            "traffic on the bridge",
            "snacks if u want",
            "jess come quick",
        ] {
            assert_eq!(found(&format!("im at 12 elm street, {remark}")), ["12 elm street"], "{remark:?}");
        }
    }
}
