use std::fs;

use idiolect_dataset::{ExtractionReport, Message, Window};
use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};

use crate::reason;
use crate::spec::{SourceKind, SourceOptions, SourceSpec, open};

fn extract(bytes: &[u8], me: Option<&str>, csv: &[&str]) -> Result<(Vec<Message>, ExtractionReport), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    fs::write(&path, bytes).unwrap();
    let mut options = SourceOptions {
        me: me.map(str::to_owned),
        timezone: Some(TimeZone::fixed(offset(1))),
        ..SourceOptions::default()
    };
    csv.iter().for_each(|option| options.csv.set(option).unwrap());
    let kind = if csv.is_empty() { None } else { Some(SourceKind::Csv) };
    let source = open(&SourceSpec { kind, path }, &options).map_err(|error| error.to_string())?;
    let window = Window { start: Timestamp::MIN, end: Timestamp::MAX };
    let mut stream = source.read(window).map_err(|error| error.to_string())?;
    let mut messages = Vec::new();
    for message in stream.by_ref() {
        messages.push(message.map_err(|error| error.to_string())?);
    }
    Ok((messages, stream.report()))
}

fn texts(bytes: &[u8], me: Option<&str>, csv: &[&str]) -> Vec<String> {
    extract(bytes, me, csv).unwrap().0.into_iter().map(|message| message.text).collect()
}

#[test]
fn a_column_of_directions_marks_the_persons_messages() {
    let table = "\u{feff}Datum;Richtung;Von;Chat;Text\r\n01.02.2026 10:00:00;gesendet;Wren;c1;\"two\r\nlines; \"\"quoted\"\"\"\r\n\
                 02.02.2026 10:00:00;empfangen;Lux;c1;hm\r\n31.02.2026 10:00:00;gesendet;Wren;c1;never\r\n";
    let (messages, report) = extract(table.as_bytes(), None, &[]).unwrap();
    assert_eq!((messages.len(), messages[0].text.as_str()), (1, "two\nlines; \"quoted\""));
    assert_eq!(messages[0].timestamp, "2026-02-01T09:00:00Z".parse().unwrap());
    assert_eq!(messages[0].conversation_id.as_deref(), Some("c1"));
    assert_eq!(report.skipped["no_time"].places, ["line 5"]);
    assert!(
        report.notes.contains(&"The table was read as UTF-8 with ; between columns.".to_owned()),
        "{:?}",
        report.notes
    );
    let error = extract(table.as_bytes(), Some("Lux"), &[]).unwrap_err();
    assert!(error.contains("somebody else than --me says"), "{error}");
}

#[test]
fn reactions_that_phones_send_as_texts_are_left_out() {
    let table = "date,is_from_me,text\n2026-02-01 10:00,1,Loved “see you”\n2026-02-01 10:01,1,see you\n";
    assert_eq!(texts(table.as_bytes(), None, &[]), ["see you"]);
}

#[test]
fn a_spreadsheets_days_are_told_and_said() {
    let table = "Gesendet;Von;Nachricht\n42901,7472685185;Wren;eins\n42902,5;Lux;zwei\n";
    let (messages, report) = extract(table.as_bytes(), Some("Wren"), &[]).unwrap();
    assert_eq!((messages.len(), messages[0].timestamp), (1, "2017-06-15T16:56:04Z".parse().unwrap()));
    assert!(report.notes.iter().any(|note| note.contains("days since 1899-12-30")), "{:?}", report.notes);
    let whole = "Datum;Von;Nachricht\n42901;Wren;eins\n42902;Lux;zwei\n";
    let error = extract(whole.as_bytes(), Some("Wren"), &[]).unwrap_err();
    assert!(
        error.contains("may be a spreadsheet's days or no times at all; say so with --csv time-format=excel"),
        "{error}"
    );
    assert_eq!(texts(whole.as_bytes(), Some("Wren"), &["time-format=excel"]), ["eins"]);
    let apart = "Datum;Uhrzeit;Von;Nachricht\n42901;0,7472685185;Wren;eins\n";
    let (messages, _) = extract(apart.as_bytes(), Some("Wren"), &[]).unwrap();
    assert_eq!(messages[0].timestamp, "2017-06-15T16:56:04Z".parse().unwrap());
}

