//! The examples in OpenAI's own specification, most of which break it.

use futures_util::StreamExt;
use idiolect_provider::{
    ChatMessage, ChatProvider, ChatRequest, FileId, FineTuningProvider, JobId, ModelId, ProviderError, Upload,
};
use idiolect_testkit::{Endpoint, FAKE_BASE_MODEL, Oddity, training_lines};
use serde_json::Value;

use crate::support::{World, shared_data};

/// Every call of the client, answered with this body; how each ended.
async fn every_call(body: &[u8]) -> Vec<(Endpoint, Result<(), ProviderError>)> {
    let world = World::start().await;
    let file = world.upload("run.jsonl").await;
    let ended = world.ended(&world.created().await.id).await;
    let mut ends = Vec::new();
    let job = JobId::new("ftjob-abc123");
    let model = ModelId::new("ft:gpt:acme:suffix:abc123");
    let chat = || ChatRequest::new(ModelId::new(FAKE_BASE_MODEL), &[ChatMessage::new("user", "Say hello.")]);
    let client = &world.client;
    // Safe calls are sent again up to nine times when the answer makes no sense.
    let answer_with = |endpoint| (0..9).for_each(|_| world.server.next(endpoint, Oddity::Answer(body.to_vec())));
    for endpoint in [
        Endpoint::GetJob,
        Endpoint::ListJobs,
        Endpoint::ListFiles,
        Endpoint::DeleteFile,
        Endpoint::ListModels,
        Endpoint::DeleteModel,
        Endpoint::CancelJob,
        Endpoint::Chat,
        Endpoint::CreateJob,
        // After the job, which looks at its file and must find it as it is.
        Endpoint::GetFile,
        Endpoint::UploadFile,
        Endpoint::GetModel,
        Endpoint::ListCheckpoints,
    ] {
        answer_with(endpoint);
        let end = match endpoint {
            Endpoint::GetJob => client.job(&job).await.map(drop),
            Endpoint::ListJobs => client.find_jobs("run_id", "x", None).await.map(drop),
            Endpoint::ListFiles => client.find_files("x").await.map(drop),
            Endpoint::DeleteFile => client.delete_file(&FileId::new("file-abc123")).await.map(drop),
            Endpoint::ListModels => client.models().await.map(drop),
            Endpoint::DeleteModel => client.delete_model(&model).await.map(drop),
            Endpoint::CancelJob => client.cancel_job(&job).await.map(drop),
            Endpoint::Chat => client.complete(chat()).await.map(drop),
            Endpoint::CreateJob => client.create_job(World::request(&file)).await.map(drop),
            Endpoint::GetFile => client.describe_file(&file).await.map(drop),
            Endpoint::UploadFile => client.upload_file(Upload::new("run.jsonl", training_lines(12))).await.map(drop),
            Endpoint::GetModel => client.model(&model).await.map(drop),
            Endpoint::ListCheckpoints => {
                // Read by hosts that register what was trained, by its last checkpoint.
                let registered = Oddity::Answer(br#"{"name": "ana", "status": "active"}"#.to_vec());
                world.server.next(Endpoint::RegisterModel, registered);
                world.server.client("nebius").make_servable(&ended).await.map(drop)
            }
            _ => unreachable!("every call of the list is made"),
        };
        ends.push((endpoint, end));
    }
    answer_with(Endpoint::Chat);
    if let Ok(mut stream) = client.stream(chat()).await {
        while let Some(Ok(_)) = stream.next().await {}
    }
    ends
}

fn of(operation: &str) -> Option<Endpoint> {
    Some(match operation {
        "createFineTuningJob" => Endpoint::CreateJob,
        "retrieveFineTuningJob" => Endpoint::GetJob,
        "pauseFineTuningJob" | "resumeFineTuningJob" => Endpoint::GetJob,
        "cancelFineTuningJob" => Endpoint::CancelJob,
        "listPaginatedFineTuningJobs" => Endpoint::ListJobs,
        "listFineTuningJobCheckpoints" => Endpoint::ListCheckpoints,
        "listFiles" => Endpoint::ListFiles,
        "createFile" => Endpoint::UploadFile,
        "retrieveFile" => Endpoint::GetFile,
        "deleteFile" => Endpoint::DeleteFile,
        "listModels" => Endpoint::ListModels,
        "retrieveModel" => Endpoint::GetModel,
        "deleteModel" => Endpoint::DeleteModel,
        "createChatCompletion" => Endpoint::Chat,
        _ => return None,
    })
}

#[tokio::test]
async fn the_client_survives_all_examples_of_the_specification() {
    let Some(dir) = shared_data("whether the client survives the specification's examples") else { return };
    let examples: Vec<Value> =
        serde_json::from_slice(&std::fs::read(dir.join("openai/spec_examples.json")).unwrap()).unwrap();
    assert_eq!(examples.len(), 44);
    let (mut fed, mut understood) = (0, 0);
    for example in &examples {
        let body = example["response"].as_str().unwrap_or_default();
        let operation = example["operationId"].as_str().unwrap();
        let is_json = serde_json::from_str::<Value>(body).is_ok();
        fed += 1;
        for (endpoint, end) in every_call(body.as_bytes()).await {
            if is_json && of(operation) == Some(endpoint) {
                assert!(end.is_ok(), "{operation} {}: {end:?}", example["title"]);
                understood += 1;
            }
        }
    }
    println!("{fed} examples fed to every call; {understood} that are JSON understood by the call they belong to");
    assert_eq!(understood, 15);
}
