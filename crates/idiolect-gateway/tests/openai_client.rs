//! The official Python client against the gateway over a fake model. It runs where `IDIOLECT_TEST_PYTHON` names a Python that
//! has the package `openai`.

mod common;

use std::process::Command;

use common::{KEY, World};
use idiolect_gateway::serve;
use idiolect_http::bind_loopback;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_client_understands_the_gateway() {
    let Some(python) = std::env::var_os("IDIOLECT_TEST_PYTHON") else {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "IDIOLECT_TEST_PYTHON names no Python with the package openai and CI=true; `make test` brings one"
        );
        println!("skipped: IDIOLECT_TEST_PYTHON is not set to a Python with the package openai");
        return;
    };
    for world in [World::ready().await, World::with_user(None).await] {
        let listener = bind_loopback(0, "--port").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let server = tokio::spawn(serve(listener, world.gateway(), std::future::pending()));
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/openai_client_check.py");
        let mut command = Command::new(&python);
        command.args([script, &url, KEY]);
        let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        println!("{}", String::from_utf8_lossy(&output.stdout));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        server.abort();
    }
}
