//! Runs the model off the async threads, a bounded number of texts at a time.
//!
//! Ranking a text keeps a thread busy from start to end. On an async thread that would stop every other call for as
//! long, health checks too, so the work goes to `spawn_blocking`. That alone is not enough: tokio starts up to 512
//! blocking threads and queues without limit behind them. Two semaphores set the bounds:
//!
//! - `places` counts all texts that the server has taken on, running or waiting. When none is free the caller is
//!   turned away at once: a short refusal helps more than an answer that comes too late. Only the documents of a stream
//!   wait for a place, because their stream is held up meanwhile and sends no more.
//! - `slots` counts the texts that run. A call waits in line for one, first come, first served.
//!
//! What becomes of a caller that leaves (it cancelled, or its deadline passed) follows from who holds what. Its handler
//! is dropped at an `.await`. In line, that gives its place back and the work never begins. Once the work runs, no
//! drop can stop the thread; the permits have moved into the work, so that it is counted until it really ends.

mod model;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use classifier::{Error as ModelError, Score};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tonic::{Code, Status};
use tracing::Span;

pub use model::Model;

use crate::errors::{Failure, Reason, Violation};

/// When a caller that found the line full may come again. A line of 64 texts takes a few milliseconds when the server
/// is not overloaded; coming back at once would keep it so.
const RETRY_AFTER: Duration = Duration::from_millis(250);

/// A model and the limits within which it runs. Clones share both.
#[derive(Clone)]
pub struct Inference {
    model: Arc<dyn Model>,
    threads: usize,
    queue: usize,
    places: Arc<Semaphore>,
    slots: Arc<Semaphore>,
}

/// The model's answer for one text.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Highest probability first, never empty.
    pub scores: Vec<Score>,
    /// Time that the model took, without the time in line.
    pub took: Duration,
}

/// Why a text was not ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InferenceError {
    /// Every thread is busy and the line is full.
    Full {
        /// Texts that may run at a time.
        threads: usize,
        /// Texts that may wait.
        queue: usize,
    },
    /// The text holds no word: white space and punctuation only.
    NoWord,
    /// The model failed or panicked. The reason is in the log.
    Failed,
}

impl Inference {
    /// Lets `threads` texts (at least 1) run at a time and `queue` more wait.
    pub fn new(model: Arc<dyn Model>, threads: usize, queue: usize) -> Self {
        assert!(threads > 0, "no text would ever run");
        Self {
            model,
            threads,
            queue,
            places: Arc::new(Semaphore::new(threads + queue)),
            slots: Arc::new(Semaphore::new(threads)),
        }
    }

    /// The version of the model.
    pub fn model_version(&self) -> &str {
        self.model.version()
    }

    /// Texts that run or wait right now.
    pub fn taken(&self) -> usize {
        self.threads + self.queue - self.places.available_permits()
    }

    /// Ranks one text, after those that came before it. When the line is full, it says so at once.
    pub async fn rank(&self, text: String) -> Result<Ranking, InferenceError> {
        let place =
            Arc::clone(&self.places)
                .try_acquire_owned()
                .map_err(|_| InferenceError::Full {
                    threads: self.threads,
                    queue: self.queue,
                })?;
        self.rank_at(place, text).await
    }

    /// Ranks one text, after those that came before it. When the line is full, it waits for a place in it: for callers
    /// that hold back whoever sends the texts.
    pub async fn rank_in_turn(&self, text: String) -> Result<Ranking, InferenceError> {
        let place = Arc::clone(&self.places)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        self.rank_at(place, text).await
    }

    async fn rank_at(
        &self,
        place: OwnedSemaphorePermit,
        text: String,
    ) -> Result<Ranking, InferenceError> {
        let slot = Arc::clone(&self.slots)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");

        let model = Arc::clone(&self.model);
        let (answer, answered) = oneshot::channel();
        // Another thread has another span: what the model logs there belongs to this call all the same.
        let span = Span::current();
        tokio::task::spawn_blocking(move || {
            let _in_call = span.entered();
            // Owned by this closure from here on: given back when the work ends, whoever still waits for it.
            let _held = (place, slot);
            // The caller may have left while this closure waited for a thread.
            if answer.is_closed() {
                return;
            }
            // Without a receiver the caller has left while the work ran, which is fine.
            let _ = answer.send(run(model.as_ref(), &text));
        });
        // The sender is dropped without an answer when the model panics.
        answered.await.unwrap_or(Err(InferenceError::Failed))
    }
}

fn run(model: &dyn Model, text: &str) -> Result<Ranking, InferenceError> {
    let begun = Instant::now();
    match model.rank(text) {
        Ok(scores) if scores.is_empty() => {
            tracing::error!("the model returned no score");
            Err(InferenceError::Failed)
        }
        Ok(scores) => Ok(Ranking {
            scores,
            took: begun.elapsed(),
        }),
        Err(ModelError::EmptyText) => Err(InferenceError::NoWord),
        Err(error @ ModelError::Model { .. }) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the model failed");
            Err(InferenceError::Failed)
        }
    }
}

impl From<InferenceError> for Failure {
    fn from(error: InferenceError) -> Self {
        match error {
            InferenceError::Full { threads, queue } => {
                let full = format!("{threads} texts run and {queue} wait");
                let message = format!("the server is busy: {full}; try again in a moment");
                Self::new(Code::ResourceExhausted, Reason::ServerBusy, message)
                    .with("maxRunning", threads)
                    .with("maxWaiting", queue)
                    .with_quota("texts", full)
                    .with_retry_after(RETRY_AFTER)
            }
            InferenceError::NoWord => Self::invalid(&[Violation::new(
                "text",
                "text holds no word: send more than white space and punctuation",
            )]),
            // What went wrong inside is for the log, not for a stranger.
            InferenceError::Failed => Self::new(
                Code::Internal,
                Reason::ModelFailed,
                "the model could not rank this text",
            ),
        }
    }
}

impl From<InferenceError> for Status {
    fn from(error: InferenceError) -> Self {
        Failure::from(error).into()
    }
}

impl fmt::Debug for Inference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inference")
            .field("model_version", &self.model_version())
            .field("threads", &self.threads)
            .field("queue", &self.queue)
            .field("taken", &self.taken())
            .finish()
    }
}
