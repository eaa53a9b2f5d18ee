//! The closed sets of words and phrases that the rules look for, in plain English and lower case.

use crate::word_set::word_set;

word_set! {
    /// First words of an agreement.
    confirms:
    "yes" "yeah" "yep" "yup" "okay" "ok" "sure" "definitely" "absolutely" "agreed" "deal" "perfect" "great" "cool" "fine" "done" "alright" "noted" "exactly"
    "correct" "understood" "roger" "gotcha" "copy" "certainly" "totally" "indeed" "true" "can" "confirmed";

    /// What "great" and "fine" describe when it follows them.
    is_described:
    "game" "games" "match" "quiz" "goal" "shot" "result" "win" "weather" "day" "days" "night" "times" "story" "news" "article" "book" "film" "movie" "show" "series" "episode" "song"
    "album" "gig" "concert" "video" "clip" "photo" "photos" "pic" "pics" "picture" "pictures" "view" "food" "trip" "holiday" "party" "wedding" "job" "work" "speech" "joke" "guy" "people"
    "dog" "cat" "kids" "team" "player" "band" "shirt" "dress" "hair" "haircut" "house";

    /// First words of a refusal.
    declines: "no" "nope" "nah" "never" "unfortunately";

    /// First words of a greeting.
    greets: "hi" "hello" "hey" "hiya" "morning" "goodnight" "goodbye" "bye" "howdy" "welcome" "g'day" "congratulations" "congrats" "merry" "happy" "night" "dear";

    /// Words of time and place that make an arrangement.
    is_time:
    "today" "tonight" "tomorrow" "monday" "tuesday" "wednesday" "thursday" "friday" "saturday" "sunday" "noon" "midnight" "o'clock" "morning" "afternoon"
    "evening" "weekend" "lunchtime" "am" "pm" "minutes" "hour" "hours" "week";

    /// Verbs and things of arranging.
    is_arranging:
    "meet" "meeting" "pick" "drop" "bring" "book" "booked" "reserve" "reservation" "address" "train" "bus" "flight" "platform" "gate" "station" "airport" "parking"
    "park" "ticket" "tickets" "table" "appointment" "schedule" "deadline" "leave" "leaving" "arrive" "arrives" "starts" "opens" "closes" "collect" "deliver" "delivery"
    "send" "key" "keys" "entrance" "exit" "downstairs" "upstairs" "outside" "bill" "pay" "transfer" "grab" "buy" "call" "text" "email" "remember" "remind" "wait" "moved"
    "postponed" "cancelled" "dinner" "lunch" "breakfast" "class" "session" "rehearsal" "party" "come" "stop" "see" "ready" "doors" "door" "kickoff" "check-in" "let's";

    /// Words that begin a report on oneself.
    reports:
    "i'm" "i've" "we're" "we've" "just" "still" "finally" "currently" "almost" "back" "home" "already" "we" "running" "stuck" "finished" "waiting"
    "got" "had" "been" "going" "heading" "leaving" "feeling" "outside" "upstairs" "downstairs" "halfway" "nearly" "bored"
    "tired" "hungry" "exhausted" "starving" "sleepy" "freezing";

    /// Behind "no" these go on refusing: "no thanks", not "no milk".
    follows_no:
    "thanks" "thank" "way" "chance" "sorry" "not" "i" "i'm" "i'll" "i've" "i'd" "we" "we're" "he" "she" "it" "it's" "they" "they're" "that" "that's" "you" "you're" "don't" "can't" "never" "please"
    "can" "but" "leave" "because" "really" "honestly" "no" "nope" "he's" "she's" "didn't";

    /// What one sees to, or tells others to see to.
    is_errand:
    "meet" "bring" "take" "leave" "park" "come" "pick" "drop" "call" "text" "ring" "book" "collect" "grab" "buy" "wait" "turn" "fetch" "order" "drive" "message" "get" "put" "use" "swap";

    /// What an errand is about, or where it leads.
    follows_errand:
    "me" "us" "the" "your" "my" "a" "them" "him" "her" "some" "left" "right" "round" "over" "by" "behind" "outside" "in" "to" "up" "at" "for" "past" "around" "off" "everyone" "two" "three";

    /// How things are once they have happened.
    is_state:
    "ready" "asleep" "awake" "fixed" "broken" "dead" "delayed" "arrived" "landed" "died" "gone" "late" "sick" "ill" "home" "over" "empty" "stuck" "finished" "sore" "lost"
    "full" "out" "down" "off";

    /// What has just happened, at the start: "landed", "passed my test".
    is_event:
    "landed" "arrived" "parked" "passed" "failed" "boarded" "woke" "slept" "missed" "found" "lost" "bought" "ate" "locked" "died" "broke" "crashed" "hurts" "stopped" "won" "sent" "cleaned" "fixed" "forgot" "dropped" "picked" "paid" "submitted" "started" "ordered";

    /// What happens to trains and parcels.
    is_happening: "arrived" "delayed" "cancelled" "landed" "here" "dead" "away";

    /// Behind "I" these are opinions and feelings for others.
    thinks:
    "love" "hate" "like" "think" "know" "wonder" "hope" "wish" "guess" "believe" "mean" "want" "prefer" "doubt" "miss" "see" "care" "mind" "get" "understand" "trust" "need" "swear" "bet" "suppose" "never"
    "don't" "would" "remember" "used";

    /// Behind "I'm": what is felt about others.
    is_for_others: "proud" "sorry" "glad" "jealous" "sure" "serious";

    /// Hours in words, without "one", which is mostly no hour.
    is_spelled_clock: "two" "three" "four" "five" "six" "seven" "eight" "nine" "ten" "eleven" "twelve" "noon" "midnight" "half" "quarter";

    /// Words in -ing that nobody does.
    is_ing_noun: "nothing" "something" "anything" "everything" "morning" "evening" "wedding" "building" "feeling" "according" "during" "amazing" "boring" "interesting" "annoying" "parking" "meeting" "thanksgiving";
}

