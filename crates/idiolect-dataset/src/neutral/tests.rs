//! Whole messages, made up, and their plain versions.

use proptest::prelude::*;

use super::*;
use crate::redact::placeholder;

fn neutral(text: &str) -> String {
    neutralise(text).text
}

#[test]
fn chat_english_becomes_plain_english() {
    for (chat, plain) in [
        ("omw!! call me if ur lost", "I'm on my way. Call me if you're lost."),
        ("i dont know tbh", "I don't know honestly."),
        ("u free tmrw?", "You free tomorrow?"),
        ("im gonna be sooo late lol sorry", "I'm going to be so late sorry."),
        ("ill bring the drill, its in my shed", "I'll bring the drill, it's in my shed."),
        ("its on my desk so ill hear it", "It's on my desk so I'll hear it."),
        ("im so ill today", "I'm so ill today."),
        ("if he rings its [PHONE_5]", "If he rings it's [PHONE_5]."),
        ("she was feeling ill", "She was feeling ill."),
        ("idk if ur mum wants tea", "I don't know if your mum wants tea."),
        ("r u and dad in??", "Are you and dad in?"),
        ("frm wat i haf, shld b no problem", "From what I have, should be no problem."),
        ("y u din tell her??", "Why you didn't tell her?"),
        ("can c the sea in d morn", "Can see the sea in the morning."),
        ("i tot pple wil b late den duno", "I thought people will be late then I don't know."),
        ("tea nd cake, no nd to rush", "Tea and cake, no need to rush."),
        ("she nd i went", "She and I went."),
        ("send it by e mail", "Send it by e mail."),
        ("got a tat in my dad's den", "Got a tat in my dad's den."),
        ("2 c batteries are missing", "2 c batteries are missing."),
        ("we sat in the den", "We sat in the den."),
        ("a sonata in e minor, or d", "A sonata in e minor, or d."),
        (
            "cant come tonight, were seeing a flat!! pls wrap my plate",
            "Can't come tonight, we're seeing a flat. Please wrap my plate.",
        ),
        ("were you there", "Were you there?"),
        ("the cat lost its bell", "The cat lost its bell."),
        ("its so cold", "It's so cold."),
        ("lets go 2 the park", "Let's go to the park."),
        ("ill be 2 mins", "I'll be 2 minutes."),
        ("gotta run, ttyl", "Have to run, I'll talk to you later."),
        ("COME HERE NOW PLS", "Come here now please."),
        ("where r u", "Where are you?"),
        ("ok so he said no...then left", "Okay so he said no. Then left."),
        ("see u on monday w/ theo x", "See you on Monday with Theo."),
        ("thats a bit much tho 😂😂", "That's a bit much though."),
        ("hahaha i love u dude", "I love you."),
        ("running 10 mins late sorry!!", "Running 10 minutes late sorry."),
        ("can i read u my speech bit??", "Can I read you my speech bit?"),
        ("theo is coming, he says hell bring pudding", "Theo is coming, he says he'll bring pudding."),
        ("i gtg bc my bus is here", "I have to go because my bus is here."),
        ("wat time we meeting", "What time we meeting?"),
        ("it was gr8 thx", "It was great thanks."),
        ("yeah def", "Yes definitely."),
        ("going home\nsee u there", "Going home. See you there."),
        ("can lah", "Can."),
        ("it moves very fast one", "It moves very fast."),
        ("i want the big blue one", "I want the big blue one."),
        ("he reprinted the n and the d", "He reprinted the n and the d."),
        ("youd see and shed be thrilled", "You'd see and she'd be thrilled."),
        ("going home.:-P", "Going home."),
        ("its O(n log n)", "It's O(n log n)."),
        ("send it 2 [EMAIL_1] or txt [PHONE_1] pls", "Send it to [EMAIL_1] or text [PHONE_1] please."),
        ("look https://example.com/a_b lol", "Look https://example.com/a_b"),
        ("meet @ 5.30pm :)", "Meet at 5.30pm."),
        ("is ur late train ok", "Is your late train okay?"),
        ("ur late", "You're late."),
        ("do ur coding", "Do your coding."),
        ("core.async.chan is in notes.pdf", "Core.async.chan is in notes.pdf."),
        ("ok.see u:) ok", "Okay. See you okay."),
        ("add the :b key", "Add the :b key."),
        ("nooo wayyy", "No way."),
        ("I’m here, don’t worry", "I'm here, don't worry."),
        ("w r u guys", "Where are you guys?"),
        ("thnk u for the lift", "Thank you for the lift."),
        ("ur nt late", "You're not late."),
        ("@jo ya, but i cant", "@jo yes, but I can't."),
        ("but ya. soup", "But yes. Soup."),
        ("k da i will cook", "Okay da I will cook."),
        ("going 2 c the vet", "Going to see the vet."),
        ("sort of... maybe not", "Sort of. Maybe not."),
        ("~1.5x the price (~20 quid)", "About 1.5x the price (about 20 quid)."),
        ("like in the 80's", "Like in the 80's."),
        ("ok x.x going ^o^", "Okay going."),
        ("see u at the pub (around 6.30)", "See you at the pub (around 6.30)."),
        ("call me at 6.30) lol", "Call me at 6.30."),
        ("it was cheap (only 3.99), take it", "It was cheap (only 3.99), take it."),
        ("its on the list (see foo.txt)", "It's on the list (see foo.txt)."),
        ("its there (https://example.com/a_(b)).", "It's there (https://example.com/a_(b))"),
        ("he said \"open foo.txt\" lol", "He said \"open foo.txt\"."),
        ("look at example.com:) nice", "Look at example.com nice."),
        ("ok cool.app works now", "Okay cool. App works now."),
        ("all done.log me in", "All done. Log me in."),
        ("the w are ours", "The win are ours."),
    ] {
        assert_eq!(neutral(chat), plain, "{chat:?}");
    }
}

