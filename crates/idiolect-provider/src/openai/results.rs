//! What a job leaves behind beside a model: result files, to be downloaded and deleted.

use futures_util::{StreamExt, stream};
use serde_json::Value;

use super::OpenAiProvider;
use super::call::{Call, encoded};
use super::http::describe;
use crate::protocol::WireJob;
use crate::{
    AfterSuccess, FileContent, FileId, FineTuningJob, FineTuningProvider, JobId, JobStatus, ModelId, ProviderError,
    Servable, UploadedFile,
};

/// In the id of a checkpoint's model, between the id of the job's model and the number of the step.
const CHECKPOINT: &str = ":ckpt-step-";

impl OpenAiProvider {
    /// The files of the last checkpoint that has some, else the job's result files.
    pub(super) async fn adapter_files(&self, job: &FineTuningJob) -> Result<Servable, ProviderError> {
        let checkpoints = self.checkpoints(&job.id).await?;
        let of_checkpoint = checkpoints.iter().map(result_files).find(|files| !files.is_empty());
        let files = match of_checkpoint {
            Some(files) => files,
            None => self.result_files(&job.id).await?,
        };
        match files.is_empty() {
            true => Err(ProviderError::not_found("adapter of job", &job.id)),
            false => Ok(Servable::Download(files)),
        }
    }

    async fn result_files(&self, job: &JobId) -> Result<Vec<FileId>, ProviderError> {
        Ok(result_files(&self.answered_job(job).await?))
    }

    async fn answered_job(&self, job: &JobId) -> Result<Value, ProviderError> {
        let path = format!("/fine_tuning/jobs/{}", encoded(job.as_str()));
        self.http.json(Call::get(path, "fine-tuning job", job)).await
    }

    /// Deletes the job's result files and those of its checkpoints, and the models of the checkpoints where there is no model of
    /// the job's that they belong to: nothing names them then. A job that is gone has left nothing.
    pub(super) async fn delete_leftovers(&self, job: &JobId) -> Result<(), ProviderError> {
        let answered = match self.answered_job(job).await {
            Ok(answered) => answered,
            Err(ProviderError::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        let mut files = result_files(&answered);
        let ended = WireJob::parse(&answered).map(|answered| answered.into_job(&self.profile));
        if ended.is_some_and(|ended| matches!(ended.status, JobStatus::Failed | JobStatus::Cancelled)) {
            self.delete_checkpoint_models(job).await?;
        }
        // Only hosts whose adapters are downloaded hang files on checkpoints.
        if self.profile.after_success == AfterSuccess::DownloadAdapter {
            match self.checkpoints(job).await {
                Ok(checkpoints) => files.extend(checkpoints.iter().flat_map(result_files)),
                Err(ProviderError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        for file in files {
            let path = format!("/files/{}", encoded(file.as_str()));
            self.delete(path, "file", file.as_str()).await?;
        }
        Ok(())
    }

    /// Deletes the models that the job kept of its last epochs, beside the one that it names.
    pub(super) async fn delete_checkpoint_models(&self, job: &JobId) -> Result<(), ProviderError> {
        // Elsewhere a checkpoint is made a model by a further step, or consists of files.
        if self.profile.after_success != AfterSuccess::None {
            return Ok(());
        }
        let checkpoints = match self.checkpoints(job).await {
            Ok(checkpoints) => checkpoints,
            // The job is gone, or the host has no such list.
            Err(ProviderError::NotFound { .. } | ProviderError::InvalidRequest { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        let ids = checkpoints.iter().filter_map(|item| item.get("fine_tuned_model_checkpoint")?.as_str());
        for id in ids.filter(|id| id.contains(CHECKPOINT)) {
            self.delete_model(&ModelId::new(id)).await?;
        }
        Ok(())
    }

    /// The file as the host describes it.
    pub async fn describe_file(&self, file: &FileId) -> Result<UploadedFile, ProviderError> {
        Ok(self.file(file).await?.into_file())
    }

    /// The file's bytes as they come. After more than `max_bytes` of them the stream ends with an error.
    pub async fn file_content(&self, file: &FileId, max_bytes: u64) -> Result<FileContent, ProviderError> {
        let path = format!("/files/{}/content", encoded(file.as_str()));
        let response = self.http.stream(&Call::get(path, "file", file)).await?;
        let host = self.profile.name.clone();
        let reading = (response, 0_u64, false);
        let pieces = stream::unfold(reading, move |(mut response, had, over)| {
            let host = host.clone();
            async move {
                if over {
                    return None;
                }
                let piece = match response.chunk().await {
                    Ok(None) => return None,
                    Ok(Some(piece)) if had + piece.len() as u64 > max_bytes => {
                        let message = format!("{host} sends a file of more than {max_bytes} bytes, which is not taken");
                        Err(ProviderError::Internal { message })
                    }
                    Ok(Some(piece)) => Ok(piece.to_vec()),
                    Err(error) => Err(ProviderError::unavailable(format!("{host}: {}", describe(&error)))),
                };
                let had = had + piece.as_ref().map_or(0, |piece| piece.len() as u64);
                let over = piece.is_err();
                Some((piece, (response, had, over)))
            }
        });
        Ok(pieces.boxed())
    }
}

/// Ids of files, bare or as objects, of a job or a checkpoint.
fn result_files(object: &Value) -> Vec<FileId> {
    let listed = object.get("result_files").and_then(Value::as_array).into_iter().flatten();
    let listed = listed.filter_map(|file| file.as_str().or_else(|| file.get("id")?.as_str()));
    let single = object.get("file_id").and_then(Value::as_str);
    listed.chain(single).map(FileId::new).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn result_files_are_read_however_a_host_lists_them() {
        let ids = |object: Value| result_files(&object).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(ids(json!({"result_files": ["file-1", {"id": "file-2", "object": "file"}]})), ["file-1", "file-2"]);
        assert_eq!(ids(json!({"file_id": "file-3"})), ["file-3"]);
        for nothing in [json!({}), json!({"result_files": null}), json!({"result_files": [7, {}]}), json!([])] {
            assert!(ids(nothing).is_empty());
        }
    }
}
