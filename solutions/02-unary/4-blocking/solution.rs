//! A few threads run all async code, and switch between calls at each `.await`. Work that computes for long has no
//! `.await`: the thread that it runs on answers nobody else, not even a health check.

use std::sync::Arc;

use kit::Document;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tonic::Status;

use crate::run::clean;

/// What the edge does with each document before it asks the host. `permits` are shared by all calls.
pub async fn clean_text(permits: Arc<Semaphore>, document: Document) -> Result<String, Status> {
    // gap
    // uses: clean, spawn_blocking; permits, document
    let permit = permits
        .acquire_owned()
        .await
        .map_err(|error| Status::internal(error.to_string()))?;
    let cleaning = spawn_blocking(move || {
        // hint, 3 lines: let _permit = permit;
        // The permit goes with the work: a caller that leaves ends the wait below,
        // and not the thread.
        let _permit = permit;
        // hint: ...
        clean(&document)
    });
    // hint, 3 lines: cleaning.await.map_err(...)
    cleaning
        .await
        .map_err(|_| Status::internal("the text could not be cleaned"))
    // end of gap
}
