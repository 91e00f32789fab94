//! A peer that does not read stops the one that writes, through the tap, and nobody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use h2::{RecvStream, SendStream};
use tokio::task::JoinHandle;

use crate::harness::{Client, ServerConnection, Stage, framed, request, write};

const SIZE: usize = 16 * 1024;
const MESSAGES: usize = 200;
/// Two windows of 64 KiB, the tap's send buffer, a frame in its hand, and what the producer's own library holds.
const AT_MOST: usize = 4 + 4 + 1 + 1 + 2;

/// Sends messages as fast as it may, and counts them.
fn produce(mut stream: SendStream<Bytes>) -> (Arc<AtomicUsize>, JoinHandle<SendStream<Bytes>>) {
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = sent.clone();
    let message = framed(vec![7; SIZE]);
    let producer = tokio::spawn(async move {
        for _ in 0..MESSAGES {
            write(&mut stream, message.clone(), false).await.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
        }
        stream
    });
    (sent, producer)
}

/// Waits until a counter stands still while calls go to and fro on the same connections.
async fn still(sent: &AtomicUsize, client: &Client, connection: &mut ServerConnection) -> usize {
    loop {
        let before = sent.load(Ordering::SeqCst);
        for _ in 0..50 {
            let mut call = client.call(request(&[])).await;
            call.stream.send_data(framed("ping"), true).unwrap();
            let mut served = connection.call().await;
            served.head();
            served.status(0);
            call.response.await.unwrap();
        }
        let after = sent.load(Ordering::SeqCst);
        if after > 0 && after == before {
            return after;
        }
    }
}

async fn read_messages(body: &mut RecvStream, bytes: usize) {
    let mut got = 0;
    while got < bytes {
        let data = body.data().await.unwrap().unwrap();
        body.flow_control().release_capacity(data.len()).unwrap();
        got += data.len();
    }
    assert_eq!(got, bytes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_does_not_read_stops_the_server() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(Bytes::new(), true).unwrap();
    let mut served = connection.call().await;
    served.head();
    let mut body = call.body().await;
    let (sent, producer) = produce(served.stream.take().unwrap());
    let stopped = still(&sent, &client, &mut connection).await;
    assert!((1..=AT_MOST).contains(&stopped), "{stopped}");
    // Read a few, and a few more come.
    read_messages(&mut body, 8 * (SIZE + 5)).await;
    let further = still(&sent, &client, &mut connection).await;
    assert!((stopped + 4..=AT_MOST + 8).contains(&further), "{further}");
    read_messages(&mut body, (MESSAGES - 8) * (SIZE + 5)).await;
    producer.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_read_stops_the_client() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let call = client.call(request(&[])).await;
    let mut served = connection.call().await;
    let (sent, producer) = produce(call.stream);
    let stopped = still(&sent, &client, &mut connection).await;
    assert!((1..=AT_MOST).contains(&stopped), "{stopped}");
    read_messages(&mut served.body, 8 * (SIZE + 5)).await;
    let further = still(&sent, &client, &mut connection).await;
    assert!((stopped + 4..=AT_MOST + 8).contains(&further), "{further}");
    read_messages(&mut served.body, (MESSAGES - 8) * (SIZE + 5)).await;
    producer.await.unwrap();
}

/// Many calls that nobody reads hold more than a connection's usual window. Another call still gets through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_are_stuck_do_not_stop_others() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut stuck = Vec::new();
    for _ in 0..3 {
        let call = client.call(request(&[])).await;
        let served = connection.call().await;
        let (sent, producer) = produce(call.stream);
        stuck.push((sent, producer, served));
    }
    let sent = stuck[0].0.clone();
    assert!(still(&sent, &client, &mut connection).await <= AT_MOST);
    for (_, producer, _) in &stuck {
        producer.abort();
    }
}

/// A client gives up while the server does not read: what reached the tap is recorded before the end, though the server
/// never gets it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_gives_up_on_a_server_that_does_not_read() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let call = client.call(request(&[])).await;
    let _served = connection.call().await;
    let (sent, producer) = produce(call.stream);
    still(&sent, &client, &mut connection).await;
    producer.abort();
    drop(call.response);
    let story = stage.story(1, "cancelled").await;
    assert_eq!(story.last().unwrap(), "cancelled by client with 8");
    // Two windows hold just less than 8 messages of 16 KiB and their prefixes.
    let messages = story
        .iter()
        .filter(|line| line.starts_with("client sends"))
        .count();
    assert!((7..=AT_MOST).contains(&messages), "{messages}");
}
