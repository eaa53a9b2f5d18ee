use std::path::Path;

use idiolect_testkit::published_schemas;
use serde_json::Value;

use crate::support::shared_data;

#[test]
fn the_bundled_request_schemas_are_the_published_ones() {
    let Some(dir) = shared_data("whether the bundled request schemas are OpenAI's") else { return };
    let openapi = std::fs::read(dir.join("openai/openapi_slice.json")).unwrap();
    let published = published_schemas(&serde_json::from_slice(&openapi).unwrap());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/openai_requests.json");
    if std::env::var_os("IDIOLECT_WRITE_SCHEMAS").is_some() {
        std::fs::write(&path, format!("{}\n", serde_json::to_string(&published).unwrap())).unwrap();
    }
    let bundled: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert!(bundled == published, "they differ; IDIOLECT_WRITE_SCHEMAS=1 writes them anew");
}
