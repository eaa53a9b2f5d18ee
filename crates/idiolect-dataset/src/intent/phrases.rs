//! The closed sets of words and phrases that the rules look for, in plain English and lower case.

use crate::word_set::word_set;

word_set! {
    /// First words of an agreement.
    confirms:
    "yes" "yeah" "yep" "yup" "okay" "ok" "sure" "definitely" "absolutely" "agreed" "deal" "perfect" "great" "cool" "fine" "done" "alright" "noted" "exactly"
    "correct" "understood" "roger" "certainly" "totally" "indeed" "true" "can";

    /// First words of a refusal.
    declines: "no" "nope" "nah" "never" "unfortunately";

    /// First words of a greeting.
    greets: "hi" "hello" "hey" "hiya" "morning" "goodnight" "goodbye" "bye" "howdy" "welcome" "congratulations" "congrats" "merry" "happy" "night";

    /// Words of time and place that make an arrangement.
    is_time:
    "today" "tonight" "tomorrow" "monday" "tuesday" "wednesday" "thursday" "friday" "saturday" "sunday" "noon" "midnight" "o'clock" "morning" "afternoon"
    "evening" "weekend" "lunchtime" "later" "am" "pm" "minutes" "hour" "hours" "week";

    /// Verbs and things of arranging.
    is_arranging:
    "meet" "meeting" "pick" "drop" "bring" "book" "booked" "reserve" "reservation" "address" "train" "bus" "flight" "platform" "gate" "station" "airport" "parking"
    "park" "ticket" "tickets" "table" "appointment" "schedule" "deadline" "leave" "leaving" "arrive" "arrives" "starts" "opens" "closes" "collect" "deliver" "delivery"
    "send" "key" "keys" "entrance" "exit" "downstairs" "upstairs" "outside" "bill" "pay" "transfer" "grab" "buy" "call" "text" "email" "remember" "remind" "wait" "moved"
    "postponed" "cancelled" "dinner" "lunch" "breakfast" "class" "session" "rehearsal" "party" "come" "stop" "see" "ready" "doors" "door";

    /// Words that begin a report on oneself.
    reports:
    "i'm" "i've" "we're" "we've" "just" "still" "finally" "currently" "almost" "back" "home" "already" "i" "we" "my" "our" "running" "stuck" "finished" "waiting"
    "got" "had" "been" "going" "heading" "leaving" "feeling" "so";
}

/// Refusals wherever they stand.
pub(super) const REFUSALS: [&str; 27] = [
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
];

/// Agreements of more than one word, at the start.
pub(super) const AGREEMENTS: [&str; 22] = [
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
    "i'm in",
    "count me in",
    "me too",
    "fair enough",
    "makes sense",
    "good idea",
    "let's do",
    "i can do",
    "i'll be there",
    "why not",
    "on it",
    "good with me",
];

/// What somebody is doing right now, wherever it stands.
pub(super) const REPORTS: [&str; 24] = [
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
];

/// Said of or around a joke.
pub(super) const JOKES: [&str; 15] = [
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
];

/// Greetings of more than one word, at the start.
pub(super) const GREETINGS: [&str; 14] = [
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
];

/// Questions that only greet.
pub(super) const SMALL_TALK: [&str; 6] =
    ["how are you", "how's it going", "how is it going", "what's up", "how are things", "how have you been"];

/// Occasions that greetings are for.
pub(super) const OCCASIONS: [&str; 5] = ["birthday", "christmas", "new year", "easter", "anniversary"];