#[test]
fn where_one_time_is_not_set_another_counts() {
    let log = "date,date_sent,type,body\n1769940000000,0,2,mine\n1769940060000,1769940059000,1,theirs\n";
    let (messages, _) = extract(log.as_bytes(), None, &[]).unwrap();
    assert_eq!((messages.len(), messages[0].timestamp), (1, "2026-02-01T10:00:00Z".parse().unwrap()));
}

#[test]
fn a_phones_log_says_where_a_message_originated() {
    let table = "time,type,number,body\n1497549364685,MO,+12025550100,mine\n1497549364999,MT,+12025550100,theirs\n";
    let (messages, report) = extract(table.as_bytes(), None, &[]).unwrap();
    assert_eq!(messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["mine"]);
    assert!(report.notes.iter().any(|note| note.contains("MO was read as sent by you")), "{:?}", report.notes);
}

#[test]
fn quotation_marks_are_doubled_or_have_a_backslash() {
    let table = "time,is_from_me,text\n1497549364,1,\"say \\\"hi\\\", a\\\\b\"\n1497549365,1,plain\n";
    let (messages, report) = extract(table.as_bytes(), None, &[]).unwrap();
    assert_eq!((messages[0].text.as_str(), messages.len()), ("say \"hi\", a\\b", 2));
    assert!(report.notes[0].contains("\\ before quotation marks"), "{:?}", report.notes);
    // A cell may end in a backslash, and have one before doubled marks.
    let table = "time,is_from_me,text\n1497549364,1,\"c:\\\"\n1497549365,1,\"a\\\"\"b\"\n1497549366,1,x \\\"y\\\" z\n";
    assert_eq!(texts(table.as_bytes(), None, &[]), ["c:\\", "a\\\"b", "x \\\"y\\\" z"]);
}

#[test]
fn an_inbox_that_holds_all_messages_says_nothing_of_who_sent_them() {
    let table = "CONVERSATION ID,FROM,TO,DATE,CONTENT,FOLDER\nc1,Wren Doe,Lux Roe,2026-02-01 10:00:00 UTC,mine,INBOX\n\
                 c1,Lux Roe,Wren Doe,2026-02-01 10:01:00 UTC,theirs,INBOX\n";
    assert_eq!(texts(table.as_bytes(), Some("Wren Doe"), &[]), ["mine"]);
    // A chat in which the person only listened.
    let inbox = table.replace("FOLDER", "direction");
    let error = extract(inbox.as_bytes(), Some("Wren Doe"), &[]).unwrap_err();
    assert!(error.contains("none of its 2 records"), "{error}");
}

#[test]
fn a_table_without_a_header_is_read_by_the_numbers_of_its_columns() {
    let table = "03/02/2026,10:11:12,Wren,+12025550100,mine\n03/02/2026,10:12:12,Lux,+12025550101,theirs\n13/02/2026,10:13:12,Wren,+12025550100,\"two, mine\"\n";
    let columns = ["time=1,2", "sender=3", "text=5"];
    let (messages, report) = extract(table.as_bytes(), Some("Wren"), &columns).unwrap();
    assert_eq!(messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["mine", "two, mine"]);
    assert_eq!(messages[0].timestamp, "2026-02-03T09:11:12Z".parse().unwrap());
    assert_eq!((report.rows_read, report.skipped["received"].places.as_slice()), (3, &["line 2".to_owned()][..]));
    let error = extract(table.as_bytes(), Some("Wren"), &["sender=3"]).unwrap_err();
    assert!(error.contains("its first line is no header but a message") && error.contains("time=1,2"), "{error}");
}

#[test]
fn a_column_of_senders_needs_me() {
    let table = "time,sender,text\n1497549364685,Wren,mine\n1497549364999,Lux,theirs\n";
    assert_eq!(texts(table.as_bytes(), Some("wren"), &[]), ["mine"]);
    let error = extract(table.as_bytes(), None, &[]).unwrap_err();
    assert!(error.contains("which of its 2 senders is you"), "{error}");
}

