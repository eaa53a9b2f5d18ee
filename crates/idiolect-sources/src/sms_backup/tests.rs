use crate::fixture::Fixture;
use crate::{Confidence, SourceKind, reason};

const BACKUP: &str = r#"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<!--File Created By SMS Backup & Restore's writer-->
<smses count="99" backup_set="x">
  <sms address="+12125550134" date="1768478400250" type="2" body="on my way &#55357;&#56832;&#10;5 min" contact_name="Ben" />
  <sms address="+12125550134" date="1768478401000" type="1" body="ok" contact_name="Ben" />
  <sms address="+12125550134" date="1768478402000" type="3" body="a draft" contact_name="Ben" />
  <sms address="+12125550134" date="1768478403000" type="5" body="failed" contact_name="Ben" />
  <sms address="+12125550134" date="1768478404000" type="6" body="waits" contact_name="Ben" />
  <sms address="+12125550134" date="1768478405000" type="2" body="null" contact_name="Ben" />
  <mms msg_box="2" address="+12125550134~+1 212-555-0135" date="1768478406" sub="null">
    <parts>
      <part seq="-1" ct="application/smil" text="&lt;smil&gt;&lt;/smil&gt;" />
      <part seq="0" ct="image/jpeg" text="null" data="PICTURE" />
      <part seq="1" ct="Text/Plain; charset=utf-8" text="look &amp; see" />
    </parts>
    <addrs><addr address="insert-address-token" type="137" /><addr address="+12125550134" type="151" /></addrs>
  </mms>
  <mms msg_box="2" address="+12125550134" date="1768478407000"><parts><part seq="0" ct="image/jpeg" text="null" data="PICTURE"/></parts></mms>
  <mms msg_box="1" address="+12125550134" date="1768478408000"><parts><part seq="0" ct="text/plain" text="nice"/></parts></mms>
</smses>
"#;

#[test]
fn the_box_tells_what_was_sent() {
    let export =
        Fixture::new([("sms-20260115.xml", BACKUP), ("calls-20260115.xml", "<calls count=\"1\"><call/></calls>")]);
    assert_eq!((export.detect()[0].kind, export.detect()[0].confidence), (SourceKind::SmsBackup, Confidence::Certain));
    let read = export.extract().unwrap();
    assert_eq!(read.texts(), ["on my way 😀\n5 min", "look & see"]);
    assert_eq!(read.messages[0].timestamp.to_string(), "2026-01-15T12:00:00.25Z");
    assert_eq!(read.messages[0].recipient_count, Some(1));
    assert_eq!(read.messages[1].timestamp.to_string(), "2026-01-15T12:00:06Z");
    assert_eq!(read.messages[1].recipient_count, Some(2));
    assert_eq!(read.messages[1].conversation_id.as_deref(), Some("+12125550134~+12125550135"));
    for (reason, count, place) in [
        (reason::RECEIVED, 2, "sms-20260115.xml, line 5"),
        (reason::DRAFT, 1, "sms-20260115.xml, line 6"),
        (reason::SEND_FAILED, 1, "sms-20260115.xml, line 7"),
        (reason::QUEUED, 1, "sms-20260115.xml, line 8"),
        (reason::EMPTY, 1, "sms-20260115.xml, line 9"),
        (reason::ATTACHMENT_ONLY, 1, "sms-20260115.xml, line 18"),
    ] {
        assert_eq!(read.skipped(reason), (count, place), "{reason}");
    }
}

#[test]
fn a_reaction_that_the_phone_sent_as_a_text_is_none() {
    let reaction = "\u{200a}\u{200b}👍\u{200b} to “\u{200a}see you\u{200a}”";
    let sms = format!(
        r#"<smses><sms address="1" date="1768478400250" type="2" body="{reaction}"/><sms address="1" date="1768478400250" type="2" body="Loved it"/></smses>"#
    );
    let read = Fixture::new([("sms.xml", sms.as_str())]).extract().unwrap();
    assert_eq!((read.texts(), read.skipped(reason::TAPBACK).0), (vec!["Loved it".to_owned()], 1));
}

#[test]
fn a_message_in_two_backups_is_one_and_a_repeated_one_is_two() {
    let one = r#"<smses><sms address="(212) 555-0134" date="1768478400250" type="2" body="ok"/></smses>"#;
    let two = r#"<smses><sms address="+12125550134" date="1768478400250" type="2" body="ok"/>
        <sms address="+12125550134" date="1768478409000" type="2" body="ok"/></smses>"#;
    let read = Fixture::new([("a.xml", one), ("b.xml", two)]).extract().unwrap();
    assert_eq!(read.texts(), ["ok", "ok"]);
    assert_eq!(read.skipped(reason::DUPLICATE_ID), (1, "b.xml, line 1"));
}

