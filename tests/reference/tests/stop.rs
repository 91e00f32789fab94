//! A graceful stop: first health, then the listener, then the calls in flight, and at the grace limit the rest.

use std::time::Duration;

use reference::{Ending, Inference};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::harness::{LIMIT, TestServer, gated_model, quick_model, request, until, within};
use crate::health::of;

#[tokio::test]
async fn watchers_are_notified_and_calls_in_flight_finish() {
    let (model, mut gate) = gated_model();
    let mut server = TestServer::start(model).await;
    let uri = server.uri.clone();
    let mut client = server.client().await;
    let mut later = client.clone();
    let call = tokio::spawn(async move { client.classify(request("in flight")).await });
    gate.begun().await;
    let mut health = HealthClient::new(server.channel().await);
    let name = "classification.v1.DocumentClassifier";
    let watch = within(health.watch(of(name))).await.expect("it is known");
    let mut watch = watch.into_inner();
    let mut next = async || within(watch.message()).await.expect("OK");
    assert_eq!(
        next().await.expect("a status").status(),
        ServingStatus::Serving
    );

    server.stop();

    assert_eq!(
        next().await.expect("a status").status(),
        ServingStatus::NotServing
    );
    assert!(next().await.is_none(), "a watch does not hold up the stop");
    // The listener is closed before the calls in flight are done.
    within(async {
        let address = uri.strip_prefix("http://").expect("a TCP address");
        while tokio::net::TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    within(later.classify(request("new")))
        .await
        .expect_err("no new call");

    assert!(!call.is_finished(), "the gate is shut");
    gate.release(1);
    within(call).await.expect("no panic").expect("it finished");
    assert_eq!(server.ended().await, Ending::Drained);
    assert!(gate.nothing_begun());
}

#[tokio::test]
async fn stuck_call_is_cut_at_the_grace_limit() {
    let (model, mut gate) = gated_model();
    let inference = Inference::new(model, 1, 1);
    let mut server = TestServer::start_with(inference, Duration::from_millis(50)).await;
    let mut client = server.client().await;
    let call = tokio::spawn(async move { client.classify(request("stuck")).await });
    gate.begun().await;

    server.stop();

    let inference = server.inference.clone();
    assert_eq!(server.ended().await, Ending::Cut);
    within(call)
        .await
        .expect("no panic")
        .expect_err("the connection is gone");
    assert_eq!(inference.taken(), 1, "the thread itself cannot be cut");
}

#[tokio::test]
async fn stuck_queued_call_is_cut_and_never_starts() {
    let (model, mut gate) = gated_model();
    let inference = Inference::new(model, 1, 1);
    let mut server = TestServer::start_with(inference, Duration::from_millis(50)).await;
    let mut client = server.client().await;
    let mut first = client.clone();
    let first = tokio::spawn(async move { first.classify(request("first")).await });
    gate.begun().await;
    let second = tokio::spawn(async move { client.classify(request("second")).await });
    until(|| server.inference.taken() == 2).await;

    server.stop();

    let inference = server.inference.clone();
    assert_eq!(server.ended().await, Ending::Cut);
    within(first).await.expect("no panic").expect_err("cut");
    within(second).await.expect("no panic").expect_err("cut");
    until(|| inference.taken() == 1).await;
    gate.release(2);
    until(|| inference.taken() == 0).await;
    assert!(gate.nothing_begun());
}

#[tokio::test]
async fn idle_connections_do_not_delay_the_stop() {
    let inference = Inference::new(quick_model(), 1, 1);
    let mut server = TestServer::start_with(inference, 2 * LIMIT).await;
    let mut client = server.client().await;
    within(client.classify(request("a"))).await.expect("OK");
    let _silent = server.channel().await;
    // Not even the protocol is known of this one yet.
    let address = server.uri.strip_prefix("http://").expect("TCP");
    let _mute = tokio::net::TcpStream::connect(address).await;
    server.stop();
    assert_eq!(server.ended().await, Ending::Drained);
}
