//! The model runs off the async threads, within its bounds, and only for callers that are still there.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reference::Inference;
use reference::inference::InferenceError;
use tokio::task::JoinSet;
use tonic::Code;
use tonic_health::pb::health_client::HealthClient;

use crate::harness::{
    FnModel, LIMIT, TestServer, gated_model, poll_once, request, scores, until, within,
};
use crate::health::of;

/// The test's runtime has one thread: if the model ran on it, nothing else would.
#[tokio::test]
async fn health_answers_while_every_thread_is_busy() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start_with(Inference::new(model, 2, 2), LIMIT).await;
    let client = server.client().await;
    let mut calls = JoinSet::new();
    for _ in 0..4 {
        let mut client = client.clone();
        calls.spawn(async move { client.classify(request("a")).await });
    }
    gate.begun().await;
    gate.begun().await;

    let mut health = HealthClient::new(server.channel().await);
    within(health.check(of(""))).await.expect("it is healthy");

    assert!(gate.nothing_begun(), "two at a time");
    gate.release(4);
    while let Some(call) = within(calls.join_next()).await {
        call.expect("no panic").expect("OK");
    }
}

#[tokio::test]
async fn call_beyond_the_queue_is_refused_at_once() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start(model).await;
    let client = server.client().await;
    let mut calls = JoinSet::new();
    // One runs, two wait, and whichever comes last is refused while the gate is still shut.
    for _ in 0..4 {
        let mut client = client.clone();
        calls.spawn(async move { client.classify(request("a")).await });
    }
    let first = within(calls.join_next()).await.expect("there are four");
    let status = first.expect("no panic").expect_err("the gate is shut");
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    assert_eq!(
        status.message(),
        "the server is busy: 1 texts run and 2 wait; try again in a moment"
    );
    gate.begun().await;
    gate.release(3);
    for _ in 0..3 {
        let call = within(calls.join_next()).await.expect("three are left");
        call.expect("no panic").expect("it was taken on");
    }
}

#[tokio::test]
async fn at_most_one_text_runs_per_thread() {
    let running = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (now, peak) = (Arc::clone(&running), Arc::clone(&most));
    let model = FnModel(move |_: &str| {
        let here = now.fetch_add(1, Ordering::SeqCst) + 1;
        peak.fetch_max(here, Ordering::SeqCst);
        // Room for others to break in.
        std::thread::yield_now();
        now.fetch_sub(1, Ordering::SeqCst);
        Ok(scores())
    });
    let inference = Inference::new(Arc::new(model), 3, 500);
    let mut calls = JoinSet::new();
    for _ in 0..500 {
        let inference = inference.clone();
        calls.spawn(async move { inference.rank("a".to_owned()).await });
    }
    while let Some(call) = within(calls.join_next()).await {
        call.expect("no panic").expect("OK");
    }
    assert!(most.load(Ordering::SeqCst) <= 3);
    assert_eq!(running.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn queued_work_of_a_cancelled_call_does_not_start() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start(model).await;
    let mut client = server.client().await;
    let mut first = client.clone();
    let first = tokio::spawn(async move { first.classify(request("first")).await });
    assert_eq!(gate.begun().await, "first");
    let mut second = client.clone();
    let second = tokio::spawn(async move { second.classify(request("second")).await });
    until(|| server.inference.taken() == 2).await;

    // Dropping a call's future is how tonic cancels it: the server sees RST_STREAM.
    second.abort();
    until(|| server.inference.taken() == 1).await;

    gate.release(2);
    within(first).await.expect("no panic").expect("OK");
    within(client.classify(request("third"))).await.expect("OK");
    assert_eq!(gate.begun().await, "third");
}

#[tokio::test]
async fn running_work_counts_until_it_ends_without_its_caller() {
    let (model, mut gate) = gated_model();
    let inference = Inference::new(model, 1, 0);
    {
        let mut gone = pin!(inference.rank("gone".to_owned()));
        assert!(poll_once(gone.as_mut()).is_pending());
        assert_eq!(gate.begun().await, "gone");
    }
    let refused = within(inference.rank("more".to_owned())).await;
    let full = InferenceError::Full {
        threads: 1,
        queue: 0,
    };
    assert_eq!(refused, Err(full));

    gate.release(2);
    until(|| inference.taken() == 0).await;
    within(inference.rank("more".to_owned())).await.expect("OK");
    assert_eq!(gate.begun().await, "more");
}

/// Between the permit and the first instruction of the work lies the wait for a thread. Here the runtime has one
/// blocking thread, and the test holds it.
#[test]
fn work_without_a_thread_does_not_start_without_its_caller() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(1)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let holder = tokio::task::spawn_blocking(move || held.recv_timeout(LIMIT));
        let (model, mut gate) = gated_model();
        gate.release(1);
        let inference = Inference::new(model, 1, 0);
        {
            let gone = pin!(inference.rank("gone".to_owned()));
            assert!(poll_once(gone).is_pending());
        }
        hold.send(()).expect("it is held");
        within(holder).await.expect("no panic").expect("in time");
        until(|| inference.taken() == 0).await;
        within(inference.rank("next".to_owned())).await.expect("OK");
        assert_eq!(gate.begun().await, "next");
    });
}

#[tokio::test]
async fn panicking_model_frees_its_thread() {
    let model = FnModel(|text: &str| match text {
        "bad" => panic!("on purpose"),
        _ => Ok(scores()),
    });
    let inference = Inference::new(Arc::new(model), 1, 0);
    let failed = within(inference.rank("bad".to_owned())).await;
    assert_eq!(failed, Err(InferenceError::Failed));
    until(|| inference.taken() == 0).await;
    within(inference.rank("good".to_owned())).await.expect("OK");
}
