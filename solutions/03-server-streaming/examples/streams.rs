//! How a handler makes a stream, and what becomes of its errors and panics. The page "Server streaming" shows parts of
//! it, and the tests hold what the page says.
//!
//!     cargo run -p solution-server-streaming --example streams

use std::sync::Arc;
use std::time::Duration;

use kit::Error;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
// ANCHOR: imports_of_a_task
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
// ANCHOR_END: imports_of_a_task
// ANCHOR: imports_without_a_task
use tokio_stream::StreamExt;
// ANCHOR_END: imports_without_a_task
use tonic::{Response, Status};

mod support;

use support::{Answer, answer, client_of};

#[tokio::main]
async fn main() -> Result<(), Error> {
    println!("by a task:    {:?}", numbers(by_a_task).await?);
    println!("without one:  {:?}", numbers(without_a_task).await?);
    println!("with a value: {:?}", numbers(with_a_value_in_it).await?);
    Ok(())
}

fn by_a_task() -> Answer {
    // ANCHOR: by_a_task
    let (tx, rx) = mpsc::channel(2);
    tokio::spawn(async move {
        for number in 0..3 {
            let answer = measure(number).await;
            if tx.send(answer).await.is_err() {
                return; // Nobody reads any more.
            }
        }
    });
    Ok(Response::new(Box::pin(ReceiverStream::new(rx))))
    // ANCHOR_END: by_a_task
}

fn without_a_task() -> Answer {
    // ANCHOR: without_a_task
    let answers = tokio_stream::iter(0..3).then(measure);
    Ok(Response::new(Box::pin(answers)))
    // ANCHOR_END: without_a_task
}

fn with_a_value_in_it() -> Answer {
    let scale = Arc::new(10);
    // ANCHOR: with_a_value
    let answers = tokio_stream::iter(0..3).then(move |number| {
        let scale = scale.clone(); // One for each call of the closure.
        async move { measure(*scale * number).await }
    });
    // ANCHOR_END: with_a_value
    Ok(Response::new(Box::pin(answers)))
}

// ANCHOR: measure
async fn measure(number: i32) -> Result<ClassifyBatchResponse, Status> {
    tokio::time::sleep(Duration::from_millis(10)).await;
    Ok(answer(number))
}
// ANCHOR_END: measure