/// What looks like chat spelling and is a number, a name, a unit or a letter.
#[test]
fn facts_stay_as_they_are() {
    for (chat, plain) in [
        ("i need 2 eggs", "I need 2 eggs."),
        ("bring 2 chairs n come 2 me", "Bring 2 chairs and come to me."),
        ("its 2 cold, 2 much wind", "It's too cold, too much wind."),
        ("got 2 left", "Got 2 left."),
        ("channel 4 now", "Channel 4 now."),
        ("take vitamin u", "Take vitamin u."),
        ("vitamin D= good 4 u", "Vitamin D= good for you."),
        ("type r or l", "Type r or l."),
        ("team r won, they r here", "Team r won, they are here."),
        ("meet at gate b4 b4 9", "Meet at gate b4 before 9."),
        ("talk to HR", "Talk to HR."),
        ("1 hr, then 2 hr, then hr", "1 hour, then 2 hours, then hr."),
        ("10 mm screws", "10 mm screws."),
        ("its 5 k", "It's 5 k."),
        ("hes at the ER", "He's at the ER."),
        ("i live in la", "I live in la."),
        ("Dr Wont and mr ill", "Dr Wont and mr ill."),
        ("ill people, ill health", "Ill people, ill health."),
        ("its battery died", "Its battery died."),
        ("were late, they were late", "We're late, they were late."),
        ("were you late", "Were you late?"),
        ("lets him go", "Lets him go."),
        ("reds v blues", "Reds v blues."),
        ("my cuz said, cuz of u", "My cousin said, because of you."),
        ("i aint got it, they aint ready", "I haven't got it, they aren't ready."),
        ("wtf is that", "What is that?"),
        ("wed night or wed ring", "Wednesday night or we'd ring."),
        ("i <3 u", "I love you."),
        ("(see u at 8)", "(See you at 8)."),
        ("2 yr, in his 2nd yr", "2 years, in his 2nd year."),
        ("v r late, shall v go", "We are late, shall we go."),
        ("plan 2 go", "Plan to go."),
        ("no prob, he is prob late", "No problem, he is probably late."),
        ("ask mr adam", "Ask mr Adam."),
        ("ok :slightly_smiling_face: :+1:", "Okay."),
        ("ok x.x", "Okay."),
        ("option (x), haha.xD", "Option (x)."),
        ("the U.K. visa, 10 a.m. sharp", "The U.K. visa, 10 a.m. sharp."),
        ("R&B at AT&T, mum&dad", "R&B at AT&T, mum and dad."),
        ("-5 outside, ~10 people, 5~6pm", "-5 outside, about 10 people, 5~6pm."),
        ("see example.com/ur", "See example.com/ur."),
        ("mail u@example", "Mail u@example."),
        ("its [PERSON_1]s bag", "It's [PERSON_1]s bag."),
        ("do it", "Do it."),
        ("who told u", "Who told you?"),
        ("any idea where it is", "Any idea where it is?"),
    ] {
        assert_eq!(neutral(chat), plain, "{chat:?}");
    }
}

