use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;
use std::time::Duration;

use super::fetch::Limits;
use super::*;

/// Answers the connections one by one with what it was told, and gives back the requests' heads.
struct Server {
    url: String,
    handle: JoinHandle<Vec<String>>,
}

fn serve(answers: Vec<String>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/messages", listener.local_addr().unwrap());
    let handle = std::thread::spawn(move || {
        let mut heads = Vec::new();
        for answer in answers {
            let (stream, _) = listener.accept().unwrap();
            let mut head = String::new();
            for line in BufReader::new(&stream).lines() {
                let line = line.unwrap();
                if line.is_empty() {
                    break;
                }
                head.push_str(&line);
                head.push('\n');
            }
            heads.push(head);
            (&stream).write_all(answer.as_bytes()).unwrap();
        }
        heads
    });
    Server { url, handle }
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
}

fn record(id: &str) -> String {
    format!("{{\"messageId\":\"{id}\",\"timestamp\":\"2026-01-10T10:00:00Z\",\"text\":\"canary {id}\"}}\n")
}

fn window() -> Window {
    Window { start: "2026-01-01T00:00:00Z".parse().unwrap(), end: "2026-02-01T00:00:00Z".parse().unwrap() }
}

fn read(url: &str) -> Result<Vec<String>, String> {
    read_within(url, Limits::default())
}

fn read_within(url: &str, limits: Limits) -> Result<Vec<String>, String> {
    let options = BridgeOptions { user: Some("ana".into()), token: Some("s3cret".to_owned().into()) };
    let address = Address::parse(url).map_err(|error| error.to_string())?;
    let limits = Limits { first_pause: Duration::from_millis(1), ..limits };
    let pages = Pages::new(&address, &options, window()).with_limits(limits);
    let all = Conversations::default();
    let wanted = Wanted { me: None, timezone: None, window: window(), conversations: &all };
    let stream = NdjsonStream::over(pages, wanted);
    stream.map(|message| message.map(|message| message.message_id).map_err(|error| error.to_string())).collect()
}

#[test]
fn pages_are_followed_and_asked_for_with_the_token() {
    let server = serve(vec![
        answer("200 OK", "Link: <?page=2>; rel=\"next\"\r\n", &(record("1") + &record("2"))),
        answer("200 OK", "", &(record("2") + &record("3"))),
    ]);
    assert_eq!(read(&server.url).unwrap(), ["1", "2", "3"]);
    let heads = server.handle.join().unwrap();
    let first = "GET /messages?user=ana&since=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00Z HTTP/1.1";
    assert!(heads[0].starts_with(first), "{}", heads[0]);
    assert!(heads[1].starts_with("GET /messages?page=2 "), "{}", heads[1]);
    assert!(heads.iter().all(|head| head.to_lowercase().contains("authorization: bearer s3cret")), "{heads:?}");
}

#[test]
fn a_page_that_fails_or_breaks_off_is_asked_for_again() {
    let cut = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5000\r\n\r\n".to_owned() + &record("1");
    let server = serve(vec![
        answer("503 Service Unavailable", "Retry-After: 0\r\n", ""),
        cut,
        "nonsense\r\n\r\n".into(),
        answer("429 Too Many Requests", "", ""),
        answer("200 OK", "", &record("1")),
    ]);
    assert_eq!(read(&server.url).unwrap(), ["1"]);
    assert_eq!(server.handle.join().unwrap().len(), 5);
}

#[test]
fn a_page_that_was_waited_for_long_enough_is_not_asked_for_again() {
    let cut = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5000\r\n\r\n".to_owned() + &record("1");
    let server = serve(vec![cut]);
    let error = read_within(&server.url, Limits { page: Duration::ZERO, ..Limits::default() }).unwrap_err();
    assert!(error.contains("after 0 seconds of waiting for one page; let the bridge answer sooner"), "{error}");
    assert_eq!(server.handle.join().unwrap().len(), 1);
}

