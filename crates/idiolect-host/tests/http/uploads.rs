//! `/v1/files`.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::bench::{Bench, request, training_file, upload_request};

const PURPOSE: (&str, &str) = ("purpose", "fine-tune");

#[tokio::test]
async fn a_file_is_uploaded_listed_read_and_deleted() {
    let bench = Bench::new();
    let content = training_file();
    let file = bench.upload(&[PURPOSE], "my chats (1).jsonl", &content).await.ok();
    assert_eq!(file["object"], "file");
    assert_eq!(file["filename"], "my chats (1).jsonl");
    assert_eq!(file["bytes"], content.len());
    assert_eq!((&file["purpose"], &file["status"]), (&json!("fine-tune"), &json!("processed")));
    assert!(file["expires_at"].is_null());
    let id = file["id"].as_str().unwrap();
    let second = bench.uploaded(&content).await;

    let list = bench.get("/v1/files?purpose=fine-tune&limit=1").await.ok();
    assert_eq!((&list["data"][0]["id"], &list["has_more"]), (&json!(second), &json!(true)), "newest first");
    let list = bench.get(&format!("/v1/files?after={second}")).await.ok();
    assert_eq!((&list["data"][0]["id"], &list["has_more"]), (&json!(id), &json!(false)));
    let list = bench.get("/v1/files?order=asc").await.ok();
    assert_eq!(list["first_id"], id);
    assert_eq!(bench.get("/v1/files?purpose=batch").await.ok()["data"], json!([]));

    assert_eq!(bench.get(&format!("/v1/files/{id}")).await.ok()["id"], id);
    let read = bench.get(&format!("/v1/files/{id}/content")).await;
    assert_eq!(read.text.into_bytes(), content);
    let deleted = bench.delete(&format!("/v1/files/{id}")).await.ok();
    assert_eq!(deleted, json!({"id": id, "object": "file", "deleted": true}));
    for path in ["", "/content"] {
        let (status, _, code) = bench.get(&format!("/v1/files/{id}{path}")).await.error();
        assert_eq!((status, code.as_str()), (404, "file_not_found"));
    }
    assert_eq!(bench.delete(&format!("/v1/files/{id}")).await.status, 404);
}