/// Words that chats write for something else as well.
#[test]
fn words_with_two_readings_are_read_by_their_neighbours() {
    for (chat, plain) in [
        ("wheres the nearest atm, busy atm", "Where's the nearest ATM, busy at the moment?"),
        ("send me the otp, im otp w mum", "Send me the OTP, I'm on the phone with mum."),
        ("im an RN, cant talk rn", "I'm an RN, can't talk right now."),
        ("my gf wants gf bread", "My girlfriend wants gluten-free bread."),
        ("yea ig, saw it on ig", "Yes I guess, saw it on Instagram."),
        ("thanks em, tell em all", "Thanks Em, tell them all."),
        ("love you ma, can ma", "Love you ma, can."),
        ("bro is cooked", "Bro is cooked."),
        ("bro is it far", "Is it far?"),
        ("5 kms n a 5 kw heater for my 3 yo", "5 km and a 5 kW heater for my 3 years old."),
        ("shes 3 yo", "She's 3 years old."),
        ("add cumin, she is cumin home", "Add cumin, she is coming home."),
        ("gg wp", "Good game well played."),
        ("where u gg", "Where you going?"),
        ("is that legit or legit fake", "Is that genuine or really fake?"),
        ("grad school, then grad", "Graduate school, then graduation."),
        ("cheers to them, cheers pal", "Cheers to them, thanks pal."),
        ("the tea is teh, teh tea", "The tea is teh, the tea."),
        ("well let me see, well see", "Well let me see, we'll see."),
        ("ring when ur outside, hope ur feeling ok", "Ring when you're outside, hope you're feeling okay."),
        ("careful its icy, its 5 already", "Careful it's icy, it's 5 already."),
        ("at the dr w/ mia", "At the dr with Mia."),
        ("my turn 2 cook, 2 far 2 walk, same 2 u", "My turn to cook, 2 far to walk, same to you."),
        ("fri or sat", "Friday or Saturday."),
        ("thx sm, see u this aft", "Thanks so much, see you this afternoon."),
        ("thk u", "Thank you."),
        ("u alright", "You all right?"),
        ("4 sure, whats 4 tea", "For sure, what's for tea."),
        ("4 sure", "For sure."),
        ("mon 2 fri", "Monday to Friday."),
        ("an 18 yr old boy, 3 yr old", "An 18 year old boy, 3 years old."),
        ("yeah def, ill def come", "Yes definitely, I'll definitely come."),
        ("use def, not (def x 1)", "Use def, not (def x 1)."),
        ("perf, its a perf issue", "Perfect, it's a performance issue."),
        ("err on the safe side, err no", "Err on the safe side, no."),
        ("hw is due, so much hw, hw r u", "Homework is due, so much homework, how are you."),
        ("aint u coming", "Aren't you coming?"),
        ("aint no way", "There's no way."),
        ("wth, going wth u", "Going with you."),
        ("hows ya mum", "How's your mum?"),
        ("ya gotta see", "You have to see."),
        ("a whole lotta love", "A whole lot of love."),
        ("ill all week", "Ill all week."),
    ] {
        assert_eq!(neutral(chat), plain, "{chat:?}");
    }
}

/// Nothing is asked that was told.
#[test]
fn who_leaves_out_the_subject_asks_nothing() {
    for (chat, plain) in [
        ("did it!!", "Did it."),
        ("did the dishes", "Did the dishes."),
        ("was my fault", "Was my fault."),
        ("was the best day ever", "Was the best day ever."),
        ("wanna cry", "Want to cry."),
        ("dont u dare", "Don't you dare."),
        ("did the parcel come", "Did the parcel come?"),
        ("wanna get lunch", "Want to get lunch?"),
        ("where u at", "Where you at?"),
    ] {
        assert_eq!(neutral(chat), plain, "{chat:?}");
    }
}

#[test]
fn marks_that_say_something_stay() {
    for (chat, plain) in [
        ("got an A+ and a B-", "Got an A+ and a B-."),
        ("A* in maths, a 5* hotel", "A* in maths, a 5* hotel."),
        ("its 18+", "It's 18+."),
        ("in C++", "In C++."),
        ("wait-", "Wait."),
        ("*really* good", "Really good."),
        ("I came; I saw.", "I came; I saw."),
        ("it costs ₹500, its 20°C", "It costs ₹500, it's 20°C."),
        ("he said \"what?\" and left", "He said \"what?\" And left."),
        ("\"Fine,\" she said, \"but once.\"", "\"Fine,\" she said, \"but once.\""),
        ("(lol!) that was fun", "That was fun."),
        ("(ok!) see u", "(Okay.) See you."),
        ("im... not sure", "I'm not sure."),
    ] {
        assert_eq!(neutral(chat), plain, "{chat:?}");
    }
}

#[test]
fn plain_english_is_left_plain() {
    for plain in
        ["I will be there at five.", "Where are you?", "Thank you, that was lovely.", "We met Ben in Paris on Monday."]
    {
        let neutral = neutralise(plain);
        assert_eq!((neutral.text.as_str(), neutral.kind), (plain, NeutralKind::Plain));
    }
}