#[test]
fn what_does_not_get_better_is_said_at_once_and_without_secrets() {
    for (given, expected) in [
        (answer("401 Unauthorized", "", "canary"), "it refuses the token (HTTP 401); give the bridge's token"),
        (answer("404 Not Found", "", "canary"), "it answers with HTTP 404; check the URL"),
        (answer("302 Found", "Location: https://example.org/\r\n", ""), "it redirects (HTTP 302); name the address"),
        (answer("200 OK", "content-type: text/html\r\n", "<p>canary"), "it answers with a web page"),
        (answer("200 OK", "Content-Type: TEXT/HTML; charset=UTF-8\r\n", "<p>canary"), "it answers with a web page"),
        (
            answer("200 OK", "Content-Encoding: gzip\r\n", "\u{1f}canary"),
            "its answer is packed (Content-Encoding); let",
        ),
        (
            answer("429 Too Many Requests", "Retry-After: 3600\r\n", "canary"),
            "it answers with HTTP 429 and asks for a pause of 60 minutes; try again then",
        ),
        (
            answer("200 OK", &format!("Link: <?{}>; rel=next\r\n", "x".repeat(9000)), ""),
            "its link to the next page has more than 8 KB",
        ),
        (
            answer("200 OK", "Link: <https://example.org/>; rel=next\r\n", ""),
            "its link to the next page leads elsewhere",
        ),
        (answer("200 OK", "", "{\"messageId\":\"canary"), "/messages, page 1, line 1, record: broken JSON"),
    ] {
        let server = serve(vec![given]);
        let error = read(&server.url).unwrap_err();
        assert!(error.contains(expected), "{error}\nshould contain {expected}");
        assert!(!error.contains("canary") && !error.contains("s3cret") && !error.contains("user=ana"), "{error}");
        server.handle.join().unwrap();
    }
}

#[test]
fn a_pause_is_asked_for_in_seconds_or_as_a_time() {
    let seconds = |value: &str, date| fetch::pause_asked_for(value, date).map(|pause| pause.as_secs());
    let date = Some("Fri, 27 Nov 2026 08:00:00 GMT");
    assert_eq!(seconds(" 90 ", None), Some(90));
    assert_eq!(seconds("99999999999999999999999", None), Some(u64::MAX));
    assert_eq!(seconds("Fri, 27 Nov 2026 08:01:30 GMT", date), Some(90));
    assert_eq!(seconds("Fri, 27 Nov 2026 07:00:00 GMT", date), Some(0), "gone by already");
    assert_eq!(seconds("Fri, 27 Nov 2026 08:01:30 GMT", None), None);
    for unclear in ["", "-5", "0.5", "soon"] {
        assert_eq!(seconds(unclear, date), None, "{unclear}");
    }
}

#[test]
fn pages_that_lead_back_end() {
    let server = serve(vec![
        answer("200 OK", "Link: <?page=2>; rel=next\r\n", &record("1")),
        answer("200 OK", "Link: <?page=2>; rel=next\r\n", &record("2")),
    ]);
    assert!(read(&server.url).unwrap_err().contains("its pages have no end"));
    server.handle.join().unwrap();
}

#[test]
fn pages_that_bring_nothing_new_end() {
    let limits = Limits { pages_in_vain: 2, ..Limits::default() };
    let page = |number: usize, body: &str| answer("200 OK", &format!("Link: <?page={number}>; rel=next\r\n"), body);
    let told = "2 pages one after the other bring nothing new; let the last page have no link to a next one";
    for body in ["", "\n \n", &record("1")] {
        let server = serve(vec![page(2, &record("1")), page(3, body), page(4, body)]);
        let error = read_within(&server.url, limits).unwrap_err();
        assert!(error.contains(told) && !error.contains("canary"), "{error}");
        server.handle.join().unwrap();
    }
    let server = serve(vec![
        page(2, ""),
        page(3, &record("1")),
        page(4, ""),
        page(5, &record("2")),
        page(6, ""),
        answer("200 OK", "", ""),
    ]);
    assert_eq!(read_within(&server.url, limits).unwrap(), ["1", "2"]);
    server.handle.join().unwrap();
}