#[tokio::test]
async fn an_expiry_is_honoured() {
    let bench = Bench::new();
    let fields = [PURPOSE, ("expires_after[anchor]", "created_at"), ("expires_after[seconds]", "3600")];
    let file = bench.upload(&fields, "chats.jsonl", b"{}").await.ok();
    assert_eq!(file["expires_at"].as_i64().unwrap() - file["created_at"].as_i64().unwrap(), 3600);
    let id = file["id"].as_str().unwrap();

    // An hour later, as the note beside the file has it.
    let note = bench.data().join(format!("provider/files/{id}.note"));
    let text = std::fs::read_to_string(&note).unwrap();
    let (before, _) = text.split_once("\"expires_at\":").unwrap();
    std::fs::write(&note, format!("{before}\"expires_at\":\"2026-01-01T00:00:00Z\"}}")).unwrap();
    assert_eq!(bench.get(&format!("/v1/files/{id}")).await.status, 404);
    assert_eq!(bench.names("provider/files"), [""; 0], "the file is gone from the disk as well");
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_and_leaves_nothing() {
    let bench = Bench::new();
    let seconds = ("expires_after[seconds]", "60");
    let anchor = ("expires_after[anchor]", "created_at");
    let long = "x".repeat(300);
    let long_name = format!("{long}.jsonl");
    for (fields, name, content, param, code) in [
        (&[][..], "a.jsonl", "{}", "purpose", "missing_required_parameter"),
        (&[("purpose", "batch")], "a.jsonl", "{}", "purpose", "invalid_value"),
        (&[("purpose", long.as_str())], "a.jsonl", "{}", "purpose", "invalid_value"),
        (&[PURPOSE], "a.txt", "{}", "file", "invalid_file_format"),
        (&[PURPOSE], "a.jsonl", "", "file", "invalid_value"),
        (&[PURPOSE], &long_name, "{}", "file", "invalid_value"),
        (&[PURPOSE], "a\tb.jsonl", "{}", "file", "invalid_value"),
        (&[PURPOSE, ("file", "{}")], "a.jsonl", "{}", "file", "invalid_value"),
        (&[PURPOSE, anchor, seconds], "a.jsonl", "{}", "expires_after.seconds", "invalid_value"),
        (&[PURPOSE, seconds], "a.jsonl", "{}", "expires_after.anchor", "invalid_value"),
        (&[PURPOSE, ("name", "x")], "a.jsonl", "{}", "body", "invalid_value"),
    ] {
        let answer = bench.upload(fields, name, content.as_bytes()).await;
        assert_eq!(answer.error(), (400, json!(param), code.to_owned()), "{fields:?} {name}");
    }
    let answer = bench.upload(&[("purpose", &long)], "a.jsonl", b"{}").await;
    assert!(answer.text.contains("longer than 256 bytes"), "{}", answer.text);
    let twice = [PURPOSE; 17];
    assert_eq!(bench.upload(&twice, "a.jsonl", b"{}").await.status, 400);
    assert_eq!(bench.names("provider/files"), [""; 0]);
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_as_soon_as_that_is_known() {
    let mut bench = Bench::new();
    bench.settings.max_file_bytes = 1000;
    let (status, _, code) = bench.upload(&[PURPOSE], "a.jsonl", &[b'x'; 1001]).await.error();
    assert_eq!((status, code.as_str()), (413, "request_too_large"));
    let (status, _, _) = bench.upload(&[PURPOSE], "a.jsonl", &vec![b'x'; 1_000_000]).await.error();
    assert_eq!(status, 413);
    assert_eq!(bench.names("provider/files"), [""; 0]);
    assert_eq!(bench.upload(&[PURPOSE], "a.jsonl", &[b'x'; 1000]).await.status, 200);
}

#[tokio::test]
async fn files_that_would_take_too_much_together_are_refused_until_some_are_deleted() {
    let mut bench = Bench::new();
    bench.settings.max_total_bytes = 2 * 4096 + 3000;
    let upload = async |bytes: usize| bench.upload(&[PURPOSE], "a.jsonl", &vec![b'x'; bytes]).await;
    let id = upload(2000).await.ok()["id"].as_str().unwrap().to_owned();
    assert_eq!(upload(1000).await.status, 200);
    let full = upload(1).await;
    assert_eq!(full.error(), (413, json!(null), "storage_limit_exceeded".to_owned()));
    assert!(
        full.text.contains("more than 11192 bytes together; delete some with DELETE /v1/files/{id}"),
        "{}",
        full.text
    );
    assert_eq!(bench.names("provider/files").iter().filter(|name| name.ends_with(".jsonl")).count(), 2);
    assert_eq!(bench.delete(&format!("/v1/files/{id}")).await.status, 200);
    // What another upload has brought so far counts.
    bench.uploading.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(upload(2000).await.status, 413);
    bench.uploading.fetch_sub(1, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(upload(2000).await.status, 200);
    assert_eq!(bench.uploading.load(std::sync::atomic::Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_form_that_breaks_off_leaves_nothing() {
    let bench = Bench::new();
    let whole = upload_request(&[PURPOSE], "a.jsonl", &training_file());
    let (parts, body) = whole.into_parts();
    let bytes = http_body_util::BodyExt::collect(body).await.unwrap().to_bytes();
    for length in [0, 10, 120, bytes.len() / 2, bytes.len() - 12] {
        let cut = Request::from_parts(parts.clone(), Body::from(bytes.slice(..length)));
        let (status, _, _) = bench.send(cut).await.error();
        assert_eq!(status, 400, "cut at {length}");
    }
    let no_form = request("POST", "/v1/files", Body::from("{}"));
    assert_eq!(bench.send(no_form).await.error().0, 400);
    assert_eq!(bench.names("provider/files"), [""; 0]);
}
