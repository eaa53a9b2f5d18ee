#!/usr/bin/env python3
"""A macOS Messages database of made-up messages, the same rows for the same numbers:
make_chat_db.py ROWS OUT.db [--sent SHARE] [--days DAYS]

Ten per cent of the rows have their words in `text` as well, all have them in `attributedBody`, as macOS 13 and later write them.
SHARE of the rows (0.5) are sent; they are spread evenly over DAYS (3,650) up to 2026-01-15T12:00:00Z, in 200 conversations."""
import argparse, os, random, sqlite3
from datetime import datetime, timezone
from pathlib import Path

arguments = argparse.ArgumentParser()
arguments.add_argument("rows", type=int)
arguments.add_argument("out")
arguments.add_argument("--sent", type=float, default=0.5)
arguments.add_argument("--days", type=int, default=3650)
arguments = arguments.parse_args()
rng = random.Random(23)

SCHEMA = Path(__file__).parent / "../crates/idiolect-sample/src/chat_db/schema.sql"
# The columns of `message` in macOS 15 in their order: a reader has to pass those that it does not ask for.
COLUMNS = """ROWID guid text replace service_center handle_id subject country attributedBody version type service account account_guid error date
    date_read date_delivered is_delivered is_finished is_emote is_from_me is_empty is_delayed is_auto_reply is_prepared is_read is_system_message
    is_sent has_dd_results is_service_message is_forward was_downgraded is_archive cache_has_attachments cache_roomnames was_data_detected
    was_deduplicated is_audio_message is_played date_played item_type other_handle group_title group_action_type share_status share_direction
    is_expirable expire_state message_action_type message_source associated_message_guid balloon_bundle_id payload_data associated_message_type
    expressive_send_style_id associated_message_range_location associated_message_range_length time_expressive_send_played message_summary_info
    ck_sync_state ck_record_id ck_record_change_tag destination_caller_id sr_ck_sync_state sr_ck_record_id sr_ck_record_change_tag is_corrupt
    reply_to_guid sort_id is_spam has_unseen_mention thread_originator_guid thread_originator_part syndication_ranges was_delivered_quietly
    did_notify_recipient synced_syndication_ranges date_retracted date_edited was_detonated part_count is_stewie is_kt_verified is_sos is_critical
    bia_reference_id fallback_hash associated_message_emoji is_pending_satellite_send needs_relay schedule_type schedule_state
    sent_or_received_off_grid date_recovered""".split()
# Those that are not numbers beginning as 0.
TYPES = dict.fromkeys("text service_center subject country service account account_guid cache_roomnames group_title associated_message_guid balloon_bundle_id "
                      "expressive_send_style_id ck_record_id ck_record_change_tag destination_caller_id sr_ck_record_id sr_ck_record_change_tag reply_to_guid "
                      "thread_originator_guid thread_originator_part syndication_ranges synced_syndication_ranges bia_reference_id fallback_hash "
                      "associated_message_emoji".split(), "TEXT")
TYPES |= dict.fromkeys("date date_read date_delivered date_played share_status share_direction part_count".split(), "INTEGER")
TYPES |= {"ROWID": "INTEGER PRIMARY KEY AUTOINCREMENT", "guid": "TEXT UNIQUE NOT NULL", "attributedBody": "BLOB", "payload_data": "BLOB", "message_summary_info": "BLOB"}
MESSAGE = "CREATE TABLE message (" + ", ".join(f"{name} {TYPES.get(name, 'INTEGER DEFAULT 0')}" for name in COLUMNS) + ")"
INDEXES = ["date", "handle_id, date", "is_finished, is_from_me, error", "is_read, is_from_me, is_finished", "was_downgraded", "handle_id", "expire_state", "other_handle",
           "cache_has_attachments", "is_read, is_from_me, item_type", "is_sent, is_from_me, error", "thread_originator_guid", "schedule_state"]
CHATS = 200
END_NS = int((datetime(2026, 1, 15, 12, tzinfo=timezone.utc) - datetime(2001, 1, 1, tzinfo=timezone.utc)).total_seconds()) * 10**9
# {"amc": 0, "ust": true} as a binary property list, which Messages gives to every ordinary row.
SUMMARY = bytes.fromhex("62706c6973743030d20102030453616d63537573741000" + "09080d111517" + "000000000000010100000000000000050000000000000000000000000000" + "0018")