#[test]
fn line_ends_are_written_alike() {
    let backup = r#"<smses><sms address="1" date="1768478400250" type="2" body="a&#13;&#10;b&#10;c"/></smses>"#;
    assert_eq!(Fixture::new([("sms.xml", backup)]).texts(), ["a\nb\nc"]);
}

#[test]
fn a_picture_of_any_size_is_passed_over() {
    let picture = BACKUP.replace("PICTURE", &"QUJD".repeat(3_000_000));
    assert_eq!(Fixture::new([("sms.xml", picture.as_str())]).texts().len(), 2);
}

#[test]
fn a_text_too_long_to_be_one_is_counted_and_not_cut() {
    let long = BACKUP.replace("on my way", &"x".repeat(2_000_000));
    let read = Fixture::new([("sms.xml", long.as_str())]).extract().unwrap();
    assert_eq!(read.texts(), ["look & see"]);
    assert_eq!(read.skipped(reason::UNREADABLE_BODY), (1, "line 4"));
    let part = format!(r#"<part ct="text/plain" text="{}"/>"#, "x".repeat(600 * 1024));
    let parts = BACKUP.replace("<parts>", &format!("<parts>{part}{part}"));
    let read = Fixture::new([("sms.xml", parts.as_str())]).extract().unwrap();
    assert_eq!((read.texts().len(), read.skipped(reason::UNREADABLE_BODY).0), (1, 2));
}

#[test]
fn whom_the_phone_wrote_to_is_not_its_owner() {
    assert_eq!(Fixture::new([("sms.xml", BACKUP)]).me("Ana").texts().len(), 2);
    for me in ["Ben", "+1 212 555 0134"] {
        let error = Fixture::new([("sms.xml", BACKUP)]).me(me).error();
        assert!(error.contains("somebody else's; leave --me out"), "{error}");
    }
}

#[test]
fn what_is_damaged_is_an_error_with_its_line() {
    for end in [BACKUP.len() - 12, 900, 410] {
        let error = Fixture::new([("sms.xml", &BACKUP[..end])]).error();
        assert!(error.starts_with("EXPORT/sms.xml, line ") && error.contains("the file ends early"), "{end}: {error}");
    }
    let export = Fixture::new([]);
    export.write(
        "sms.xml",
        &BACKUP
            .replace("on my way", "caf\u{e9}")
            .bytes()
            .map(|b| if b == 0xc3 { 0xff } else { b })
            .collect::<Vec<u8>>(),
    );
    let error = export.error();
    assert!(error.contains("line ") && error.contains("not valid UTF-8"), "{error}");
    let received = r#"<smses><sms address="1" date="1768478400250" type="1" body="hi"/></smses>"#;
    let error = Fixture::new([("sms.xml", received)]).error();
    assert!(error.contains("none of its 1 records is marked as sent by you"), "{error}");
}

#[test]
fn utf16_backups_are_read() {
    let export = Fixture::new([]);
    let utf16: Vec<u8> = BACKUP.encode_utf16().fold(vec![0xff, 0xfe], |mut bytes, unit| {
        bytes.extend(unit.to_le_bytes());
        bytes
    });
    export.write("sms.xml", &utf16);
    assert_eq!(export.texts().len(), 2);
}

#[test]
fn a_message_whose_end_is_missing_is_not_lost() {
    let mms = |text: &str| {
        format!(
            r#"<mms msg_box="2" address="+12125550134" date="1768478407000"><parts><part ct="text/plain" text="{text}"/></parts>"#
        )
    };
    let unclosed = format!("<smses>{}{}</mms>{}</smses>", mms("one"), mms("two"), mms("three"));
    assert_eq!(Fixture::new([("sms.xml", unclosed.as_str())]).texts(), ["one", "two", "three"]);
}

#[test]
fn a_backup_put_behind_another_is_read_too() {
    let backup = |date: u64, text: &str| {
        format!(
            "<?xml version='1.0' encoding='UTF-8' ?>\n<smses count=\"1\">\n<sms address=\"+12025550142\" date=\"{date}\" type=\"2\" body=\"{text}\" />\n</smses>\n"
        )
    };
    let both = backup(1_768_478_400_000, "one") + &backup(1_768_478_400_001, "two");
    assert_eq!(Fixture::new([("sms.xml", both.as_str())]).texts(), ["one", "two"]);
    let error = Fixture::new([("sms.xml", &both[..both.len() - 9])]).error();
    assert!(error.contains("the file ends early"), "{error}");
    let none = Fixture::new([("sms.xml", "<smses count=\"0\" />")]).error();
    assert!(none.contains("no message was found in it"), "{none}");
}
