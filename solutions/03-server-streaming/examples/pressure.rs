//! How far a server goes on for a caller that does not read. The page "Under load" has the numbers, and the tests hold
//! them.
//!
//!     cargo run -p solution-server-streaming --example pressure

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kit::Error;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse, ErrorEvent};
use tokio::sync::mpsc;
use tokio_stream::wrappers::{ReceiverStream, UnboundedReceiverStream};
use tonic::Response;

mod support;

use support::{Answer, Client, serve};

/// As many answers as a batch may have.
const ALL: usize = 1_000;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let rows = [
        ("bounded, 16 KiB, window 65,535 bytes", 16_384, Some(65_535)),
        ("bounded, 16 KiB, tonic's client", 16_384, None),
        ("bounded, 20 bytes, tonic's client", 20, None),
    ];
    for (name, bytes, window) in rows {
        println!("{name}: {}", made(bounded, bytes, window).await?);
    }
    let unbounded = made(unbounded, 16_384, Some(65_535)).await?;
    println!("unbounded, 16 KiB, window 65,535 bytes: {unbounded}");
    println!("in order: {:?}", in_order(&AtMost::default()).await);
    Ok(())
}

/// Twelve pieces of work, four of them at a time. The results come in the order of the numbers.
async fn in_order(open: &AtMost) -> Vec<i32> {
    use futures_util::StreamExt;

    // ANCHOR: in_order
    let results = futures_util::stream::iter(0..12)
        .map(|number| measured(number, open))
        .buffered(4);
    // ANCHOR_END: in_order
    results.collect().await
}

/// Takes the longer, the smaller the number is.
async fn measured(number: i32, open: &AtMost) -> i32 {
    let now = open.now.fetch_add(1, Ordering::Relaxed) + 1;
    open.most.fetch_max(now, Ordering::Relaxed);
    let pause = 3 * u64::from(12 - number.unsigned_abs().min(12));
    tokio::time::sleep(Duration::from_millis(pause)).await;
    open.now.fetch_sub(1, Ordering::Relaxed);
    number
}

/// How many were open at a time, and the most that ever were.
#[derive(Default)]
struct AtMost {
    now: AtomicUsize,
    most: AtomicUsize,
}

