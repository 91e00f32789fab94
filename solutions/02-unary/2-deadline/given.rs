//! How the course calls the exercise, and what it gives it.

use std::future::poll_fn;
use std::pin::pin;
use std::task::ready;
use std::time::{Duration, Instant};

use kit::{Document, Error, Session};
use proto::classification::v1::DocumentType;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};

// ANCHOR: question
/// One question.
pub struct Question {
    /// What to ask about.
    pub document: Document,
    /// Goes into the metadata as `x-correlation-id`.
    pub correlation_id: String,
    /// How long the answer may take.
    pub deadline: Duration,
}
// ANCHOR_END: question

// ANCHOR: ask_error
/// Why a question has no answer.
#[derive(Debug)]
pub enum AskError {
    /// The deadline passed first.
    DeadlineExceeded,
    /// The server said so, or could not be reached.
    Failed(Status),
}
// ANCHOR_END: ask_error

/// Runs the exercise.
pub async fn deadline<F>(
    session: Session,
    exercise: impl Fn(Channel, Question) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<DocumentType, AskError>>,
{
    // ANCHOR: channel
    let channel = Endpoint::from_shared(session.peer_address())?
        .connect()
        .await?;
    // ANCHOR_END: channel
    for document in session.documents() {
        let id = document.id.clone();
        let deadline =
            Duration::from_millis(session.setting(&format!("{id} deadline_ms"))?.parse()?);
        let correlation_id = session.setting(&format!("{id} correlation_id"))?.to_owned();
        let question = Question {
            document,
            correlation_id,
            deadline,
        };
        let asked = both_timers_first(deadline, exercise(channel.clone(), question));
        kit::report(match asked.await {
            Ok(document_type) => format!("{id}: {}", document_type.as_str_name()),
            Err(AskError::DeadlineExceeded) => format!("{id}: deadline exceeded"),
            Err(AskError::Failed(status)) => {
                format!("{id}: failed with {}", kit::status_line(&status))
            }
        });
    }
    Ok(())
}

/// Runs a function. Once the deadline has passed, polls it again only when every timer of that length which it started
/// is over. tonic has a timer, and the function may have another. Chance decides which fires first, and with it what
/// the function sees. When both have fired, it sees tonic's.
async fn both_timers_first<F: Future>(deadline: Duration, asking: F) -> F::Output {
    let begun = Instant::now();
    let (mut asking, mut last_polled) = (pin!(asking), begun);
    let mut all_over = None;
    poll_fn(|context| {
        if begun.elapsed() >= deadline {
            let timer = || Box::pin(tokio::time::sleep_until((last_polled + deadline).into()));
            ready!(all_over.get_or_insert_with(timer).as_mut().poll(context));
        }
        let asked = asking.as_mut().poll(context);
        last_polled = Instant::now();
        asked
    })
    .await
}
