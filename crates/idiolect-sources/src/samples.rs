//! For tests and fuzzing: small exports, each of one file. What they say is invented.

use crate::SourceKind;

/// One small file of each kind, in which every word of a message is `canary`.
pub(crate) const FILES: [(SourceKind, &str, &str); 15] = [
    (
        SourceKind::Csv,
        "table.csv",
        "time,sender,text,chat\n1768478400250,Ana,\"canary, \"\"canary\"\"\ncanary\",c\n1768478401,Ben,canary,c\n1768478402000,Ana,canary,d\n",
    ),
    (
        SourceKind::Whatsapp,
        "WhatsApp Chat with Ben.txt",
        "15/01/26, 12:59 - Messages and calls are end-to-end encrypted.\n15/01/26, 13:00 - Ana: canary\ncanary\n\
         15/01/26, 13:01 - Ben: canary <Media omitted>\n15/01/26, 13:02 - Ana: <Media omitted>\n16/01/26, 00:10 - Ana: canary: canary\n",
    ),
    (
        SourceKind::Telegram,
        "result.json",
        r#"{"personal_information": {"user_id": 1, "first_name": "Ana"}, "chats": {"list": [{"type": "personal_chat", "id": 2, "messages": [
{"id": 1, "type": "message", "date_unixtime": "1768478400", "from": "Ana", "from_id": "user1", "text": ["canary ", {"type": "bold", "text": "canary"}]},
{"id": 2, "type": "message", "date": "2026-01-15T13:00:00", "from": "Ana", "from_id": "user1", "text": "canary \ud83d\ude00"}]}]}}"#,
    ),
    (
        SourceKind::Signal,
        "data.json",
        "{\"date\": \"2026-01-15T13:00:00\", \"sender\": \"Me\", \"body\": \"canary  \", \"attachments\": []}\n\
         {\"date\": \"2026-01-15T13:01:00\", \"sender\": \"Me\", \"body\": \"canary \\n canary  \"}\n",
    ),
    (
        SourceKind::Signal,
        "chat.md",
        "[2026-01-15 13:00:00] Me: \n\n> canary\n\ncanary  \n\n[2026-01-15 13:01:00] Me: canary ![a](./media/a) \ncanary\n",
    ),
    (
        SourceKind::Signal,
        "main.jsonl",
        "{\"version\":\"1\",\"backupTimeMs\":\"1768478400000\"}\n{\"account\":{\"givenName\":\"Ana\"}}\n{\"recipient\":{\"id\":\"1\",\"self\":{}}}\n\
         {\"recipient\":{\"id\":\"2\",\"contact\":{\"profileGivenName\":\"Ben\"}}}\n{\"chat\":{\"id\":\"1\",\"recipientId\":\"2\"}}\n\
         {\"chatItem\":{\"chatId\":\"1\",\"authorId\":\"1\",\"dateSent\":\"1768478400250\",\"outgoing\":{},\"standardMessage\":{\"text\":{\"body\":\"canary canary\"}}}}\n",
    ),
    (
        SourceKind::SmsBackup,
        "sms.xml",
        "<?xml version='1.0'?>\n<smses count=\"2\">\n<sms address=\"+1\" date=\"1768478400250\" type=\"2\" body=\"canary &#55357;&#56832;\" />\n\
         <mms msg_box=\"2\" address=\"+1~+2\" date=\"1768478401\"><parts><part ct=\"text/plain\" text=\"canary &amp;\"/></parts></mms>\n</smses>",
    ),
    (
        SourceKind::GoogleVoice,
        "Ben - Text - x.html",
        "<html><body><div class=\"hChatLog hfeed\">\n<div class=\"message\"><abbr class=\"dt\" title=\"2026-01-15T13:00:00Z\">x</abbr>\
         <cite><a class=\"tel\" href=\"tel:+1\"><abbr class=\"fn\">Me</abbr></a></cite><q>canary<br>&#39;canary&amp;</q></div></div></body></html>",
    ),
    (
        SourceKind::GoogleChat,
        "messages.json",
        r#"{"messages": [{"creator": {"name": "Ana", "email": "a@example.com"}, "created_date": "Thursday, January 15, 2026 at 12:00:00 PM UTC",
"text": "canary", "message_id": "1"}]}"#,
    ),
    (
        SourceKind::Messenger,
        "message_1.json",
        r#"{"participants": [{"name": "Ana"}, {"name": "Ben"}], "messages": [
{"sender_name": "Ana", "timestamp_ms": 1768478400250, "content": "canary \u00f0\u009f\u0098\u0080"}], "is_still_participant": true}"#,
    ),
    (
        SourceKind::Messenger,
        "Ben_1.json",
        r#"{"participants": ["Ana", "Ben"], "messages": [{"senderName": "Ana", "timestamp": 1768478400250, "text": "canary", "isUnsent": false}]}"#,
    ),
    (
        SourceKind::Instagram,
        "message_1.json",
        r#"{"participants": [{"name": "Ana"}], "messages": [{"sender_name": "Ana", "timestamp_ms": 1768478400250, "content": "canary"}]}"#,
    ),
    (
        SourceKind::Discord,
        "messages.json",
        r#"[{"ID": 352836207438200832, "Timestamp": "2017-08-31 15:25:07", "Contents": "canary <@12>", "Attachments": ""}]"#,
    ),
    (
        SourceKind::Discord,
        "messages.csv",
        "ID,Timestamp,Contents,Attachments\n352836207438200832,2017-08-31 15:25:07.233000+00:00,\"canary, \"\"canary\"\"\ncanary\",\n",
    ),
    (
        SourceKind::Slack,
        "2026-01-15.json",
        r#"[{"type": "message", "user": "U1A", "text": "canary &lt;<@U1A>", "ts": "1768478400.000250"}]"#,
    ),
];