#[test]
fn wordless_messages_are_put_into_words() {
    for (chat, plain) in [
        ("hahaha lol", "That is funny."),
        ("😭😭", "That is sad."),
        ("<3", "I love it."),
        ("??", "What do you mean?"),
        ("...", "I have nothing to say."),
        ("omg!!", "That is surprising."),
        ("aww :)", "That is sweet."),
        ("xx", "Lots of love."),
    ] {
        assert_eq!(neutral(chat), plain, "{chat:?}");
        assert_eq!(neutralise(chat).kind, NeutralKind::Reaction);
    }
    assert_eq!(neutralise("→ →").kind, NeutralKind::Unchanged);
}

#[test]
fn other_languages_pass_through() {
    assert_eq!(neutral("我在路上"), "我在路上。");
    assert_eq!(neutral("好的，明天见"), "好的，明天见。");
    assert_eq!(neutral("on se voit demain"), "On se voit demain.");
    for (said, plain) in [
        ("ich bin da", "Ich bin da."),
        ("wir sind im park", "Wir sind im park."),
        ("heeft u tijd", "Heeft u tijd."),
        ("me gusta la k", "Me gusta la k."),
        ("nu kan ik haha", "Nu kan ik."),
        ("dat is goed", "Dat is goed."),
        ("dank u wel", "Dank u wel."),
        ("ya nos vemos, yo no puedo", "Ya nos vemos, yo no puedo."),
        ("vc ta onde kkkk", "Vc ta onde."),
        ("aku dan kamu ya", "Aku dan kamu ya."),
        ("bahut din ho gaye", "Bahut din ho gaye."),
        ("wala pa ako dun din", "Wala pa ako dun din."),
        ("det er fint", "Det er fint."),
        ("sen da gel", "Sen da gel."),
        ("la nonna ha detto no", "La nonna ha detto no."),
        ("tere chaabi kidhar ha", "Tere chaabi kidhar ha."),
        ("скинь ppt в 5", "Скинь ppt в 5."),
        ("开会,带ppt @小李", "开会,带ppt @小李。"),
        ("3点见! 不见不散", "3点见。不见不散。"),
        ("她说“可以”就行", "她说“可以”就行。"),
        ("好呀～", "好呀～"),
        ("أين أنت؟", "أين أنت؟"),
        ("5월에 봐요", "5월에 봐요."),
        ("kal milte hain।", "Kal milte hain।"),
        ("ถึงแล้ว", "ถึงแล้ว"),
    ] {
        assert_eq!(neutral(said), plain, "{said:?}");
    }
}

#[test]
fn a_letter_in_a_face_is_no_other_language() {
    assert!(!is_foreign("wrks fine ಠ_ಠ ʕ•ᴥ•ʔ"));
    assert!(is_foreign("嗯 ppt"));
}

#[test]
fn laughter_takes_no_words_along() {
    for (said, plain) in [
        ("hahano i wont", "No I won't."),
        ("hahai know", "I know."),
        ("hehehelp me", "Hehehelp me."),
        ("hahas ok", "Okay."),
        ("hehey come here", "Hehey come here."),
        ("hahad a good rest", "A good rest."),
        ("hahaa ok, hahahe", "Okay."),
        ("hahau know", "You know."),
        ("hahaokay lets go", "Okay let's go."),
        ("thats mean xP", "That's mean."),
        ("lol (she) meant it", "(She) meant it."),
        ("mo said lol (twice) \"no way\"", "Mo said (twice) \"no way\"."),
    ] {
        assert_eq!(neutral(said), plain, "{said:?}");
    }
}

#[test]
fn code_is_not_rewritten() {
    assert_eq!(neutral("ends in `id`. fix the `id`s"), "Ends in `id`. Fix the `id`s.");
    assert_eq!(neutral("put a .csv beside v0.3 of plan.xml"), "Put a .csv beside v0.3 of plan.xml.");
    assert_eq!(neutral("try `u = r + 2` pls"), "Try `u = r + 2` please.");
    assert_eq!(neutral("`(bind x)`"), "`(bind x)`");
}

proptest! {
    #[test]
    fn placeholders_survive_in_order(words in proptest::collection::vec(prop_oneof![Just("[PHONE_1]"), Just("[EMAIL_2]"), Just("u"), Just("lol"), Just("!!"), Just("ok"), Just(":)"), Just(",")], 0..12)) {
        let text = words.join(" ");
        let neutral = neutral(&text);
        let held = |text: &str| placeholder::ranges(text).map(|range| text[range].to_owned()).collect::<Vec<_>>();
        prop_assert_eq!(held(&neutral), held(&text));
    }

    #[test]
    fn it_never_panics_and_is_never_blank(text in any::<String>()) {
        let neutral = neutral(&text);
        prop_assert_eq!(neutral.trim().is_empty(), text.trim().is_empty());
    }
}