#[test]
fn what_is_not_detected_can_be_said() {
    let table = b"wann~was\n15|06|2017 19h56~gr\xfc\xdfe\n";
    let said = [
        "separator=~",
        "encoding=windows-1252",
        "time=wann",
        "text=was",
        "time-format=%d|%m|%Y %Hh%M",
        "all-mine=true",
    ];
    assert_eq!(texts(table, None, &said), ["grüße"]);
    let error = extract(table, None, &said[..2]).unwrap_err();
    assert!(error.contains("it has no column for the time") && error.contains("--csv time="), "{error}");
    let error = extract(b"time,text\n1497549364,x\n", None, &["id=text"]).unwrap_err();
    assert!(error.contains("all-mine=true"), "{error}");
    let error = extract(b"time,text,sender\nsoon,x,y\n", None, &["id=z"]).unwrap_err();
    assert!(
        error.contains("it has no such column as --csv id=z names; write the name as in the first line"),
        "{error}"
    );
    let error = extract(b"time,text,sender\nsoon,x,y\n", None, &["id=text"]).unwrap_err();
    assert!(error.contains("the times are written in no way that is known"), "{error}");
}

#[test]
fn utf16_is_read() {
    let table: Vec<u8> = "\u{feff}date(ms)\tsFromMe\tBody\n1497549364685\t1\thé 😀\n1497549364685\t0\tx\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(texts(&table, None, &[]), ["hé 😀"]);
}

#[test]
fn bad_rows_have_their_place() {
    let row = "1497549364685,Wren,mine\n";
    let head = format!("time,sender,text\n{}", row.repeat(20_000));
    let error = extract(&[head.as_bytes(), b"1497549364685,Wren,\xff\n"].concat(), Some("Wren"), &[]).unwrap_err();
    assert!(error.contains("table.csv, line 20002, row: column 3 is not valid UTF-8"), "{error}");
    let endless = format!("{head}1497549364685,Wren,\"{}", "x\n".repeat(5 << 20));
    let error = extract(endless.as_bytes(), Some("Wren"), &[]).unwrap_err();
    assert!(error.contains("line 20002, row: the row is longer than 4 MB; look for a quotation mark"), "{error}");
    let short = format!("{head}1497549364685\n");
    assert_eq!(extract(short.as_bytes(), Some("Wren"), &[]).unwrap().1.skipped["malformed"].count, 1);
}

#[test]
fn the_line_that_tells_excel_the_separator_is_no_header() {
    let table = "\u{feff}sep=;\r\ntime;text;is_from_me\r\n2026-02-01T10:00:00Z;hi, you;1\r\nsoon;never;1\r\n2026-02-01T10:01:00Z;yo;0\r\n";
    let (messages, report) = extract(table.as_bytes(), None, &[]).unwrap();
    assert_eq!(messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["hi, you"]);
    assert_eq!(report.skipped["no_time"].places, ["line 4"]);
}

#[test]
fn a_table_in_two_encodings_is_refused_with_its_line() {
    let table = b"time,text,is_from_me\n2026-02-01T10:00:00Z,gr\xc3\xbcn,1\n2026-02-01T10:00:00Z,gr\xfcn,1\n";
    let error = extract(table, None, &[]).unwrap_err();
    assert!(error.contains("line 3, row: column 2 is not valid UTF-8"), "{error}");
}

#[test]
fn a_column_of_types_that_says_nothing_of_directions_leaves_it_to_the_senders() {
    let table = "date,from,type,text\n2026-02-01 10:00,Wren,text,hi\n2026-02-01 10:01,Lux,image,see\n";
    assert_eq!(texts(table.as_bytes(), Some("Wren"), &[]), ["hi"]);
    assert!(extract(table.as_bytes(), None, &[]).unwrap_err().contains("pass --me"));
}

#[test]
fn of_several_columns_the_one_that_says_sent_tells() {
    let table = "date,type,folder,name,text\n2026-02-01 10:00,SMS,Sent,Lux,hi\n2026-02-01 10:01,SMS,Inbox,Lux,hm\n";
    assert_eq!(texts(table.as_bytes(), None, &[]), ["hi"]);
}

