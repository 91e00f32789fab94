//! How a stream of answers ends for who reads it, and what limits its time. The page "Reading to the end" shows parts of
//! it, and the tests hold what the page says.
//!
//!     cargo run -p solution-server-streaming --example endings

use std::time::Duration;

use kit::Error;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tonic::{Request, Response, Status, Streaming};

mod support;

use support::{Answer, Client, answer, client_of};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let mut client = client_of(two_and_a_failure).await?;
    println!(
        "to the end:   {:?}",
        to_the_end(answers_of(&mut client).await?).await
    );
    println!(
        "to an answer: {}",
        counted(answers_of(&mut client).await?).await
    );
    let limited = within(&mut client, Duration::from_secs(5)).await;
    println!("with a limit: {:?}", limited.map_err(|it| it.to_string()));
    Ok(())
}

/// Two answers, and then a status that is not OK.
fn two_and_a_failure() -> Answer {
    let items = [
        Ok(answer(0)),
        Ok(answer(1)),
        Err(Status::unavailable("gone")),
    ];
    Ok(Response::new(Box::pin(tokio_stream::iter(items))))
}

async fn answers_of(client: &mut Client) -> Result<Streaming<ClassifyBatchResponse>, Status> {
    let batch = ClassifyBatchRequest::default();
    Ok(client.classify_batch(batch).await?.into_inner())
}

/// How many answers came, and the code that the call ended with.
async fn to_the_end(mut answers: Streaming<ClassifyBatchResponse>) -> (usize, tonic::Code) {
    let mut count = 0;
    let status = loop {
        match answers.message().await {
            Ok(Some(_)) => count += 1,
            Ok(None) => break Status::ok(""),
            Err(status) => break status,
        }
    };
    (count, status.code())
}

async fn counted(mut answers: Streaming<ClassifyBatchResponse>) -> usize {
    // ANCHOR: hides_the_error
    let mut count = 0;
    while let Ok(Some(_)) = answers.message().await {
        count += 1;
    }
    // ANCHOR_END: hides_the_error
    count
}