/// Refusals wherever they stand.
pub(super) const REFUSALS: [&str; 63] = [
    "can't make it",
    "cannot make it",
    "can't come",
    "cannot come",
    "can't do",
    "can't tonight",
    "can't today",
    "can't tomorrow",
    "can't this",
    "won't be able",
    "not able to",
    "rather not",
    "not interested",
    "count me out",
    "i'm out",
    "i'll pass",
    "have to pass",
    "going to pass",
    "going to skip",
    "have to skip",
    "maybe another time",
    "maybe next time",
    "some other time",
    "not going to make it",
    "don't want to",
    "don't think i can",
    "not today",
    "not tonight",
    "not this",
    "got plans",
    "have plans",
    "already busy",
    "i'm busy",
    "doesn't work for me",
    "don't work for me",
    "won't work for me",
    "hard pass",
    "not my thing",
    "really my thing",
    "i'll skip",
    "skip this",
    "absolutely not",
    "definitely not",
    "of course not",
    "no chance",
    "can't afford",
    "have to cancel",
    "need to cancel",
    "not for me",
    "not in the mood",
    "no can do",
    "not feeling it",
    "not really",
    "no need",
    "don't bother",
    "no thanks",
    "not going to come",
    "say no to",
    "not in a million",
    "sit this one out",
    "sit it out",
    "can't talk",
    "but i can't",
];

/// Agreements of more than one word, at the start.
pub(super) const AGREEMENTS: [&str; 39] = [
    "sounds good",
    "sounds great",
    "works for me",
    "that works",
    "will do",
    "of course",
    "got it",
    "no problem",
    "no worries",
    "all right",
    "count me in",
    "me too",
    "fair enough",
    "makes sense",
    "good idea",
    "let's do it",
    "let's do this",
    "i can do",
    "i'll be there",
    "why not",
    "on it",
    "good with me",
    "that's right",
    "you're right",
    "go ahead",
    "go for it",
    "no prob",
    "i agree",
    "all good",
    "you got it",
    "consider it done",
    "i'm happy with",
    "i'm happy to",
    "happy to",
    "i'm up for",
    "up for it",
    "i'm down",
    "for sure",
    "say less",
];

/// What somebody is doing right now, wherever it stands.
pub(super) const REPORTS: [&str; 34] = [
    "on my way",
    "on the way",
    "running late",
    "be late",
    "minutes late",
    "almost there",
    "nearly there",
    "just got",
    "just arrived",
    "just left",
    "just finished",
    "just landed",
    "i'm here",
    "we're here",
    "i'm home",
    "home now",
    "leaving now",
    "stuck in",
    "stuck at",
    "stuck on",
    "i'm at",
    "i'm still",
    "made it",
    "be right back",
    "minutes away",
    "hours away",
    "right now",
    "about to",
    "has arrived",
    "went well",
    "went badly",
    "on a call",
    "on hold",
    "in bed",
];

/// Said of or around a joke.
pub(super) const JOKES: [&str; 21] = [
    "that is funny",
    "just kidding",
    "i'm kidding",
    "only joking",
    "just joking",
    "i'm joking",
    "knock knock",
    "walks into a bar",
    "walked into a bar",
    "pun intended",
    "why did the",
    "what do you call a",
    "asking for a friend",
    "said no one ever",
    "plot twist",
    "hilarious",
    "so funny",
    "very funny",
    "too funny",
    "cracked me up",
    "cracking me up",
];

/// Greetings of more than one word, at the start.
pub(super) const GREETINGS: [&str; 29] = [
    "good morning",
    "good night",
    "good evening",
    "good afternoon",
    "good luck",
    "have a good",
    "have a great",
    "have a lovely",
    "have a nice",
    "sleep well",
    "sweet dreams",
    "take care",
    "get well",
    "see you",
    "i'll talk to you",
    "talk to you later",
    "talk to you soon",
    "talk soon",
    "speak soon",
    "have fun",
    "safe travels",
    "safe trip",
    "enjoy your",
    "long time no see",
    "hope you're well",
    "hope you are well",
    "drive safe",
    "sleep tight",
    "get home safe",
];

/// Questions that only greet.
pub(super) const SMALL_TALK: [&str; 6] =
    ["how are you", "how's it going", "how is it going", "what's up", "how are things", "how have you been"];

/// Occasions that greetings are for.
pub(super) const OCCASIONS: [&str; 5] = ["birthday", "christmas", "new year", "easter", "anniversary"];

/// Where and when, without a clock.
pub(super) const ARRANGEMENTS: [&str; 9] = [
    "same time",
    "same place",
    "address is",
    "entrance is",
    "when you get there",
    "when you're outside",
    "when you arrive",
    "meet you",
    "appointment is",
];
