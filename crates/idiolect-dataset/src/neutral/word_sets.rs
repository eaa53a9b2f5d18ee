//! Small closed sets of English words that the context rules ask for.
//!
//! Many are asked about each word, so membership is a bit in the one table of known words (`vocabulary.rs`).

use super::vocabulary;

/// Declares `fn name(word: &str) -> bool` for each set of lower-case words, and the table of all of them.
macro_rules! sets {
    ($($(#[$doc:meta])* $name:ident: $($word:literal)+;)+) => {
        #[allow(non_camel_case_types, reason = "each is named like the function beside it")]
        #[derive(Clone, Copy)]
        enum Set { $($name),+ }

        $(
            $(#[$doc])*
            #[allow(dead_code, reason = "some sets are asked for by their bits alone")]
            pub(super) fn $name(word: &str) -> bool {
                vocabulary::word(word).sets & (1 << Set::$name as u32) != 0
            }
        )+

        /// Each set's bit and words.
        pub(super) const SETS: &[(u32, &[&str])] = &[$((1 << Set::$name as u32, &[$($word),+])),+];
    };
}

/// The bits of words that may say nothing where they stand.
pub(super) const FILLS: u32 = 1 << Set::is_particle as u32 | 1 << Set::is_vocative as u32;

/// The bits of words that a question may begin with.
pub(super) const OPENS_QUESTION: u32 = 1 << Set::is_question_word as u32 | 1 << Set::is_auxiliary as u32;

/// The bits of function words.
pub(super) const FUNCTION: u32 = OPENS_QUESTION | FILLS | 1 << Set::is_subject as u32 | 1 << Set::is_determiner as u32;

/// The bit of words with a rule in `context.rs`.
pub(super) const HAS_RULE: u32 = 1 << Set::has_rule as u32;

/// The bits of words that a name or a letter stands behind.
pub(super) const TITLE: u32 = 1 << Set::is_title as u32;
pub(super) const LABEL: u32 = 1 << Set::is_label as u32;

/// The bit of words that in capitals are initials.
pub(super) const INITIALS: u32 = 1 << Set::is_initials as u32;

/// The bits of words that tell English from what is not.
pub(super) const ENGLISH: u32 = 1 << Set::is_english as u32;
pub(super) const FOREIGN: u32 = 1 << Set::is_foreign as u32;

sets! {
    /// Common words with a doubled letter, which stretching hides.
    has_double:
    "too" "good" "see" "well" "all" "cool" "need" "feel" "sleep" "week" "soon" "food" "look" "miss" "free" "off" "tell" "call" "still" "boo" "school"
    "keep" "been" "meet" "happy" "funny" "sorry" "sunny" "tomorrow" "really" "yummy" "sweet" "moon" "room" "wee" "fee" "tree" "three" "agree" "fell"
    "full" "kill" "hell" "smell" "small" "ball" "fall" "hall" "wall" "tall" "bill" "chill" "fill" "hill" "pill" "will" "ill" "doll" "pull" "less"
    "mess" "kiss" "pass" "class" "boss" "cross" "loss" "ass" "grass" "guess" "dress" "stress" "issue" "deep" "seen" "green" "queen" "screen" "teen"
    "between" "feet" "street" "beer" "cheer" "deer" "beef" "cheese" "coffee" "book" "cook" "took" "hook" "door" "floor" "poor" "wood" "blood" "mood"
    "hood" "boot" "root" "shoot" "tooth" "zoo" "woo" "add" "odd" "egg" "app" "apple" "puppy" "bunny" "penny" "daddy" "mummy" "mommy" "silly" "bully"
    "hello" "yellow" "pillow" "follow" "dinner" "summer" "better" "butter" "little" "bottle" "pretty" "ugly" "allowed" "arrow" "carry" "hurry" "worry"
    "marry" "cherry" "berry" "ferry" "merry" "speed" "bleed" "seed" "weed" "feed" "asleep" "weep" "jeep" "cheek" "geek" "seek" "freeze" "breeze" "wheel"
    "steel" "peel" "heel" "kneel" "roof" "proof" "spoon" "noon" "balloon" "afternoon" "fool" "pool" "tool" "drool" "stool" "wool" "loop" "hoop" "stoop"
    "choose" "loose" "goose" "boom" "zoom" "bloom" "broom" "gloom" "doom" "oops" "balls" "bee" "knee" "goodbye" "hoo";

    /// Words after which a new clause may begin.
    opens_clause:
    "and" "but" "so" "or" "if" "when" "because" "that" "think" "hope" "know" "yes" "no" "okay" "though" "then" "where" "while" "since" "as" "until"
    "sure" "say" "says" "said" "guess" "bet" "means" "now" "well" "sorry" "honestly" "thanks" "hey" "hi" "oh" "also" "plus" "anyway" "maybe" "once"
    "ok" "yeah" "yea" "yep" "yup" "bc" "cos" "coz" "cuz" "tho" "n" "lol" "haha" "omg" "k" "kk" "aww" "nah" "nope" "b4" "before" "after" "wish" "swear" "what" "wow";

    /// Base forms of common verbs.
    is_base_verb:
    "be" "go" "get" "have" "come" "see" "do" "need" "take" "make" "meet" "try" "find" "leave" "call" "text" "talk" "tell" "let" "give" "bring" "buy"
    "pay" "send" "show" "stay" "start" "stop" "finish" "eat" "drink" "sleep" "wake" "wait" "watch" "listen" "read" "write" "play" "work"
    "help" "ask" "say" "think" "know" "look" "check" "pick" "drop" "drive" "walk" "run" "put" "keep" "hold" "use" "want" "like" "love" "miss" "never"
    "always" "just" "probably" "definitely" "also" "prob" "probs" "def" "defo" "defs" "prolly" "wear" "cook" "bake" "clean" "study" "learn" "teach" "book" "order" "pass" "message" "msg" "ring"
    "join" "win" "lose" "die" "kill" "cry" "scream" "still" "even" "then" "pop" "sort" "fix" "save" "share" "move" "turn" "open" "close" "catch" "cover"
    "sit" "stand" "hv" "hav" "b" "nvr" "change" "feel" "remember" "forget" "explain" "forgive" "manage" "survive" "hang" "head" "hop" "speak" "visit" "reply"
    "post" "print" "return" "figure" "add" "carry" "tidy" "wash" "answer" "mention" "draw" "decide" "own" "swap" "collect" "report" "grab" "rather" "prefer" "dance" "sing" "allow" "happily" "gladly" "actually" "only" "follow" "plan" "handle" "treat" "host" "accept" "trade" "hear" "stick" "throw" "push" "pull" "invite" "record" "film" "email" "end" "build" "paint" "measure" "count" "label" "fetch" "hide" "climb" "swim" "fly" "travel" "practise" "practice";

    /// What follows "it's", "you're", "we're" rather than "its", "your", "were".
    follows_is:
    "a" "an" "the" "so" "not" "nt" "all" "too" "very" "really" "rlly" "rly" "just" "still" "already" "always" "never" "nearly" "almost" "only" "also" "like" "gonna" "going" "gunna"
    "my" "our" "his" "her" "their" "in" "on" "at" "for" "about" "from" "with" "by" "near" "past" "under" "over" "off" "out" "up" "down" "back" "here" "there" "home" "ok" "okay" "fine" "good" "great"
    "bad" "nice" "cool" "cute" "sweet" "funny" "weird" "crazy" "mad" "mean" "lovely" "amazing" "awesome" "beautiful" "gorgeous" "perfect" "lucky" "right" "wrong"
    "sure" "able" "late" "early" "ready" "done" "free" "busy" "sick" "tired" "hungry" "happy" "sad" "angry" "bored" "drunk" "cold" "hot" "warm" "raining" "snowing" "sunny" "dark"
    "awake" "asleep" "alive" "dead" "lost" "stuck" "welcome" "kidding" "joking" "allowed" "invited" "supposed" "meant" "been" "being" "got" "gone" "called" "made"
    "because" "bc" "cos" "coz" "cuz" "no" "this" "that" "what" "why" "how" "when" "where" "who" "more" "less" "better" "worse" "best" "worst" "easy" "hard" "true" "impossible" "possible" "important"
    "probably" "prob" "definitely" "def" "honestly" "actually" "literally" "basically" "quite" "pretty" "super" "kinda" "kind" "sorta" "v" "abt" "bout" "time" "today" "tomorrow" "tonight" "monday" "tuesday" "wednesday" "thursday" "friday" "saturday" "sunday"
    "me" "him" "us" "them" "you" "u" "one" "two" "three" "both" "every" "everyone" "everything" "nothing" "something" "someone" "such" "sooo" "soo" "clearly" "obviously" "worth" "full" "empty" "open" "closed" "broken" "fixed"
    "huge" "tiny" "big" "small" "long" "short" "old" "new" "young" "different" "same" "expensive" "cheap" "famous" "wild" "insane" "mental" "hilarious" "iconic" "green" "red" "blue" "black" "white" "coming" "officially" "technically" "genuinely" "finally" "even" "legit" "lowkey" "into" "onto" "ten"
    "your" "ur" "yours" "mine" "outside" "inside" "upstairs" "downstairs" "around" "away" "online" "icy" "windy" "foggy" "wet" "chilly" "humid" "baltic" "rainy" "snowy" "dangerous" "disgusting"
    "gross" "horrible" "awful" "terrible" "brilliant" "unreal" "ridiculous" "stupid" "silly" "complicated" "urgent" "useless" "delicious" "scary" "safe" "quiet" "loud" "tricky" "unfair" "sore" "alright" "aight" "gr8" "l8" "gd" "gud" "fab";

    /// Words in -ing that are things or times, not what somebody is doing.
    is_ing_noun:
    "morning" "evening" "thing" "something" "nothing" "anything" "everything" "wedding" "ring" "king" "spring" "building" "ceiling" "painting" "clothing" "string"
    "swing" "wing" "feeling" "drawing" "earring" "pudding" "sibling" "darling" "icing" "dressing" "parking" "meaning" "bedding" "opening" "landing" "recording" "writing" "hearing" "timing" "training" "reading" "sting" "fling" "bling" "ping" "zing" "ding" "stuffing" "filling" "lightning" "beginning" "booking" "hosting" "stocking" "engineering";

    /// After these "ill" is "sick".
    precedes_ill:
    "is" "are" "was" "were" "am" "i'm" "im" "feel" "feeling" "felt" "get" "got" "getting" "look" "looks" "looking" "fall" "fell" "be" "been" "being"
    "very" "really" "so" "too" "seriously" "still" "mentally" "a" "the" "he's" "hes" "she's" "shes" "bit" "little" "all" "quite" "proper" "pretty" "rlly" "rly" "actually" "super" "properly" "r" "not" "of";

    /// Subject pronouns, in chat spelling too.
    is_subject: "i" "you" "u" "ya" "he" "she" "it" "we" "they" "yall" "y'all" "ü";

    /// Auxiliary verbs that start a question when a subject follows.
    is_auxiliary:
    "do" "does" "did" "are" "r" "is" "am" "was" "were" "can" "could" "will" "would" "should" "shall" "have" "has" "had" "may" "don't" "doesn't" "didn't" "aren't"
    "isn't" "wasn't" "weren't" "can't" "couldn't" "won't" "wouldn't" "shouldn't" "haven't" "hasn't";

    /// Question words.
    is_question_word:
    "what" "where" "when" "who" "why" "how" "which" "whose" "what's" "where's" "when's" "who's" "how's" "why's";

    /// Before these "2" is "to".
    precedes_to:
    "want" "wan" "going" "go" "need" "have" "hav" "hv" "got" "gt" "like" "love" "luv" "try" "trying" "tryin" "came" "come" "coming" "back" "used" "able"
    "supposed" "how" "what" "wat" "where" "listen" "talk" "talking" "text" "next" "happy" "nice" "good" "gd" "ready" "easy" "wait" "waiting" "plan" "planning" "hope" "hoping"
    "forget" "forgot" "remember" "learn" "close" "welcome" "say" "said" "speak" "speaking" "send" "sent" "give" "gave" "bring" "take" "went" "gone" "something" "nothing" "anything"
    "goin" "comin" "ask" "asked" "told" "allowed" "free" "willing" "add" "reply" "due" "off" "sth" "rem" "decide" "decided" "sad" "glad" "sorry" "kind" "belong" "write" "wrote" "refer" "according" "up";

    /// Behind these a digit stays a digit: they are counted or measured.
    is_counted:
    "mins" "min" "minutes" "minute" "hours" "hour" "hrs" "hr" "days" "day" "weeks" "week" "months" "month" "years" "year" "times" "people" "ppl" "more" "of" "am" "pm"
    "bucks" "dollars" "pounds" "euros" "kids" "cats" "dogs" "tickets" "beers" "drinks" "seconds" "secs" "km" "miles" "kg" "persons" "pax" "nights" "or" "and" "n" "to" "o'clock" "oclock" "ish"
    "sec" "wk" "wks" "mth" "mths" "yr" "yrs" "cups" "cup" "tbsp" "tsp" "ml" "litres" "liters" "grams" "left" "daily" "each" "nil" "extra" "children" "men" "women" "whole" "half" "halves" "other"
    "others" "spare" "double" "single" "slices" "pints" "packs" "pairs" "boxes" "bottles";

    /// Particles of Singapore English, said at the end of a clause.
    is_particle: "lah" "la" "lor" "leh" "lei" "sia" "hor" "arh" "wor" "meh" "mah" "ma" "ar" "ah" "eh" "ley" "liao" "lorh" "lar" "loh" "lo" "bah" "de" "one";

    /// Ways to address anybody.
    is_vocative: "bro" "bruh" "brah" "bruv" "dude" "mate" "fam" "homie";

    /// Words that make the next one a thing: "my bro", "the guys".
    is_determiner:
    "a" "an" "the" "my" "your" "ur" "his" "her" "our" "their" "this" "that" "these" "those" "some" "any" "no" "little" "big" "old" "young" "few" "two" "other" "poor" "with" "for" "to" "of" "as" "and" "&" "many"
    "best" "good" "new" "which" "what" "one" "is" "love" "miss" "tell" "ask" "meet" "see" "nice" "every" "us" "from" "than" "like" "call" "met";

    /// Describing words that may stand before a thing as well as alone.
    is_attribute:
    "good" "great" "bad" "nice" "cool" "cute" "sweet" "funny" "weird" "crazy" "lovely" "amazing" "awesome" "beautiful" "gorgeous" "perfect" "lucky" "right" "wrong" "late" "early"
    "free" "busy" "sick" "tired" "happy" "sad" "cold" "hot" "warm" "dead" "lost" "favourite" "best" "worst" "better" "worse" "easy" "hard" "true" "important" "full" "empty" "open" "closed"
    "broken" "huge" "tiny" "big" "small" "long" "short" "old" "new" "young" "different" "same" "expensive" "cheap" "famous" "green" "red" "blue" "black" "white" "one" "two" "three" "time"
    "monday" "tuesday" "wednesday" "thursday" "friday" "saturday" "sunday" "home" "like" "super" "wild" "dark" "ten" "back" "usual" "own" "made" "online" "outside" "inside" "away" "safe" "stupid" "silly" "quiet" "horrible" "awful" "terrible";

    /// Words that go on after a complete "you are late".
    is_connective:
    "and" "but" "so" "because" "bc" "cos" "coz" "cuz" "to" "at" "in" "on" "for" "with" "w" "w/" "about" "abt" "now" "today" "tonight" "tomorrow" "tmrw" "tmr" "if" "when" "than" "enough" "again" "too" "tho" "though" "then" "or" "as" "like" "rn" "already" "this" "that" "lol" "xx" "x";

    /// What "be" stands behind.
    precedes_be:
    "will" "would" "to" "can" "cant" "can't" "ill" "i'll" "gonna" "might" "must" "wont" "won't" "should" "could" "shall" "may" "ull" "2" "shld" "shud" "shd" "wld" "wud" "cld" "cud" "wil"
    "muz" "mst" "cnt" "couldnt" "wouldnt" "shouldnt";

    /// What "the" stands behind.
    precedes_the:
    "in" "at" "on" "of" "for" "from" "frm" "with" "wif" "by" "to" "2" "into" "under" "near" "all" "about" "abt" "during" "after" "aft" "before" "b4";

    /// What a day of the week stands behind.
    precedes_day: "on" "this" "next" "last" "every" "til" "until" "by" "for";

    /// Forms of "to be", behind which "omw" is no sentence.
    is_being: "i'm" "im" "is" "are" "r" "was" "were" "still" "am" "he's" "she's" "hes" "shes";

    /// Contracted "have", behind which "gotta" is "got to".
    is_having: "it's" "its" "that's" "thats" "hes" "shes" "uve" "i've" "ive" "you've" "youve" "we've" "weve" "they've" "she's" "he's";

    /// Behind these "4" is a number.
    precedes_four: "at" "by" "from" "til" "till" "until" "around" "of" "page" "no" "number" "all" "and" "or" "the" "to" "level" "room" "flat" "channel" "chapter" "part" "step" "day" "week"
    "bus" "line" "gate" "platform" "seat" "season" "episode" "score" "past" "quarter" "half";

    /// Before these "4" is "for".
    follows_for:
    "u" "you" "me" "my" "the" "a" "him" "her" "us" "them" "ur" "your" "it" "this" "that" "dinner" "lunch" "now" "sure" "real" "free" "breakfast" "tea" "xmas" "christmas" "work" "school" "sale" "fun" "ages";

    /// Behind these "cause" is a noun or a verb.
    precedes_cause: "the" "a" "to" "will" "might" "can" "would" "could" "may" "this" "good" "lost" "root" "that";

    /// Beginnings of a clause that gives a reason.
    opens_reason:
    "im" "i'm" "its" "it's" "there" "theyre" "hes" "shes" "ive" "ill" "everyone" "someone" "people" "ppl" "nobody" "if" "when";

    /// Behind these stands somebody's name, whatever else it would say.
    is_title: "mr" "mrs" "ms" "dr" "mx";

    /// Behind these a letter, or a letter and a digit, is the name of a thing.
    is_label:
    "vitamin" "vit" "letter" "hepatitis" "hep" "gate" "platform" "terminal" "seat" "section" "plan" "type" "press" "zone" "wing" "exhibit" "row" "block" "size" "option" "group" "team" "grade" "flight"
    "room" "flat" "bus" "unit" "pier" "pi";

    /// Initials in capitals; chat words else.
    is_initials:
    "tn" "hr" "er" "ta" "hp" "mm" "ma" "la" "ar" "de" "lo" "um" "hu" "em" "hw" "tc" "nm" "sec" "msg" "bt" "dk" "din" "nd" "sat" "rem" "u2" "dem" "tat" "hm" "nid" "bc" "ard" "ah" "wan" "mor";

    /// Common words of English that the languages below have not.
    is_english:
    "the" "i" "you" "u" "it" "my" "to" "and" "of" "that" "we" "are" "for" "with" "have" "this" "dont" "don't" "not" "but" "he" "she" "they" "your" "ur" "at" "what" "just" "be" "can" "get" "got" "go"
    "if" "all" "out" "up" "like" "know" "think" "want" "need" "please" "pls" "thanks" "good" "day" "time" "when" "where" "how" "why" "who" "will" "would" "there" "here" "now" "from" "been" "has" "had" "did"
    "does" "or" "by" "love" "see" "said" "it's" "i'm" "idk" "omw" "thx" "yeah" "tmrw" "tonight" "home" "bc" "abt" "w";

    /// Common words of German, Dutch, French, Spanish, Italian, Portuguese, the Scandinavian languages and Polish that English has not.
    is_foreign:
    "ich" "du" "wir" "ihr" "ist" "sind" "nicht" "und" "ein" "eine" "einen" "mit" "auf" "für" "zu" "auch" "noch" "schon" "heute" "morgen" "gleich" "habe" "hab" "bist"
    "kommst" "komme" "sehr" "aber" "oder" "mir" "dir" "mich" "dich" "kein" "keine" "danke" "bitte" "wenn" "kann" "muss" "wird" "haben" "nein" "ja" "ik" "het" "een" "niet"
    "je" "jij" "wij" "zijn" "heeft" "heb" "hij" "ook" "nog" "maar" "voor" "naar" "goed" "tijd" "geen" "deze" "mijn" "jouw" "waar" "gaat" "tu" "nous" "vous" "suis" "pas"
    "une" "avec" "mais" "oui" "c'est" "j'ai" "où" "ça" "très" "bien" "merci" "aussi" "demain" "moi" "toi" "sur" "qui" "quoi" "quand" "que" "por" "una" "está" "estoy"
    "pero" "muy" "gusta" "qué" "cómo" "hola" "gracias" "ahora" "mañana" "también" "eres" "soy" "tengo" "quiero" "sí" "aquí" "che" "sono" "anche" "ciao" "grazie" "domani"
    "oggi" "perché" "questo" "della" "tuo" "não" "uma" "você" "estou" "obrigado" "obrigada" "também" "amanhã" "hoje" "isso" "jag" "är" "och" "inte" "jeg" "ikke" "på"
    "hej" "også" "mig" "nie" "jest" "się" "tak" "czy" "już" "jestem" "kocham" "gdzie" "kiedy" "dobranoc" "teraz" "jutro" "jutra" "das" "es" "sie" "wie" "wo" "wer" "warum"
    "dann" "mal" "nur" "doch" "jetzt" "immer" "viel" "machst" "machen" "geht" "gehts" "hast" "waren" "bis" "vom" "zum" "zur" "bei" "nach" "alles" "klar" "liebe" "guten"
    "gute" "nacht" "abend" "gerne" "wieder" "uhr" "zeit" "bent" "dank" "bijna" "hoe" "laat" "slaap" "lekker" "wel" "straks" "doen" "komt" "bij" "aan" "uit" "det" "vi" "snart"
    "hjemme" "hemma" "hur" "har" "tid" "tack" "takk" "för" "natt" "idag" "nej" "hva" "hvor" "skal" "kommer" "est" "les" "et" "dans" "pour" "ce" "cette" "mes" "il"
    "elle" "ils" "sont" "fais" "vais" "vas" "peux" "veux" "sais" "bonne" "bonjour" "bonsoir" "salut" "slt" "nuit" "soir" "rien" "tout" "tous" "alors" "trop" "jsp" "mdr"
    "tkt" "stp" "dsl" "bcp" "faim" "personne" "non" "del" "alle" "ti" "cmq" "quando" "cosa" "stai" "sto" "sei" "siamo" "bene" "voglio" "dopo" "buona" "notte"
    "buongiorno" "el" "en" "te" "se" "con" "para" "como" "donde" "dónde" "cuando" "nos" "vemos" "voy" "vamos" "estas" "estás" "tienes" "buenos" "buenas" "noches" "dias"
    "días" "tardes" "luego" "hoy" "mucho" "puedo" "puedes" "quieres" "creo" "casa" "amor" "tambien" "sé" "llegue" "llegué" "dale" "feliz" "muchas" "siempre" "cumple" "vc"
    "vcs" "voce" "nao" "pra" "muito" "obg" "bom" "boa" "dia" "noite" "amanha" "agora" "onde" "vou" "vai" "cheguei" "chegando" "beijo" "bjs" "blz" "tudo" "bem" "meu"
    "minha" "tá" "faci" "unde" "esti" "sunt" "acum" "noapte" "iubesc" "kya" "hain" "kar" "raha" "rahe" "rahi" "nahi" "nhi" "mein" "mera" "meri" "tera" "tum" "aap"
    "bhi" "aur" "kal" "aaj" "abhi" "ghar" "kahan" "kidhar" "yar" "koi" "sahi" "hota" "hoti" "hoga" "hogi" "karna" "karo" "kitna" "phir" "wahan" "yahan" "tere" "raat" "bata" "kab" "kaise" "kyu" "kyun" "kuch" "bahut" "acha" "accha" "haan" "thik" "theek" "gaya" "gaye" "hua" "bhai" "chalo" "liye"
    "mujhe" "yaar" "aku" "kamu" "saya" "tidak" "gak" "nggak" "udah" "sudah" "belum" "bisa" "mau" "yang" "ini" "itu" "dari" "untuk" "juga" "kalau" "nanti" "besok" "banget"
    "makasih" "terima" "apa" "kenapa" "ako" "ikaw" "naman" "kasi" "yung" "dito" "wala" "meron" "opo" "salamat" "sige" "kita" "bukas" "ngayon" "mamaya" "ano" "mga" "nga"
    "tayo" "siya" "talaga" "pwede" "bir" "çok" "cok" "yok" "iyi" "evet" "tamam" "değil" "için" "selam" "bugün" "yarın" "yarin" "neden" "canım" "canim" "sen" "seni" "kak"
    "dela" "gde" "doma" "privet" "spasibo" "tebya" "chto" "menya" "nochi" "anh" "khong" "chuc";

    /// Words with a rule of their own in `context.rs`.
    has_rule: "def" "defs" "perf" "err" "lotta" "sm" "aft" "huh" "nuh" "atm" "rn" "otp" "gf" "ig" "em" "kay" "da" "teh" "tha" "wad" "wit" "bout" "nth" "bk" "tok" "cumin" "cheers" "grad" "legit" "thk" "thnk" "kw" "nm" "kms" "r" "n" "y" "c" "b" "v" "w" "k" "2" "4" "ill" "id" "were" "well" "hell" "shell" "shed" "wed" "its" "lets" "ur" "your" "d" "e" "nd" "bt" "den" "din" "tat" "tot" "cause" "gg" "ya" "ye" "yo" "omw" "dunno" "dk" "dno" "gotta" "gonna" "gunna" "til" "till" "mins" "min" "fr" "like" "sat" "sun" "mon" "aint" "ain't" "wtf" "wth" "cuz" "cos" "bc" "b4" "g8" "w8" "l8" "h8" "m8" "u2" "hw" "hr" "sec"
    "wk" "yr" "mth" "mm" "hp" "er" "ta" "ty" "apt" "num" "no1" "prob" "probs";
}
