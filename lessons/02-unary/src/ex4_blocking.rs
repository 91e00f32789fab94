//! unary.4: keep the runtime free.
//!
//! A few threads run all async code, and switch between calls at each `.await`. Work that computes for long has no
//! `.await`: the thread that it runs on answers nobody else, not even a health check.
//!
//! Fill the gap, save, and run `cargo xtask check unary.4`.

use std::sync::Arc;

use kit::Document;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tonic::Status;

use crate::run::clean;

/// What the edge does with each document before it asks the host. `permits` are shared by all calls.
pub async fn clean_text(permits: Arc<Semaphore>, document: Document) -> Result<String, Status> {
    kit::gap!(
        "Wait for one of the `permits`, however long it takes. Run `clean(&document)` \
         once, on a thread that runs no async code, and hold the permit until the job is \
         done. Return the cleaned text. If the semaphore is closed, or the job panics, \
         return `INTERNAL`.";
        use clean, spawn_blocking;
        permits, document
    )
}
