//! How much all files together may take: without an end to it whoever has the key could fill the disk.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::ApiError;
use crate::state::Host;

/// A file takes a block of the disk, however small it is.
const BLOCK_BYTES: u64 = 4096;

/// An upload's part of the room. What it holds is there again once it is dropped: by then the file is listed, or gone.
pub(crate) struct Room {
    host: Host,
    /// By the files that are kept.
    kept: u64,
    /// By this upload.
    taken: u64,
}

impl Room {
    pub(crate) async fn for_upload(host: &Host) -> Result<Self, ApiError> {
        let mut room = Self { host: host.clone(), kept: 0, taken: 0 };
        room.take(BLOCK_BYTES)?;
        room.look_again().await?;
        Ok(room)
    }

    /// Uploads that ended meanwhile are files now.
    pub(crate) async fn look_again(&mut self) -> Result<(), ApiError> {
        self.kept = self.host.provider.files().await?.iter().map(|file| file.size_bytes + BLOCK_BYTES).sum();
        self.take(0)
    }

    pub(crate) fn take(&mut self, bytes: u64) -> Result<(), ApiError> {
        self.taken += bytes;
        let uploading = self.uploading().fetch_add(bytes, Ordering::Relaxed) + bytes;
        let limit_bytes = self.host.settings.max_total_bytes;
        if self.kept + uploading > limit_bytes { Err(ApiError::NoRoom { limit_bytes }) } else { Ok(()) }
    }

    fn uploading(&self) -> &AtomicU64 {
        &self.host.uploading
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.uploading().fetch_sub(self.taken, Ordering::Relaxed);
    }
}