/// An answer of about this size.
fn answer_of(bytes: usize) -> ClassifyBatchResponse {
    ClassifyBatchResponse {
        error: Some(ErrorEvent {
            message: "a".repeat(bytes),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// Work that takes a while, and is counted when it begins.
async fn work(bytes: usize, made: &AtomicUsize) -> ClassifyBatchResponse {
    made.fetch_add(1, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(1)).await;
    answer_of(bytes)
}

fn bounded(bytes: usize, made: Arc<AtomicUsize>) -> Answer {
    // ANCHOR: bounded
    let (tx, rx) = mpsc::channel(2);
    // ANCHOR_END: bounded
    tokio::spawn(async move {
        for _ in 0..ALL {
            let answer = work(bytes, &made).await;
            if tx.send(Ok(answer)).await.is_err() {
                return;
            }
        }
    });
    Ok(Response::new(Box::pin(ReceiverStream::new(rx))))
}

fn unbounded(bytes: usize, made: Arc<AtomicUsize>) -> Answer {
    // ANCHOR: unbounded
    let (tx, rx) = mpsc::unbounded_channel();
    // ANCHOR_END: unbounded
    tokio::spawn(async move {
        for _ in 0..ALL {
            let answer = work(bytes, &made).await;
            if tx.send(Ok(answer)).is_err() {
                return;
            }
        }
    });
    Ok(Response::new(Box::pin(UnboundedReceiverStream::new(rx))))
}

/// How many answers the server has begun, when it begins no more for a caller that does not read. `window` is in bytes.
async fn made(
    handler: fn(usize, Arc<AtomicUsize>) -> Answer,
    bytes: usize,
    window: Option<u32>,
) -> Result<usize, Error> {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    let endpoint = serve(move || handler(bytes, counted.clone())).await?;
    let channel = endpoint
        .initial_stream_window_size(window)
        .connect()
        .await?;
    let batch = ClassifyBatchRequest::default();
    let _unread = Client::new(channel).classify_batch(batch).await?;
    // So long without a step that it has stopped.
    let mut looks = Vec::new();
    while looks.len() < 4 || looks[0] == 0 {
        tokio::time::sleep(Duration::from_millis(150)).await;
        let now = count.load(Ordering::Relaxed);
        looks.retain(|it| *it == now);
        looks.push(now);
    }
    Ok(looks[0])
}

#[cfg(test)]
mod tests {
    use proto::classification::v1::ClassifyRequest;
    use tokio::time::timeout;

    use super::*;

    /// Four answers of 16 KiB do not quite fill the window, and the fifth does. Two wait in the channel, one in `send`,
    /// and one in what tonic and the runtime hold.
    #[tokio::test]
    async fn bounded_channel_stops_the_work_when_the_window_is_full() -> Result<(), Error> {
        let made = made(bounded, 16_384, Some(65_535)).await?;
        assert!((4..=4 + 2 + 2).contains(&made), "{made}");
        Ok(())
    }

    #[tokio::test]
    async fn window_of_a_tonic_client_is_two_mebibytes() -> Result<(), Error> {
        let made = made(bounded, 16_384, None).await?;
        assert!((128..=128 + 2 + 10).contains(&made), "{made}");
        Ok(())
    }

    #[tokio::test]
    async fn unbounded_channel_takes_all_the_work() -> Result<(), Error> {
        assert_eq!(made(unbounded, 16_384, Some(65_535)).await?, ALL);
        Ok(())
    }

    #[tokio::test]
    async fn short_answers_all_go_into_the_window() -> Result<(), Error> {
        assert_eq!(made(bounded, 20, None).await?, ALL);
        Ok(())
    }

    #[tokio::test]
    async fn buffered_keeps_the_order_and_the_bound() {
        let open = AtMost::default();
        assert_eq!(in_order(&open).await, (0..12).collect::<Vec<_>>());
        assert_eq!(open.most.load(Ordering::Relaxed), 4);
    }

    /// What is ready and has to wait for its turn still counts.
    #[tokio::test]
    async fn slow_one_of_four_holds_up_what_is_behind_it() {
        use futures_util::StreamExt;

        let begun = AtomicUsize::new(0);
        let begun = &begun;
        let work = |number: u64| async move {
            begun.fetch_add(1, Ordering::Relaxed);
            let slow = Duration::from_secs(60);
            let fast = Duration::from_millis(1);
            tokio::time::sleep(if number == 1 { slow } else { fast }).await;
        };
        let some = Duration::from_millis(300);
        let ordered = futures_util::stream::iter(0..20).map(work).buffered(4);
        assert!(timeout(some, ordered.count()).await.is_err());
        assert_eq!(begun.swap(0, Ordering::Relaxed), 5);
        let unordered = futures_util::stream::iter(0..20).map(work);
        let unordered = unordered.buffer_unordered(4);
        assert!(timeout(some, unordered.count()).await.is_err());
        assert_eq!(begun.load(Ordering::Relaxed), 20);
    }

    /// The connection has a window of its own, which the streams share.
    #[tokio::test]
    async fn three_streams_that_nobody_reads_stop_every_call_of_the_connection() -> Result<(), Error>
    {
        let handler = || bounded(16_384, Arc::default());
        let endpoint = serve(handler).await?;
        let mut client = Client::new(endpoint.connect().await?);
        let mut unread = Vec::new();
        for _ in 0..3 {
            unread.push(
                client
                    .classify_batch(ClassifyBatchRequest::default())
                    .await?,
            );
        }
        // Until the window is full.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let mut other = client.clone();
        let call = tokio::spawn(async move { other.classify(ClassifyRequest::default()).await });
        let mut call = std::pin::pin!(call);
        let stopped = timeout(Duration::from_secs(1), &mut call).await;
        assert!(stopped.is_err(), "the call was answered");
        drop(unread);
        assert!(timeout(Duration::from_secs(60), call).await??.is_ok());
        Ok(())
    }
}
