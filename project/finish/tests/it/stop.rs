//! How the server stops.

use std::time::Duration;

use tokio::time::timeout;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use wordcount_service::client::{connect, count, endpoint};
use wordcount_service::trace::TraceId;
use wordcount_service::{Ending, Options};

use crate::support::{LONG, Running, counter, document, options, slow};

#[tokio::test]
async fn a_call_that_is_running_ends_before_the_server_does() {
    let (slow, mut begins, permits) = slow();
    let server = Running::start(slow, options(None));
    let channel = server.channel().await;
    let uri = server.uri();
    let call =
        tokio::spawn(async move { count(&channel, document(""), LONG, TraceId::begin()).await });
    begins.recv().await.expect("the call has begun");

    let mut ended = server.stop();
    // No new connection is taken. Once that is so, the server has begun to stop, and it waits.
    let endpoint = endpoint(uri, None).expect("a URI");
    while connect(&endpoint, Duration::ZERO).await.is_ok() {}
    assert!(!ended.is_finished(), "the server did not wait for the call");

    permits.add_permits(1);
    call.await.expect("no panic").expect("an answer");
    let ending = timeout(LONG, &mut ended)
        .await
        .expect("it ends")
        .expect("no panic");
    assert_eq!(ending.expect("no error"), Ending::Drained);
}

#[tokio::test]
async fn a_call_that_does_not_end_is_not_waited_for_beyond_the_grace() {
    let (slow, mut begins, _permits) = slow();
    let grace = Duration::from_millis(20);
    let server = Running::start(
        slow,
        Options {
            grace,
            ..options(None)
        },
    );
    let channel = server.channel().await;
    let _call =
        tokio::spawn(async move { count(&channel, document(""), LONG, TraceId::begin()).await });
    begins.recv().await.expect("the call has begun");

    let ending = timeout(LONG, server.stop())
        .await
        .expect("it ends")
        .expect("no panic");
    assert_eq!(ending.expect("no error"), Ending::Cut);
}

/// Whoever watches the service's health hears of it while calls are still taken, and does not hold the server up.
#[tokio::test]
async fn who_watches_is_told_before_calls_are_refused() {
    let notice = Duration::from_millis(300);
    let server = Running::start(
        counter(),
        Options {
            notice,
            ..options(None)
        },
    );
    let channel = server.channel().await;
    let request = HealthCheckRequest {
        service: "words.v1.WordCounter".to_owned(),
    };
    let mut watch = HealthClient::new(channel.clone()).watch(request).await;
    let watch = watch.as_mut().expect("the service is known").get_mut();
    let first = watch.message().await.expect("no error").expect("a status");
    assert_eq!(first.status(), ServingStatus::Serving);

    let ended = server.stop();
    let second = watch.message().await.expect("no error").expect("a status");
    assert_eq!(second.status(), ServingStatus::NotServing);
    let answer = count(&channel, document("one"), LONG, TraceId::begin()).await;
    assert_eq!(answer.expect("calls are still taken").words, 1);

    assert_eq!(watch.message().await.expect("no error"), None);
    let ending = timeout(LONG, ended)
        .await
        .expect("it ends")
        .expect("no panic");
    assert_eq!(ending.expect("no error"), Ending::Drained);
}