#[test]
fn who_is_called_me_is_me_only_if_that_is_said() {
    let table = "date,from,text\n2026-02-01 10:00,Me,hi\n2026-02-01 10:01,Lux,hm\n";
    // It may be anybody's table.
    assert!(extract(table.as_bytes(), Some("Wren"), &[]).unwrap_err().contains("--me"));
    assert_eq!(texts(table.as_bytes(), Some("Me"), &[]), ["hi"]);
}

#[test]
fn what_was_not_sent_or_not_written_by_its_sender_is_left_out() {
    let table = "date,direction,status,forwarded,text\n2026-02-01 10:00,out,Delivered,,went\n\
                 2026-02-01 10:01,out,Failed,,did not go\n2026-02-01 10:02,out,Sent,yes,not mine\n\
                 2026-02-01 10:03,draft,,,not yet\n2026-02-01 10:04,in,Read,no,theirs\n";
    let (messages, report) = extract(table.as_bytes(), None, &[]).unwrap();
    assert_eq!(messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["went"]);
    for (reason, line) in [(reason::SEND_FAILED, "line 3"), (reason::FORWARDED, "line 4"), (reason::DRAFT, "line 5")] {
        assert_eq!(report.skipped[reason].places, [line], "{reason}");
    }
}

#[test]
fn a_column_of_what_was_forwarded_may_be_empty_in_a_tools_own_way_or_tell_nothing() {
    let table = |first: &str, second: &str| {
        format!(
            "date,is_from_me,forwarded_from,text\n2026-02-01 10:00,1,{first},one\n2026-02-01 10:01,1,{second},two\n2026-02-01 10:02,0,{first},hm\n"
        )
    };
    for nothing in ["None", "nan", "NULL", "-", "N/A", "0.0", "-1", "FALSCH", "ONWAAR", "not forwarded"] {
        assert_eq!(texts(table(nothing, "Ana").as_bytes(), None, &[]), ["one"], "{nothing}");
    }
    let (messages, report) = extract(table("original", "original").as_bytes(), None, &[]).unwrap();
    assert_eq!(messages.len(), 2);
    let note = "The column forwarded_from says of every row that it was forwarded, and was not heeded.";
    assert!(report.notes.contains(&note.to_owned()), "{:?}", report.notes);
}

#[test]
fn me_may_be_given_as_the_senders_account() {
    let table = "AuthorID,Author,Date,Content\n111,wren,2026-02-01 10:00,mine\n222,lux,2026-02-01 10:01,theirs\n";
    for me in ["111", "Wren"] {
        assert_eq!(texts(table.as_bytes(), Some(me), &[]), ["mine"], "{me}");
    }
}

#[test]
fn a_phones_log_has_the_others_name_on_what_was_sent_too() {
    let table = "date,direction,name,text\n2026-02-01 10:00,sent,Ana,mine\n2026-02-01 10:01,received,Ana,theirs\n";
    let (messages, report) = extract(table.as_bytes(), Some("Wren"), &[]).unwrap();
    assert_eq!(messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["mine"]);
    assert!(report.notes.iter().any(|note| note.contains("--me could not be checked")), "{:?}", report.notes);
    let error = extract(table.as_bytes(), Some("Ana"), &[]).unwrap_err();
    assert!(error.contains("somebody else than --me says"), "{error}");
    let with_notes = format!("{table}2026-02-01 10:02,sent,Wren,note\n2026-02-01 10:02,received,Wren,note\n");
    assert_eq!(texts(with_notes.as_bytes(), Some("Wren"), &[]), ["mine", "note"]);
}