/// The numbers of all answers.
async fn numbers(handler: fn() -> Answer) -> Result<Vec<i32>, Error> {
    let mut client = client_of(handler).await?;
    let batch = ClassifyBatchRequest::default();
    let mut answers = client.classify_batch(batch).await?.into_inner();
    let mut numbers = Vec::new();
    while let Some(answer) = answers.message().await? {
        numbers.push(answer.sequence_number);
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use tonic::Code;

    use super::*;

    /// What the call gives, and then what each read gives, until a read has given `None`, at most six.
    async fn reads(handler: impl Fn() -> Answer + Send + Sync + 'static) -> Vec<String> {
        let mut client = client_of(handler).await.expect("a free port");
        let mut reads = Vec::new();
        let mut answers = match client.classify_batch(ClassifyBatchRequest::default()).await {
            Ok(response) => response.into_inner(),
            Err(status) => return vec![format!("call: {:?}", status.code())],
        };
        while reads.len() < 6 {
            match answers.message().await {
                Ok(Some(answer)) => reads.push(answer.sequence_number.to_string()),
                Ok(None) => {
                    reads.push("None".to_owned());
                    break;
                }
                Err(status) => reads.push(format!("{:?}", status.code())),
            }
        }
        reads
    }

    #[tokio::test]
    async fn both_ways_give_the_same_stream() -> Result<(), Error> {
        assert_eq!(numbers(by_a_task).await?, [0, 1, 2]);
        assert_eq!(numbers(without_a_task).await?, [0, 1, 2]);
        assert_eq!(numbers(with_a_value_in_it).await?, [0, 10, 20]);
        Ok(())
    }

    #[tokio::test]
    async fn error_of_the_handler_is_the_calls_and_error_of_an_item_is_a_reads() {
        let refused = || Err(Status::invalid_argument("no"));
        assert_eq!(reads(refused).await, ["call: InvalidArgument"]);
        let first = || {
            let items = [Err(Status::invalid_argument("no")), Ok(answer(1))];
            Ok(Response::new(Box::pin(tokio_stream::iter(items)) as _))
        };
        assert_eq!(reads(first).await, ["InvalidArgument", "None"]);
    }

    #[tokio::test]
    async fn item_after_an_error_is_never_sent() {
        let handler = || {
            let items = [Ok(answer(0)), Err(Status::unavailable("")), Ok(answer(2))];
            Ok(Response::new(Box::pin(tokio_stream::iter(items)) as _))
        };
        assert_eq!(reads(handler).await, ["0", "Unavailable", "None"]);
    }

    /// The task learns of it at its next `send`.
    #[tokio::test]
    async fn send_after_an_error_fails() {
        let (told, mut hears) = mpsc::unbounded_channel();
        let handler = move || {
            let (tx, rx) = mpsc::channel(1);
            let told = told.clone();
            tokio::spawn(async move {
                tx.send(Err(Status::unavailable("")))
                    .await
                    .expect("a reader");
                tx.closed().await;
                told.send(tx.send(Ok(answer(1))).await.is_err())
                    .expect("the test");
            });
            Ok(Response::new(Box::pin(ReceiverStream::new(rx)) as _))
        };
        assert_eq!(reads(handler).await, ["Unavailable", "None"]);
        assert_eq!(hears.recv().await, Some(true));
    }

    /// The stream that tonic reads panics: the call ends with a reset. The task panics: its sender is dropped, and the
    /// stream ends as if nothing more were to come.
    #[tokio::test]
    async fn panic_in_the_stream_is_a_reset_and_panic_in_a_task_looks_like_the_end() {
        let in_stream = || {
            let items = tokio_stream::iter(0..3).map(|number| {
                assert!(number < 1, "a fault of the server");
                Ok(answer(number))
            });
            Ok(Response::new(Box::pin(items) as _))
        };
        // Whether the answer before the panic was still sent is a matter of chance.
        let mut read = reads(in_stream).await;
        read.retain(|it| it != "0");
        assert_eq!(read, ["Cancelled", "Cancelled", "None"]);
        let in_task = || {
            let (tx, rx) = mpsc::channel(1);
            tokio::spawn(async move {
                tx.send(Ok(answer(0))).await.expect("a reader");
                panic!("a fault of the server");
            });
            Ok(Response::new(Box::pin(ReceiverStream::new(rx)) as _))
        };
        assert_eq!(reads(in_task).await, ["0", "None"]);
    }

    /// The headers of the response come when the handler returns, and not with its first item.
    #[tokio::test]
    async fn call_is_ok_before_the_first_answer() -> Result<(), Error> {
        let never = || Ok(Response::new(Box::pin(tokio_stream::pending()) as _));
        let mut client = client_of(never).await?;
        let mut answers = client
            .classify_batch(ClassifyBatchRequest::default())
            .await?
            .into_inner();
        let first = tokio::time::timeout(Duration::from_millis(200), answers.message()).await;
        assert!(first.is_err(), "{first:?}");
        Ok(())
    }

    /// The handler itself sends: who would take something out is what it has not returned yet.
    #[tokio::test]
    async fn channel_that_is_filled_before_it_is_read_holds_what_it_has_room_for() {
        let fill = |count: i32| async move {
            let (tx, rx) = mpsc::channel(2);
            for number in 0..count {
                tx.send(measure(number).await).await.expect("a receiver");
            }
            ReceiverStream::new(rx)
        };
        let limit = Duration::from_millis(500);
        assert!(tokio::time::timeout(limit, fill(2)).await.is_ok());
        assert!(tokio::time::timeout(limit, fill(3)).await.is_err());
    }

    #[tokio::test]
    async fn code_of_a_status_comes_through_an_item() {
        let handler = || {
            let items = [Ok(answer(0)), Err(Status::new(Code::DataLoss, ""))];
            Ok(Response::new(Box::pin(tokio_stream::iter(items)) as _))
        };
        assert_eq!(reads(handler).await, ["0", "DataLoss", "None"]);
    }
}
