//! Small closed sets of English words that the context rules ask for.

macro_rules! word_set {
    ($(#[$doc:meta])* $name:ident: $($word:literal)+) => {
        $(#[$doc])*
        pub(super) fn $name(word: &str) -> bool {
            matches!(word, $($word)|+)
        }
    };
}

word_set! {
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
    "choose" "loose" "goose" "boom" "zoom" "bloom" "broom" "gloom" "doom" "oops" "balls" "bee" "knee" "goodbye" "hoo"
}

word_set! {
    /// Words after which a new clause may begin.
    opens_clause:
    "and" "but" "so" "or" "if" "when" "because" "that" "think" "hope" "know" "yes" "no" "okay" "though" "then" "where" "while" "since" "as" "until"
    "sure" "say" "says" "said" "guess" "bet" "means" "now" "well" "sorry" "honestly" "thanks" "hey" "hi" "oh" "also" "plus" "anyway" "maybe" "once"
    "ok" "yeah" "yea" "yep" "yup" "bc" "cos" "coz" "cuz" "tho" "n" "lol" "haha" "omg" "k" "kk" "aww" "nah" "nope" "b4" "before" "after" "wish" "swear" "what" "wow"
}

word_set! {
    /// Base forms of common verbs.
    is_base_verb:
    "be" "go" "get" "have" "come" "see" "do" "need" "take" "make" "meet" "try" "find" "leave" "call" "text" "talk" "tell" "let" "give" "bring" "buy"
    "pay" "send" "show" "stay" "start" "stop" "finish" "eat" "drink" "sleep" "wake" "wait" "watch" "listen" "read" "write" "play" "work"
    "help" "ask" "say" "think" "know" "look" "check" "pick" "drop" "drive" "walk" "run" "put" "keep" "hold" "use" "want" "like" "love" "miss" "never"
    "always" "just" "probably" "definitely" "also" "prob" "probs" "def" "defo" "defs" "prolly" "wear" "cook" "bake" "clean" "study" "learn" "teach" "book" "order" "pass" "message" "msg" "ring"
    "join" "win" "lose" "die" "kill" "cry" "scream" "still" "even" "then" "pop" "sort" "fix" "save" "share" "move" "turn" "open" "close" "catch" "cover"
    "sit" "stand" "hv" "hav" "b" "nvr" "change" "feel" "remember" "forget" "explain" "forgive" "manage" "survive" "hang" "head" "hop" "speak" "visit" "reply"
    "post" "print" "return" "figure" "add" "carry" "tidy" "wash" "answer" "mention" "draw" "decide" "own" "swap" "collect" "report" "grab" "rather" "prefer" "dance" "sing" "allow" "happily" "gladly" "actually" "only" "follow" "plan" "handle" "treat" "host" "accept" "trade"
}

word_set! {
    /// What follows "it's", "you're", "we're" rather than "its", "your", "were".
    follows_is:
    "a" "an" "the" "so" "not" "all" "too" "very" "really" "rlly" "rly" "just" "still" "already" "always" "never" "nearly" "almost" "only" "also" "like" "gonna" "going" "gunna"
    "my" "our" "his" "her" "their" "in" "on" "at" "for" "about" "from" "with" "by" "near" "past" "under" "over" "off" "out" "up" "down" "back" "here" "there" "home" "ok" "okay" "fine" "good" "great"
    "bad" "nice" "cool" "cute" "sweet" "funny" "weird" "crazy" "mad" "mean" "lovely" "amazing" "awesome" "beautiful" "gorgeous" "perfect" "lucky" "right" "wrong"
    "sure" "able" "late" "early" "ready" "done" "free" "busy" "sick" "tired" "hungry" "happy" "sad" "angry" "bored" "drunk" "cold" "hot" "warm" "raining" "snowing" "sunny" "dark"
    "awake" "asleep" "alive" "dead" "lost" "stuck" "welcome" "kidding" "joking" "allowed" "invited" "supposed" "meant" "been" "being" "got" "gone" "called" "made"
    "because" "bc" "cos" "coz" "cuz" "no" "this" "that" "what" "why" "how" "when" "where" "who" "more" "less" "better" "worse" "best" "worst" "easy" "hard" "true" "impossible" "possible" "important"
    "probably" "prob" "definitely" "def" "honestly" "actually" "literally" "basically" "quite" "pretty" "super" "kinda" "kind" "sorta" "v" "abt" "bout" "time" "today" "tomorrow" "tonight" "monday" "tuesday" "wednesday" "thursday" "friday" "saturday" "sunday"
    "me" "him" "us" "them" "you" "u" "one" "two" "three" "both" "every" "everyone" "everything" "nothing" "something" "someone" "such" "sooo" "soo" "clearly" "obviously" "worth" "full" "empty" "open" "closed" "broken" "fixed"
    "huge" "tiny" "big" "small" "long" "short" "old" "new" "young" "different" "same" "expensive" "cheap" "famous" "wild" "insane" "mental" "hilarious" "iconic" "green" "red" "blue" "black" "white" "coming" "officially" "technically" "genuinely" "finally" "even" "legit" "lowkey" "into" "onto" "ten"
}

word_set! {
    /// Words in -ing that are things or times, not what somebody is doing.
    is_ing_noun:
    "morning" "evening" "thing" "something" "nothing" "anything" "everything" "wedding" "ring" "king" "spring" "building" "ceiling" "painting" "clothing" "string"
    "swing" "wing" "feeling" "drawing" "earring" "pudding" "sibling" "darling" "icing" "dressing" "parking" "meaning" "bedding" "opening" "landing" "recording" "writing" "hearing" "timing" "training" "reading" "sting" "fling" "bling" "ping" "zing" "ding" "stuffing" "filling" "lightning" "beginning" "booking" "hosting" "stocking" "engineering"
}

word_set! {
    /// After these "ill" is "sick".
    precedes_ill:
    "is" "are" "was" "were" "am" "i'm" "im" "feel" "feeling" "felt" "get" "got" "getting" "look" "looks" "looking" "fall" "fell" "be" "been" "being"
    "very" "really" "so" "too" "seriously" "still" "mentally" "a" "the" "he's" "hes" "she's" "shes" "bit" "little" "all" "quite" "proper" "pretty" "rlly" "rly" "actually" "super" "properly" "r" "not" "of"
}

word_set! {
    /// Subject pronouns, in chat spelling too.
    is_subject: "i" "you" "u" "ya" "he" "she" "it" "we" "they" "yall" "y'all" "ü"
}

word_set! {
    /// Auxiliary verbs that start a question when a subject follows.
    is_auxiliary:
    "do" "does" "did" "are" "r" "is" "am" "was" "were" "can" "could" "will" "would" "should" "shall" "have" "has" "had" "may" "don't" "doesn't" "didn't" "aren't"
    "isn't" "wasn't" "weren't" "can't" "couldn't" "won't" "wouldn't" "shouldn't" "haven't" "hasn't"
}

word_set! {
    /// Question words.
    is_question_word:
    "what" "where" "when" "who" "why" "how" "which" "whose" "what's" "where's" "when's" "who's" "how's" "why's"
}

word_set! {
    /// Before these "2" is "to".
    precedes_to:
    "want" "wan" "going" "go" "need" "have" "hav" "hv" "got" "gt" "like" "love" "luv" "try" "trying" "tryin" "came" "come" "coming" "back" "used" "able"
    "supposed" "how" "what" "wat" "where" "listen" "talk" "talking" "text" "next" "happy" "nice" "good" "gd" "ready" "easy" "wait" "waiting" "plan" "planning" "hope" "hoping"
    "forget" "forgot" "remember" "learn" "close" "welcome" "say" "said" "speak" "speaking" "send" "sent" "give" "gave" "bring" "take" "went" "gone" "something" "nothing" "anything"
    "goin" "comin" "ask" "asked" "told" "allowed" "free" "willing" "add" "reply" "due" "off" "sth" "rem" "decide" "decided" "sad" "glad" "sorry" "kind" "belong" "write" "wrote" "refer" "according" "up"
}

word_set! {
    /// Behind these a digit stays a digit: they are counted or measured.
    is_counted:
    "mins" "min" "minutes" "minute" "hours" "hour" "hrs" "hr" "days" "day" "weeks" "week" "months" "month" "years" "year" "times" "people" "ppl" "more" "of" "am" "pm"
    "bucks" "dollars" "pounds" "euros" "kids" "cats" "dogs" "tickets" "beers" "drinks" "seconds" "secs" "km" "miles" "kg" "persons" "pax" "nights" "or" "and" "n" "to" "o'clock" "oclock" "ish"
}

word_set! {
    /// Particles of Singapore English, said at the end of a clause.
    is_particle: "lah" "la" "lor" "leh" "lei" "sia" "hor" "arh" "wor" "meh" "mah" "ma" "ar" "ah" "eh" "ley" "liao" "lorh" "lar" "loh" "lo" "bah" "de" "one"
}

word_set! {
    /// Ways to address anybody.
    is_vocative: "bro" "bruh" "brah" "bruv" "dude" "mate" "fam" "homie"
}

word_set! {
    /// Words that make the next one a thing: "my bro", "the guys".
    is_determiner:
    "a" "an" "the" "my" "your" "ur" "his" "her" "our" "their" "this" "that" "these" "those" "some" "any" "no" "little" "big" "old" "young" "few" "two" "other" "poor" "with" "for" "to" "of" "as" "and" "&" "many"
    "best" "good" "new" "which" "what" "one" "is" "love" "miss" "tell" "ask" "meet" "see" "nice" "every" "us" "from" "than" "like" "call" "met"
}

word_set! {
    /// Describing words that may stand before a thing as well as alone.
    is_attribute:
    "good" "great" "bad" "nice" "cool" "cute" "sweet" "funny" "weird" "crazy" "lovely" "amazing" "awesome" "beautiful" "gorgeous" "perfect" "lucky" "right" "wrong" "late" "early"
    "free" "busy" "sick" "tired" "happy" "sad" "cold" "hot" "warm" "dead" "lost" "favourite" "best" "worst" "better" "worse" "easy" "hard" "true" "important" "full" "empty" "open" "closed"
    "broken" "huge" "tiny" "big" "small" "long" "short" "old" "new" "young" "different" "same" "expensive" "cheap" "famous" "green" "red" "blue" "black" "white" "one" "two" "three" "time"
    "monday" "tuesday" "wednesday" "thursday" "friday" "saturday" "sunday" "home" "like" "super" "wild" "dark" "ten" "back" "usual" "own" "made"
}

word_set! {
    /// Words that go on after a complete "you are late".
    is_connective:
    "and" "but" "so" "because" "bc" "cos" "coz" "cuz" "to" "at" "in" "on" "for" "with" "w" "w/" "about" "abt" "now" "today" "tonight" "tomorrow" "tmrw" "tmr" "if" "when" "than" "enough" "again" "too" "tho" "though" "then" "or" "as" "like" "rn" "already" "this" "that" "lol" "xx" "x"
}

word_set! {
    /// Given names that are no common words: people write them small in chats.
    is_given_name:
    "aaron" "abigail" "adam" "adrian" "ahmed" "aisha" "alan" "alana" "albert" "alejandro" "alex" "alexa" "alexander"
    "alexandra" "alexis" "alfie" "alice" "alicia" "alison" "alyssa" "amanda" "amelia" "amina" "amir" "amy" "ana"
    "andrea" "andrew" "andy" "angela" "angie" "anita" "anna" "annabel" "anne" "annie" "anthony" "antonio" "anya" "ari"
    "ariana" "arjun" "arthur" "asha" "ashley" "astrid" "ava" "ayesha" "barbara" "beatrice" "becca" "becky" "bella"
    "benjamin" "bernard" "beth" "bethany" "bianca" "billy" "bobby" "bradley" "brandon" "brenda" "brian" "bridget"
    "bruno" "caitlin" "callum" "cameron" "camilla" "carla" "carlos" "carmen" "carol" "caroline" "carolyn" "catherine"
    "cathy" "cecilia" "charles" "charlie" "charlotte" "chloe" "chris" "christina" "christine" "christopher" "cindy"
    "claire" "clara" "claudia" "colin" "connor" "courtney" "craig" "cynthia" "damian" "dan" "dana" "daniel" "daniela"
    "danielle" "danny" "darren" "dave" "david" "deborah" "debbie" "declan" "denise" "dennis" "derek" "diana" "diane"
    "diego" "dina" "dominic" "donna" "doris" "dorothy" "douglas" "duncan" "dylan" "edith" "eduardo" "edward" "eleanor"
    "elena" "elijah" "elinor" "elizabeth" "ella" "ellen" "ellie" "elliot" "elsa" "emil" "emilia" "emily" "emma" "eric"
    "erica" "erin" "ethan" "eva" "evan" "evelyn" "ezra" "fatima" "felicity" "felix" "fernanda" "finn" "fiona"
    "frances" "francesca" "francis" "frankie" "freddie" "freya" "gabriel" "gabriela" "gareth" "gary" "gavin" "gemma"
    "geoff" "george" "georgina" "gerald" "gillian" "gina" "giulia" "gordon" "graham" "greg" "gregory" "greta" "hamza"
    "hana" "hannah" "harriet" "harry" "harvey" "hassan" "hector" "heidi" "helen" "helena" "henry" "hugh" "hugo" "ian"
    "ibrahim" "imogen" "ines" "ingrid" "irene" "isaac" "isabel" "isabella" "isabelle" "isla" "ivan" "jackie" "jacob"
    "jacqueline" "jake" "james" "jamie" "jane" "janet" "jason" "javier" "jeff" "jenna" "jennifer" "jenny" "jeremy"
    "jerry" "jess" "jesse" "jessica" "jill" "jim" "jimmy" "joan" "joanna" "joanne" "jodie" "joe" "joel" "joey" "johan"
    "john" "johnny" "jon" "jonah" "jonas" "jonathan" "jorge" "jose" "joseph" "josh" "joshua" "josie" "juan" "judith"
    "judy" "julia" "julian" "juliana" "julie" "juliet" "justin" "kai" "karen" "karim" "karl" "kate" "katherine"
    "kathleen" "kathryn" "kathy" "katie" "katy" "kayla" "keith" "kelly" "kenneth" "kevin" "khalid" "kieran" "kim"
    "kimberly" "kirsty" "kris" "kristen" "kristina" "kyle" "lara" "larry" "laura" "lauren" "laurence" "layla" "leah"
    "lee" "leila" "lena" "leo" "leon" "leonard" "leopold" "lewis" "liam" "linda" "lisa" "liz" "lizzie" "logan"
    "lorenzo" "louis" "louisa" "louise" "luca" "lucas" "lucia" "lucy" "luis" "luke" "lydia" "lynn" "maddie"
    "madeleine" "magda" "maggie" "malcolm" "marco" "margaret" "maria" "marie" "marina" "mario" "marta" "martha"
    "martin" "marty" "mary" "mateo" "matilda" "matt" "matthew" "maya" "megan" "mehmet" "mei" "melanie" "melissa" "mia"
    "michael" "michelle" "miguel" "mike" "mila" "millie" "mina" "miranda" "miriam" "mohamed" "mohammed" "molly"
    "monica" "muhammad" "nadia" "nancy" "naomi" "natalie" "natasha" "nathan" "neil" "nicholas" "nick" "nicola"
    "nicole" "nigel" "nikhil" "nina" "noah" "noor" "nora" "norman" "oliver" "olivia" "omar" "orla" "oscar" "owen"
    "pablo" "pam" "pamela" "pascal" "patricia" "patrick" "paul" "paula" "pauline" "pedro" "penelope" "peter" "phil"
    "philip" "philippa" "phoebe" "pierre" "polly" "priya" "rachael" "rachel" "rahul" "ralph" "raymond" "rebecca"
    "rhys" "ricardo" "richard" "ricky" "rita" "robert" "roberto" "roger" "rohan" "ronnie" "rory" "rosa" "rosie" "ross"
    "roxanne" "rupert" "russell" "ruth" "ryan" "sabrina" "sadie" "sally" "sam" "samantha" "samir" "samuel" "sandra"
    "sara" "sarah" "scott" "sean" "sebastian" "selina" "serena" "shane" "shannon" "sharon" "sheila" "shirley" "sian"
    "silvia" "simon" "sofia" "sonia" "sophia" "sophie" "stacey" "stella" "stephanie" "stephen" "steve" "steven"
    "stuart" "susan" "susie" "suzanne" "sylvia" "tamara" "tania" "tanya" "tara" "tariq" "ted" "teresa" "tessa" "theo"
    "theresa" "thomas" "tiffany" "tim" "timothy" "toby" "tommy" "tony" "tracey" "tracy" "trevor" "tristan" "valerie"
    "vanessa" "vera" "veronica" "vicky" "victor" "vincent" "vivian" "vivienne" "walter" "wanda" "wendy" "wesley"
    "william" "xavier" "yasmin" "yusuf" "yvonne" "zach" "zachary" "zara" "zoe"
}