WHO = "theo anna mum dad ben lily sam priya grandma".split()
WHAT = ["omw!! be there in {n} mins", "did u see what {w} said about number {n}??", "ok", "im gonna be sooo late lol sorry, save me a seat at table {n}",
        "haha no way", "the train is delayed again, its been {n} minutes and im still on the platform w/ {w}", "ur so funny 😂😂 take {n}",
        "yeah tmrw works, what time r u thinking?? maybe {n} ish", "sent {w} the pics, theres {n} of them", "i dont know tbh, ask {w}",
        "happy birthday!! hope u have the best day, love u loads xx ({n})", "nah not rn, ive got {n} things to finish first and then dinner", "k",
        "can {w} bring {n} chairs pls", "Good morning, the meeting with {w} is at {n}.", "no idea why {w} is like that, {n} times now"]


def length(number):
    return bytes([number]) if number < 128 else b"\x81" + number.to_bytes(2, "little")


def typedstream(text):
    """An NSAttributedString of one run that names message part 0."""
    utf8 = text.encode()
    return (b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+"
            + length(len(utf8)) + utf8 + b"\x86\x84\x02iI\x01" + length(len(text.encode("utf-16-le")) // 2)
            + b"\x92\x84\x84\x84\x0cNSDictionary\x00\x94\x84\x01i\x01\x92\x84\x96\x96\x1d__kIMMessagePartAttributeName\x86"
            + b"\x92\x84\x84\x84\x08NSNumber\x00\x84\x84\x07NSValue\x00\x94\x84\x01*\x84\x99\x99\x00\x86\x86\x86")


def uuid():
    digits = f"{rng.getrandbits(128):032X}"
    return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])


def messages():
    step = arguments.days * 86400 * 10**9 // arguments.rows
    for number in range(arguments.rows):
        text = rng.choice(WHAT).format(n=rng.randrange(2, 99), w=rng.choice(WHO))
        sent, chat = int(rng.random() < arguments.sent), rng.randrange(CHATS) + 1
        date = END_NS - (arguments.rows - number) * step + rng.randrange(step)
        yield (number + 1, uuid(), text if rng.random() < 0.1 else None, typedstream(text), chat, date, date + 10**9 if sent else 0, sent, sent, sent,
               SUMMARY, chat, number + 1, date)


# Whole or not at all: half a database would be read in no time.
part = f"{arguments.out}.part"
if os.path.exists(part):
    os.remove(part)
db = sqlite3.connect(part, isolation_level=None)
db.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {SCHEMA.read_text()}; DROP TABLE message; {MESSAGE}")
db.execute("BEGIN")
for chat in range(1, CHATS + 1):
    number = f"+1212555{chat:04}"
    db.execute("INSERT INTO handle (ROWID, id, country, service) VALUES (?, ?, 'us', 'iMessage')", (chat, number))
    db.execute("INSERT INTO chat (ROWID, guid, style, state, chat_identifier, service_name) VALUES (?, ?, 45, 3, ?, 'iMessage')", (chat, f"iMessage;-;{number}", number))
    db.execute("INSERT INTO chat_handle_join VALUES (?, ?)", (chat, chat))
for row in messages():
    db.execute("INSERT INTO message (ROWID, guid, text, attributedBody, handle_id, version, service, account, date, date_read, date_delivered, is_delivered,"
               " is_finished, is_from_me, is_read, is_sent, was_data_detected, message_summary_info, destination_caller_id, part_count)"
               " VALUES (?, ?, ?, ?, ?, 10, 'iMessage', 'E:me@example.org', ?, 0, ?, ?, 1, ?, 1, ?, 1, ?, '+16175550100', 1)", row[:11])
    db.execute("INSERT INTO chat_message_join VALUES (?, ?, ?)", row[11:])
for number, columns in enumerate(INDEXES):
    db.execute(f"CREATE INDEX bench_idx_{number} ON message ({columns})")
db.execute("CREATE INDEX bench_idx_chat ON chat_message_join (chat_id, message_date, message_id)")
db.execute("COMMIT")
db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
db.close()
os.replace(part, arguments.out)
