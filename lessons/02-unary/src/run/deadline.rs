//! How the course calls the exercise, and what it gives it.

use std::future::poll_fn;
use std::pin::pin;
use std::task::ready;
use std::time::{Duration, Instant};

use kit::{Document, Error, Session};
use proto::classification::v1::DocumentType;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};

/// One question.
pub struct Question {
    /// What to ask about.
    pub document: Document,
    /// Goes into the metadata as `x-correlation-id`.
    pub correlation_id: String,
    /// How long the answer may take.
    pub deadline: Duration,
}

/// Why a question has no answer.
#[derive(Debug)]
pub enum AskError {
    /// The deadline passed first.
    DeadlineExceeded,
    /// The server said so, or could not be reached.
    Failed(Status),
}

/// Runs the exercise.
pub async fn deadline<F>(
    session: Session,
    exercise: impl Fn(Channel, Question) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<DocumentType, AskError>>,
{
    let channel = Endpoint::from_shared(session.peer_address())?
        .connect()
        .await?;
    for document in session.documents() {
        let id = document.id.clone();
        let deadline =
            Duration::from_millis(session.setting(&format!("{id} deadline_ms")).parse()?);
        let correlation_id = session.setting(&format!("{id} correlation_id")).to_owned();
        let question = Question {
            document,
            correlation_id,
            deadline,
        };
        let asked = both_timers_first(deadline, exercise(channel.clone(), question));
        kit::report(match asked.await {
            Ok(document_type) => format!("{id}: {}", document_type.as_str_name()),
            Err(AskError::DeadlineExceeded) => format!("{id}: deadline exceeded"),
            Err(AskError::Failed(status)) => format!("{id}: failed with {:?}", status.code()),
        });
    }
    Ok(())
}

/// Runs a function, and once the deadline has passed, lets it go on only when every timer is over that it began for this
/// time. tonic has one of its own, and a function may have another: which of them is first is up to chance, and so would
/// be what the function gets to see. With both over, tonic's is seen.
async fn both_timers_first<F: Future>(deadline: Duration, asking: F) -> F::Output {
    let begun = Instant::now();
    let (mut asking, mut ran) = (pin!(asking), begun);
    let mut over = None;
    poll_fn(|context| {
        if begun.elapsed() >= deadline {
            let timer = || Box::pin(tokio::time::sleep_until((ran + deadline).into()));
            ready!(over.get_or_insert_with(timer).as_mut().poll(context));
        }
        let asked = asking.as_mut().poll(context);
        ran = Instant::now();
        asked
    })
    .await
}
