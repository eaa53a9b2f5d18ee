use crate::fixture::Fixture;
use crate::{Confidence, SourceKind, reason};

fn page(participants: &str, messages: &str) -> String {
    format!(
        "<?xml version=\"1.0\" ?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\
         <html xmlns=\"http://www.w3.org/1999/xhtml\"><head><meta charset=\"UTF-8\"><title>Ben</title><style>q &gt; a {{}}</style></head>\n\
         <body><div class=\"hChatLog hfeed\">{participants}\n{messages}</div>\n<div class=\"tags\">Labels: <a rel=\"tag\">Text</a></div></body></html>"
    )
}

fn message(time: &str, me: bool, text: &str) -> String {
    let who = match me {
        true => r#"<a class="tel" href="tel:+12125550100"><abbr class="fn" title="">Me</abbr></a>"#,
        false => r#"<a class="tel" href="tel:+12125550134"><span class="fn">Ben & co</span></a>"#,
    };
    format!(
        "<div class=\"message\"><abbr class=\"dt\" title=\"{time}\">Jan 15\nEastern Time</abbr>:\n<cite class=\"sender vcard\">{who}</cite>:\n<q>{text}</q>\n</div> "
    )
}

#[test]
fn a_conversation_is_read_as_typed() {
    let messages = [
        message("2026-01-15T13:00:00.250+01:00", true, "it&#39;s &lt;3 &amp; co&hellip;<br>5 min &#128512;"),
        message("2026-01-15T13:01:00.000+01:00", false, "ok"),
        message("2026-01-15T13:02:00.000+01:00", true, "MMS Sent"),
        message("2026-01-15T13:03:00.000-0500", true, "a & b &unknown; c"),
    ];
    let export = Fixture::new([
        ("Takeout/Voice/Calls/Ben - Text - 2026-01-15T12_00_00Z.html", page("", &messages.concat()).as_str()),
        (
            "Takeout/Voice/Calls/Ben - Missed - 2026-01-15T12_00_00Z.html",
            "<html><body><div class=\"haudio\">Missed call</div></body></html>",
        ),
        ("Takeout/archive_browser.html", "<html><body>Takeout</body></html>"),
    ]);
    assert_eq!(
        (export.detect()[0].kind, export.detect()[0].confidence),
        (SourceKind::GoogleVoice, Confidence::Certain)
    );
    let read = export.extract().unwrap();
    assert_eq!(read.texts(), ["it's <3 & co…\n5 min 😀", "a & b &unknown; c"]);
    assert_eq!(read.messages[0].timestamp.to_string(), "2026-01-15T12:00:00.25Z");
    assert_eq!(read.messages[0].conversation_id.as_deref(), Some("+12125550134"));
    assert_eq!(read.messages[0].recipient_count, Some(1));
    assert_eq!(read.messages[1].timestamp.to_string(), "2026-01-15T18:03:00Z");
    assert_eq!(read.skipped(reason::ATTACHMENT_ONLY).0, 1);
    assert_eq!(read.skipped(reason::CALL).0, 1);
    assert_eq!(read.skipped(reason::RECEIVED).0, 1);
}

#[test]
fn a_group_lists_its_participants() {
    let participants = r#"<div class="participants">Group conversation with:
        <cite class="sender vcard"><a class="tel" href="tel:+12125550135"><span class="fn">Cem</span></a></cite>,
        <cite class="sender vcard"><a class="tel" href="tel:+12125550134"><span class="fn">Ben</span></a></cite></div>"#;
    let with_picture = message("2026-01-15T13:00:00Z", true, "look")
        .replace("</q>", "</q><div><img src=\"a\" alt=\"Image MMS Attachment\" /></div>");
    let page = page(participants, &with_picture);
    let read =
        Fixture::new([("Calls/Group Conversation - 2026-01-15T12_00_00Z.html", page.as_str())]).extract().unwrap();
    assert_eq!(read.texts(), ["look"]);
    assert_eq!(read.messages[0].recipient_count, Some(2));
    assert_eq!(read.messages[0].conversation_id.as_deref(), Some("+12125550134~+12125550135"));
}