/// The limit covers the call and the reading.
async fn within(client: &mut Client, limit: Duration) -> Result<usize, Error> {
    // ANCHOR: within
    let mut request = Request::new(ClassifyBatchRequest::default());
    request.set_timeout(limit);
    let whole = async {
        let mut answers = client.classify_batch(request).await?.into_inner();
        let mut count = 0;
        while answers.message().await?.is_some() {
            count += 1;
        }
        Ok::<_, Status>(count)
    };
    let count = tokio::time::timeout(limit, whole).await??;
    // ANCHOR_END: within
    Ok(count)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::{Semaphore, mpsc};
    use tokio::time::{error::Elapsed, timeout};
    use tokio_stream::StreamExt;
    use tokio_stream::wrappers::ReceiverStream;
    use tonic::Code;

    use super::*;

    const SHORT: Duration = Duration::from_millis(150);
    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn loop_to_the_end_has_the_status_and_while_let_has_not() -> Result<(), Error> {
        let mut client = client_of(two_and_a_failure).await?;
        let answers = answers_of(&mut client).await?;
        assert_eq!(to_the_end(answers).await, (2, Code::Unavailable));
        assert_eq!(counted(answers_of(&mut client).await?).await, 2);
        let answers = answers_of(&mut client).await?;
        let all: Result<Vec<_>, _> = answers.collect().await;
        assert_eq!(all.map_err(|it| it.code()), Err(Code::Unavailable));
        Ok(())
    }

    /// Answers 0, 1, 2, ... each with one permit. The receiver hears that the stream was dropped.
    fn paced() -> (
        impl Fn() -> Answer + Clone,
        Arc<Semaphore>,
        mpsc::UnboundedReceiver<()>,
    ) {
        let permits = Arc::new(Semaphore::new(0));
        let (told, dropped) = mpsc::unbounded_channel();
        let source = permits.clone();
        let handler = move || {
            let state = (source.clone(), TellDrop(told.clone()));
            let answers = futures_util::stream::unfold((0, state), |(number, state)| async move {
                state.0.acquire().await.ok()?.forget();
                Some((Ok(answer(number)), (number + 1, state)))
            });
            Ok(Response::new(Box::pin(answers) as _))
        };
        (handler, permits, dropped)
    }

    struct TellDrop(mpsc::UnboundedSender<()>);

    impl Drop for TellDrop {
        fn drop(&mut self) {
            // The test may be over.
            let _ = self.0.send(());
        }
    }

    /// The limit is over, and a read still waits.
    async fn waits_on(answers: &mut Streaming<ClassifyBatchResponse>) -> bool {
        timeout(4 * SHORT, answers.message()).await.is_err()
    }

    #[tokio::test]
    async fn set_timeout_ends_with_the_headers() -> Result<(), Error> {
        let (handler, permits, _dropped) = paced();
        let mut client = client_of(handler).await?;
        let mut request = Request::new(ClassifyBatchRequest::default());
        request.set_timeout(SHORT);
        let mut answers = client.classify_batch(request).await?.into_inner();
        assert!(waits_on(&mut answers).await);
        permits.add_permits(1);
        assert!(
            answers.message().await?.is_some(),
            "an answer after the deadline"
        );
        Ok(())
    }

    #[tokio::test]
    async fn timeout_of_the_endpoint_ends_with_the_headers() -> Result<(), Error> {
        let (handler, permits, _dropped) = paced();
        let endpoint = support::serve(handler).await?.timeout(SHORT);
        let mut client = Client::new(endpoint.connect().await?);
        let mut answers = answers_of(&mut client).await?;
        assert!(waits_on(&mut answers).await);
        permits.add_permits(1);
        assert!(
            answers.message().await?.is_some(),
            "an answer after the limit"
        );
        Ok(())
    }

    #[tokio::test]
    async fn limit_on_the_whole_ends_it_and_the_servers_stream() -> Result<(), Error> {
        let (handler, _permits, mut dropped) = paced();
        let mut client = client_of(handler).await?;
        let stopped = within(&mut client, SHORT).await.expect_err("it never ends");
        assert!(stopped.is::<Elapsed>(), "{stopped:?}");
        assert_eq!(timeout(LONG, dropped.recv()).await, Ok(Some(())));
        Ok(())
    }

    /// Each gap is shorter than the limit, and all of them together are longer.
    #[tokio::test]
    async fn limit_on_each_read_begins_anew() -> Result<(), Error> {
        let (handler, permits, _dropped) = paced();
        let mut client = client_of(handler).await?;
        let mut answers = answers_of(&mut client).await?;
        let limit = Duration::from_secs(1);
        let start = std::time::Instant::now();
        tokio::spawn(async move {
            for _ in 0..4 {
                tokio::time::sleep(limit / 3).await;
                permits.add_permits(1);
            }
        });
        for _ in 0..4 {
            assert!(timeout(limit, answers.message()).await??.is_some());
        }
        assert!(start.elapsed() > limit);
        Ok(())
    }

    /// Who stops at the answer that says it is the last one gives up a call that had not ended.
    #[tokio::test]
    async fn dropping_the_stream_cancels_the_call() -> Result<(), Error> {
        let (handler, permits, mut dropped) = paced();
        permits.add_permits(1);
        let mut client = client_of(handler).await?;
        let mut answers = answers_of(&mut client).await?;
        assert!(answers.message().await?.is_some());
        assert!(dropped.try_recv().is_err());
        drop(answers);
        assert_eq!(timeout(LONG, dropped.recv()).await, Ok(Some(())));
        Ok(())
    }

    #[tokio::test]
    async fn trailers_before_the_end_throw_the_answers_away() -> Result<(), Error> {
        let handler = || {
            let (tx, rx) = mpsc::channel(4);
            for number in 0..3 {
                tx.try_send(Ok(answer(number))).expect("room for all");
            }
            Ok(Response::new(Box::pin(ReceiverStream::new(rx)) as _))
        };
        let mut client = client_of(handler).await?;
        let mut answers = answers_of(&mut client).await?;
        assert!(answers.trailers().await?.is_some());
        assert!(!matches!(answers.message().await, Ok(Some(_))));
        Ok(())
    }
}