#[test]
fn pages_end_that_take_too_long_together() {
    let limits = Limits { reading: Duration::ZERO, ..Limits::default() };
    let server = serve(vec![answer("200 OK", "Link: <?page=2>; rel=next\r\n", &record("1"))]);
    let error = read_within(&server.url, limits).unwrap_err();
    assert!(error.contains("1 pages took 0 seconds and are not all; let the bridge answer sooner, or in"), "{error}");
    server.handle.join().unwrap();
    let server = serve(vec![answer("200 OK", "", &record("1"))]);
    assert_eq!(read_within(&server.url, limits).unwrap(), ["1"], "the last page is there");
    server.handle.join().unwrap();
}

#[test]
fn nobody_there_is_said_after_the_attempts() {
    // A free port may be given to the next test that listens, whose answers this one would then take away.
    let url = "http://127.0.0.1:1/".to_owned();
    let error = read(&url).unwrap_err();
    assert!(
        error.contains("it cannot be reached (connection refused), 5 times; check that the bridge runs"),
        "{error}"
    );
}

#[test]
fn the_next_page_may_be_named_in_any_of_several_headers() {
    let links = "Link: <?page=1>; rel=prev\r\nLink: <?page=2>; rel=\"next\"\r\n";
    let server = serve(vec![
        answer("200 OK", links, &record("1")),
        answer("204 No Content", "Link: <?page=3>; rel=next\r\n", "").replace("content-length: 0\r\n", ""),
        answer("200 OK", "", &record("3")),
    ]);
    assert_eq!(read(&server.url).unwrap(), ["1", "3"]);
    server.handle.join().unwrap();
}

#[test]
fn a_link_that_cannot_be_read_is_an_error_and_no_end() {
    for link in
        ["?page=2; rel=next", "<?page=2; rel=next", "<?page=\u{e4}>; rel=next", "<?a>; rel=next, <?b>; rel=next"]
    {
        let server = serve(vec![answer("200 OK", &format!("Link: {link}\r\n"), &record("1"))]);
        let error = read(&server.url).unwrap_err();
        assert!(error.contains("its header Link cannot be read; let the bridge"), "{error}");
        server.handle.join().unwrap();
    }
}

#[test]
fn records_of_several_senders_are_refused_unless_me_names_one() {
    let of = |id: &str, sender: &str| record(id).replace("\"text\"", &format!("\"sender\":\"{sender}\",\"text\""));
    let server = serve(vec![
        answer("200 OK", "Link: <?page=2>; rel=next\r\n", &of("1", "x")),
        answer("200 OK", "", &of("2", "y")),
    ]);
    let error = read(&server.url).unwrap_err();
    assert!(
        error.contains("/messages, page 2: its records are of several senders and do not say which is you"),
        "{error}"
    );
    assert!(error.contains("--me") && !error.contains("canary"), "{error}");
    server.handle.join().unwrap();
    let server = serve(vec![answer("200 OK", "", &(of("1", "x") + &of("2", "y") + &of("3", "x")))]);
    let options = SourceOptions { me: Some("x".into()), ..SourceOptions::default() };
    let bridge = Bridge::new(&server.url, &options).unwrap();
    let messages: Vec<_> = bridge.read(window()).unwrap().map(|message| message.unwrap().message_id).collect();
    assert_eq!(messages, ["1", "3"]);
    server.handle.join().unwrap();
}

#[test]
fn the_label_shows_no_query() {
    let bridge = Bridge::new("https://example.org/m?app=ana", &SourceOptions::default()).unwrap();
    assert_eq!(bridge.label(), "bridge:https://example.org/m");
}

#[test]
fn options_do_not_show_the_token() {
    let options = BridgeOptions { user: None, token: Some("s3cret".to_owned().into()) };
    assert!(!format!("{options:?}").contains("s3cret"));
}
