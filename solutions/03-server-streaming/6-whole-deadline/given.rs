//! How the course calls the exercise, and what it gives it.

use std::future::poll_fn;
use std::pin::pin;
use std::task::ready;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use kit::{Error, Session};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tonic::Status;
use tonic::transport::Channel;

use crate::batch::{batches, report_batch, status_line};

// ANCHOR: stopped
/// A batch that was not read to its end.
#[derive(Debug)]
pub struct Stopped {
    /// The answers that came before.
    pub answers: Vec<ClassifyBatchResponse>,
    /// Why no more came.
    pub why: Why,
}

/// Why a batch was not read to its end.
#[derive(Debug)]
pub enum Why {
    /// Its time was up.
    Deadline,
    /// The call failed for another reason.
    Failed(Status),
}
// ANCHOR_END: stopped

/// Runs the exercise, once for each batch: one after the other, but for some that would take long. Those are sent at the
/// same time.
pub async fn whole_deadline<F>(
    session: Session,
    exercise: impl Fn(DocumentClassifierClient<Channel>, ClassifyBatchRequest, Duration) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<Vec<ClassifyBatchResponse>, Stopped>>,
{
    let client = DocumentClassifierClient::connect(session.peer_address()).await?;
    let (first_at_once, at_once) = (
        setting(&session, "first_at_once")?,
        setting(&session, "at_once")?,
    );
    let no_headers = setting(&session, "no_headers")?;
    let mut batches = batches(&session)?;
    let mut number = 0;
    while batches.len() > 0 {
        let is_first = number + 1 == first_at_once;
        let together = if is_first { at_once } else { 1 };
        let mut reading = Vec::new();
        for batch in batches.by_ref().take(together) {
            number += 1;
            let limit = setting(&session, &format!("batch {number} limit_ms"))?;
            let limit = Duration::from_millis(limit as u64);
            let read = exercise(client.clone(), batch, limit);
            reading.push(async move {
                let returned = match number == no_headers {
                    true => both_timers_first(limit, read).await,
                    false => read.await,
                };
                (number, returned)
            });
        }
        for (number, returned) in join_all(reading).await {
            report(number, returned);
        }
    }
    Ok(())
}

fn setting(session: &Session, name: &str) -> Result<usize, Error> {
    Ok(session.setting(name)?.parse()?)
}

fn report(number: usize, returned: Result<Vec<ClassifyBatchResponse>, Stopped>) {
    match returned {
        Ok(answers) => report_batch(number, &answers, "whole"),
        Err(Stopped { answers, why }) => {
            let why = match why {
                Why::Deadline => "stopped by the deadline".to_owned(),
                Why::Failed(status) => format!("stopped by {}", status_line(&status)),
            };
            report_batch(number, &answers, &why);
        }
    }
}

/// Runs a function. Once the limit has passed, polls it again only when every timer of that length which it started
/// is over. tonic has a timer up to the headers of an answer, and the function may have another. Chance decides which fires
/// first, and with it what the function sees. When both have fired, it sees tonic's.
async fn both_timers_first<F: Future>(limit: Duration, reading: F) -> F::Output {
    let begun = Instant::now();
    let (mut reading, mut last_polled) = (pin!(reading), begun);
    let mut all_over = None;
    poll_fn(|context| {
        if begun.elapsed() >= limit {
            let timer = || Box::pin(tokio::time::sleep_until((last_polled + limit).into()));
            ready!(all_over.get_or_insert_with(timer).as_mut().poll(context));
        }
        let read = reading.as_mut().poll(context);
        last_polled = Instant::now();
        read
    })
    .await
}
