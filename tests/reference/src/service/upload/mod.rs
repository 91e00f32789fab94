//! UploadDocument, client streaming: a file in chunks in, one receipt out.
//!
//! One chunk is in memory at a time: it is checked, hashed and written before the next is read. Meanwhile flow control
//! holds the client, so memory stays the same however long the file is.
//!
//! The end of the stream commits nothing. A client that gives up and one that is done look the same from here: tonic
//! reads both as `Ok(None)`. Only a last chunk that says how much was sent, and with which checksum, tells them apart.

mod intake;

use std::mem;
use std::panic::resume_unwind;

use proto::classification::v1::{DocumentChunk, UploadResponse};
use sha2::{Digest, Sha256};
use tonic::codegen::Bytes;
use tonic::{Code, Status, Streaming};

use crate::errors::{Failure, Reason};
use crate::store::Store;

use intake::Intake;

/// Receives a file into the store. Returning early, with an error or by being dropped, drops the draft, and nothing of
/// it stays.
pub(crate) async fn receive(
    store: &Store,
    mut chunks: Streaming<DocumentChunk>,
) -> Result<UploadResponse, Status> {
    let mut intake = Intake::default();
    let mut chunk = next(&mut chunks, &mut intake).await?;
    let mut draft = store.draft(&chunk.document_id).await?;
    let mut checksum = Sha256::new();
    loop {
        let data = Bytes::from(mem::take(&mut chunk.data));
        checksum = update(checksum, data.clone()).await?;
        draft.write(data).await?;
        if chunk.is_last {
            break;
        }
        chunk = next(&mut chunks, &mut intake).await?;
    }
    intake.check_commit(&chunk, &checksum.finalize())?;
    let storage_key = draft.commit().await?;
    tracing::info!(storage_key, ?intake, "stored a document");
    Ok(UploadResponse {
        document_id: chunk.document_id,
        total_bytes: intake.bytes(),
        total_chunks: intake.chunks(),
        storage_key,
    })
}

/// The next chunk, if it is one that may come next.
async fn next(
    chunks: &mut Streaming<DocumentChunk>,
    intake: &mut Intake,
) -> Result<DocumentChunk, Status> {
    match chunks.message().await? {
        Some(chunk) => {
            intake.take(&chunk)?;
            Ok(chunk)
        }
        None => Err(intake.missing_last_chunk().into()),
    }
}

/// Adds to the checksum, off the async threads: a chunk of 4 MiB keeps one busy for milliseconds.
async fn update(mut checksum: Sha256, data: Bytes) -> Result<Sha256, Failure> {
    tokio::task::spawn_blocking(move || {
        checksum.update(&data);
        checksum
    })
    .await
    .map_err(|failed| match failed.try_into_panic() {
        // Nothing catches it on that thread. Resumed here, it is a panic of the handler like any other.
        Ok(panic) => resume_unwind(panic),
        // Only a runtime that is shutting down refuses the work.
        Err(_) => Failure::new(
            Code::Unavailable,
            Reason::ServerStopping,
            "the server is stopping: send the file again in a moment",
        ),
    })
}