#[test]
fn whom_a_phones_log_names_beside_the_only_texts_sent_is_not_me_unless_that_is_said() {
    let table = "date,direction,name,text\n2026-02-01 10:00,sent,Ana,mine\n2026-02-01 10:01,received,Bo,theirs\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    fs::write(&path, table).unwrap();
    let names = |me: Option<&str>| {
        let options = SourceOptions { me: me.map(str::to_owned), ..SourceOptions::default() };
        match crate::owner(SourceKind::Csv, &path, &options).unwrap().unwrap() {
            crate::Owner::Marked { names, .. } => names,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((names(None), names(Some("Wren")), names(Some("Ana"))), (vec![], vec![], vec!["Ana".to_owned()]));
    let why =
        |path: &std::path::Path| match crate::owner(SourceKind::Csv, path, &SourceOptions::default()).unwrap().unwrap()
        {
            crate::Owner::Marked { why, .. } => why,
            other => panic!("{other:?}"),
        };
    assert!(why(&path).ends_with("all of these have the name Ana, which is yours or whom they went to"));
    // Who also wrote what was received is not the owner.
    let answered = folder.path().join("answered.csv");
    fs::write(&answered, format!("{table}2026-02-01 10:02,received,Ana,theirs\n")).unwrap();
    assert_eq!(why(&answered), "a column says which messages were sent");
    for me in [None, Some("Wren"), Some("Ana")] {
        assert_eq!(texts(table.as_bytes(), me, &[]), ["mine"], "{me:?}");
    }
    let error = extract(table.as_bytes(), Some("Bo"), &[]).unwrap_err();
    assert!(error.contains("somebody else than --me says, who wrote what was received"), "{error}");
}

#[test]
fn a_separator_without_quotation_marks_is_put_back_or_the_row_is_counted() {
    let rows = "2026-02-01 10:00,Wren,he said \"hi, you\"\n2026-02-01 10:01,Wren,\"a, b\"\n2026-02-01 10:02,Wren,c\n";
    let last = format!("date,sender,text\n{rows}");
    assert_eq!(texts(last.as_bytes(), Some("Wren"), &[]), ["he said \"hi, you\"", "a, b", "c"]);
    let middle = "date,text,sender\n2026-02-01 10:00,one, two,Wren\n2026-02-01 10:01,a,Wren\n2026-02-01 10:02,b,Wren\n";
    let (messages, report) = extract(middle.as_bytes(), Some("Wren"), &[]).unwrap();
    assert_eq!((messages.len(), report.skipped[reason::MALFORMED].places.as_slice()), (2, &["line 2".to_owned()][..]));
    // A header that lacks a name tells nothing of separators.
    let short = "date,sender,text\n2026-02-01 10:00,Wren,one,a.jpg\n2026-02-01 10:01,Wren,two,b.jpg\n";
    assert_eq!(texts(short.as_bytes(), Some("Wren"), &[]), ["one", "two"]);
}

#[test]
fn what_is_more_than_a_table_has_columns_is_text_only_if_it_goes_on_like_one() {
    let rows = "2026-02-01 10:00,Wren,one\n2026-02-01 10:01,Wren,two,IMG_1.jpg\n2026-02-01 10:02,Wren,three, more\n\
                2026-02-01 10:03,Wren,four,and more\n2026-02-01 10:04,Wren,five,\n2026-02-01 10:05,Wren,six,pic_2.jpg\n\
                2026-02-01 10:06,Wren,seven\n2026-02-01 10:07,Wren,eight\n2026-02-01 10:08,Wren,nine\n";
    let read = ["one", "three, more", "four,and more", "five", "seven", "eight", "nine"];
    for header in ["date,sender,text\n", "date,sender,text,\n"] {
        let (messages, report) = extract(format!("{header}{rows}").as_bytes(), Some("Wren"), &[]).unwrap();
        assert_eq!(messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), read, "{header}");
        assert_eq!(report.skipped[reason::MALFORMED].places, ["line 3", "line 7"], "{header}");
    }
    // The first row of a table without a header may be the one with more.
    let headless = "2026-02-01 10:00,Wren,one, two\n2026-02-01 10:01,Wren,a\n2026-02-01 10:02,Wren,b\n";
    let columns = ["time=1", "sender=2", "text=3"];
    assert_eq!(texts(headless.as_bytes(), Some("Wren"), &columns), ["one, two", "a", "b"]);
    // A column that most rows leave empty is one.
    let named = "date,sender,text,file\n2026-02-01 10:00,Wren,one\n2026-02-01 10:01,Wren,two\n2026-02-01 10:02,Wren,three, a.jpg\n";
    assert_eq!(texts(named.as_bytes(), Some("Wren"), &[]), ["one", "two", "three"]);
    let spaced = "date, sender, text\n2026-02-01 10:00, Wren, one\n2026-02-01 10:01, Wren, two\n2026-02-01 10:02, Wren, three, IMG_1.jpg\n";
    assert_eq!(extract(spaced.as_bytes(), Some("Wren"), &[]).unwrap().1.skipped[reason::MALFORMED].places, ["line 4"]);
}

#[test]
fn a_title_may_stand_above_the_header() {
    let table = "Conversation with Lux\nExported on 2026-02-03\n\nDatum;Von;Nachricht\n01.02.2026 10:00;Wren;mine\n01.02.2026 10:01;Lux;a, b, c\n";
    let (messages, report) = extract(table.as_bytes(), Some("Wren"), &[]).unwrap();
    assert_eq!(messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["mine"]);
    assert_eq!((report.rows_read, report.skipped[reason::RECEIVED].places.as_slice()), (2, &["line 6".to_owned()][..]));
    // Also below the line that tells Excel the separator, which is not the likeliest by the rows.
    let told = "sep=;\nConversation with Lux, Ben, Cem\ndate;from;text\n2026-02-01 10:00;Wren;a, b, c\n2026-02-01 10:01;Lux;d, e, f\n";
    let (messages, report) = extract(told.as_bytes(), Some("Wren"), &[]).unwrap();
    assert_eq!(messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["a, b, c"]);
    assert_eq!((report.rows_read, report.skipped[reason::RECEIVED].places.as_slice()), (2, &["line 5".to_owned()][..]));
}

#[test]
fn what_an_app_keeps_for_a_picture_is_no_text() {
    let table = "CreateTime,IsSender,StrContent\n1497549364,1,see <msg> there\n1497549365,1,\"<?xml version=\"\"1.0\"\"?><msg><img/></msg>\"\n\
                 1497549366,1,\"<msg><emoji type=\"\"2\"\"/></msg>\"\n1497549367,0,hm\n";
    let (messages, report) = extract(table.as_bytes(), None, &[]).unwrap();
    assert_eq!(messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["see <msg> there"]);
    assert_eq!(report.skipped[reason::APP_MADE].count, 2);
}

#[test]
fn tables_of_something_else_beside_those_of_messages_are_passed_over_and_told() {
    let messages = "time,sender,text\n2026-02-01T10:00:00Z,Wren,one\n2026-02-01T10:00:00Z,,nobody\n";
    let files = [("a budget.csv", "month,amount\nApril,100\n"), ("empty.csv", ""), ("messages.csv", messages)];
    let read = crate::fixture::Fixture::new(files).me("Wren").extract().unwrap();
    assert_eq!(read.texts(), ["one"]);
    let note = "Tables without columns of messages were passed over: 2, first a budget.csv.";
    assert!(read.report.notes.iter().any(|told| told == note), "{:?}", read.report.notes);
    // Who has no name is nobody to choose.
    let error = crate::fixture::Fixture::new(files).error();
    assert!(error.contains("it does not say whether its only sender is you; pass --me"), "{error}");
    let broken =
        messages.replace("2026-02-01T10:00:00Z,Wren", "canary,Wren").replace("2026-02-01T10:00:00Z,,", "canary,,");
    let error = crate::fixture::Fixture::new([files[2], ("other.csv", &broken)]).me("Wren").error();
    assert!(error.contains("other.csv: the times are written in no way"), "{error}");
}

#[test]
fn a_quotation_mark_that_is_not_closed_takes_no_rows_in() {
    let rows = "time,sender,text\n2026-02-01T10:00:00Z,Wren,one\n";
    for cut in
        ["2026-02-01T10:01:00Z,Wren,\"canary\n2026-02-01T10:02:00Z,Lux,no\n", "2026-02-01T10:01:00Z,Wren,\"canary"]
    {
        for table in [format!("{rows}{cut}"), format!("{rows}{cut}").replace('\n', "\r\n")] {
            let error = extract(table.as_bytes(), Some("Wren"), &[]).unwrap_err();
            assert!(
                error.contains("line 3, row: a quotation mark is not closed") && !error.contains("canary"),
                "{error}"
            );
        }
    }
    for whole in ["", "\n\n", "2026-02-01T10:01:00Z,Wren,\"two\"\n", "2026-02-01T10:01:00Z,Wren,\"two\""] {
        let count = 1 + usize::from(whole.contains("two"));
        assert_eq!(texts(format!("{rows}{whole}").as_bytes(), Some("Wren"), &[]).len(), count, "{whole}");
    }
}