#[test]
fn a_correspondent_is_not_me() {
    let page = page("", &message("2026-01-15T13:00:00Z", true, "hi"));
    let file = "Calls/Ben Okafor - Text - 2026-01-15T12_00_00Z.html";
    assert_eq!(Fixture::new([(file, page.as_str())]).me("Ana").texts(), ["hi"]);
    let error = Fixture::new([(file, page.as_str())]).me("ben okafor").error();
    assert!(error.contains("somebody else than --me says"), "{error}");
}

#[test]
fn a_number_is_that_of_my_own_messages() {
    let page = page("", &message("2026-01-15T13:00:00Z", true, "hi"));
    let export = |me| Fixture::new([("Calls/Ben - Text - 2026-01-15T12_00_00Z.html", page.as_str())]).me(me);
    let read = export("(212) 555-0100").extract().unwrap();
    assert_eq!((read.texts(), read.report.notes), (vec!["hi".to_owned()], vec![]));
    assert!(export("+12125550199").error().contains("somebody else than --me says"));
}

#[test]
fn what_is_damaged_is_an_error_with_its_line() {
    let whole = page("", &message("2026-01-15T13:00:00Z", true, "hi").repeat(3));
    for end in [whole.len() - 160, whole.len() - 400] {
        let error = Fixture::new([("Calls/Ben - Text - x.html", &whole[..end])]).error();
        assert!(error.contains("line ") && error.contains("the file ends early"), "{error}");
    }
    let no_time = page("", &(message("soon", true, "hi") + &message("2026-01-15T13:00:00Z", true, "yes")));
    let read = Fixture::new([("Calls/Ben - Text - x.html", no_time.as_str())]).extract().unwrap();
    assert_eq!((read.texts().len(), read.skipped(reason::NO_TIME).0), (1, 1));
}

#[test]
fn a_shortened_name_with_a_title_is_not_mine() {
    let other = message("2026-01-15T13:01:00.000+01:00", true, "theirs").replace(
        r#"<abbr class="fn" title="">Me</abbr>"#,
        r#"<abbr class="fn" title="Benjamin of the woods">Benjamin…</abbr>"#,
    );
    let export = Fixture::new([(
        "Ben - Text - 2026-01-15T12_00_00Z.html",
        page("", &[other, message("2026-01-15T13:02:00.000+01:00", true, "mine")].concat()).as_str(),
    )]);
    assert_eq!(export.extract().unwrap().texts(), ["mine"]);
}

#[test]
fn a_contact_who_is_called_me_is_not_me() {
    let theirs = message("2026-01-15T13:01:00.000+01:00", false, "theirs").replace("Ben & co", "Me");
    let mine = message("2026-01-15T13:02:00.000+01:00", true, "mine");
    let export = Fixture::new([("Me - Text - 2026-01-15T12_00_00Z.html", page("", &(theirs + &mine)).as_str())]);
    assert_eq!(export.texts(), ["mine"]);
}

#[test]
fn a_list_of_participants_that_is_no_groups_does_not_swell_every_message() {
    let number = |number| format!("<a class=\"tel\" href=\"tel:+1{number:07}\">x</a>");
    let participants: String = (0..5000).map(number).collect();
    let participants = format!("<div class=\"participants\">{participants}</div>");
    let messages = message("2026-01-15T13:00:00Z", true, "one") + &message("2026-01-15T13:00:01Z", true, "two");
    let page = page(&participants, &messages);
    let read = Fixture::new([("Group Conversation - x.html", page.as_str())]).extract().unwrap();
    assert_eq!(read.texts(), ["one", "two"]);
    for message in &read.messages {
        assert!(message.conversation_id.as_ref().is_some_and(|id| id.len() < 2048), "{:?}", message.recipient_count);
    }
}

#[test]
fn a_text_too_long_to_be_one_is_counted_and_not_cut() {
    let long = "x".repeat(600 * 1024);
    let messages = [
        message("2026-01-15T13:00:00.250+01:00", true, &format!("{long}<br>{long}")),
        message("2026-01-15T13:01:00.000+01:00", true, "ok"),
    ];
    let read =
        Fixture::new([("Voice/Calls/Ben - Text - x.html", page("", &messages.concat()).as_str())]).extract().unwrap();
    assert_eq!((read.texts(), read.skipped(reason::UNREADABLE_BODY).0), (vec!["ok".to_owned()], 1));
}
