//! How calls and connections end other than well.

use std::future::poll_fn;
use std::task::Poll;

use bytes::Bytes;
use h2::Reason;
use tap::{Address, CallPlan, EventKind, Gate, Options, Recorder, Tap};

use crate::harness::{
    CLIENT_SERVER, Client, Order, Stage, framed, line, read, read_all, request, story, story_until,
};

/// A client that gives up, at each time at which it can: the server gets the same code, after all that came before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancel_by_the_client() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let codes = [Reason::CANCEL, Reason::ENHANCE_YOUR_CALM, Reason::NO_ERROR];
    for (number, code) in (1..).zip(codes) {
        let mut call = client.call(request(&[])).await;
        call.send("one").await;
        call.send("two").await;
        let mut served = connection.call().await;
        assert_eq!(served.receive().await, "one");
        call.stream.send_reset(code);
        let seen = poll_fn(|cx| served.respond.poll_reset(cx)).await.unwrap();
        assert_eq!(seen, code);
        let story = stage.story(number, "cancelled").await;
        let cancelled = format!("cancelled by client with {}", u32::from(code));
        assert_eq!(story.last(), Some(&cancelled));
        assert_eq!(story[..2], ["request /a.B/C", "client sends \"one\""]);
    }
}

/// What begins after a cancel was recorded comes to the server behind it. Many times, since it is a matter of who is first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_after_a_recorded_cancel() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    for number in 0..50 {
        let mut call = client.call(request(&[])).await;
        let mut served = connection.call().await;
        call.stream.send_reset(Reason::CANCEL);
        stage.story(2 * number + 1, "cancelled").await;
        let next = client.call(request(&[])).await;
        let _served = connection.call().await;
        let seen = poll_fn(|cx| Poll::Ready(served.respond.poll_reset(cx))).await;
        assert!(seen.is_ready(), "round {number}");
        drop(next);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancel_after_the_half_close_and_during_the_answer() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let mut served = connection.call().await;
    read_all(&mut served.body).await;
    drop(call);
    let seen = poll_fn(|cx| served.respond.poll_reset(cx)).await;
    assert_eq!(seen.unwrap(), Reason::CANCEL);
    let expected = [
        "request /a.B/C",
        "client sends \"ask\"",
        "half-close",
        "cancelled by client with 8",
    ];
    assert_eq!(stage.story(1, "cancelled").await, expected);

    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let mut served = connection.call().await;
    read_all(&mut served.body).await;
    served.head();
    served.send("first").await;
    let mut body = call.body().await;
    body.data().await.unwrap().unwrap();
    drop((body, call));
    let stream = served.stream.as_mut().unwrap();
    let seen = poll_fn(|cx| stream.poll_reset(cx)).await;
    assert_eq!(seen.unwrap(), Reason::CANCEL);
    let expected = [
        "request /a.B/C",
        "client sends \"ask\"",
        "half-close",
        "response",
        "server sends \"first\"",
        "cancelled by client with 8",
    ];
    assert_eq!(stage.story(2, "cancelled").await, expected);
}

/// A reset overtakes what has not been written yet. Through the tap it must not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_client_sent_before_it_cancels_arrives() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    for number in 1..=50 {
        let mut call = client.call(request(&[])).await;
        call.send("one").await;
        // The client's library is not asked to write before the reset unless the tap has the message.
        stage.story(number, "client sends").await;
        call.stream.send_reset(Reason::CANCEL);
        let mut served = connection.call().await;
        let (bytes, end) = read(&mut served.body).await;
        assert_eq!(bytes, framed("one"));
        assert_eq!(end.unwrap_err().reason(), Some(Reason::CANCEL));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_by_the_server() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    // Before its answer.
    let mut call = client.call(request(&[])).await;
    call.send("one").await;
    let mut served = connection.call().await;
    served.receive().await;
    served.respond.send_reset(Reason::REFUSED_STREAM);
    let error = call.response.await.unwrap_err();
    assert_eq!(error.reason(), Some(Reason::REFUSED_STREAM));
    let expected = [
        "request /a.B/C",
        "client sends \"one\"",
        "cancelled by server with 7",
    ];
    assert_eq!(stage.story(1, "cancelled").await, expected);

    // During its answer, which arrives.
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let mut served = connection.call().await;
    read_all(&mut served.body).await;
    served.head();
    served.send("first").await;
    stage.story(2, "server sends").await;
    served
        .stream
        .as_mut()
        .unwrap()
        .send_reset(Reason::INTERNAL_ERROR);
    let mut body = call.body().await;
    let (bytes, end) = read(&mut body).await;
    assert_eq!(bytes, framed("first"));
    assert_eq!(end.unwrap_err().reason(), Some(Reason::INTERNAL_ERROR));
    let expected = [
        "request /a.B/C",
        "client sends \"ask\"",
        "half-close",
        "response",
        "server sends \"first\"",
        "cancelled by server with 2",
    ];
    assert_eq!(stage.story(2, "cancelled").await, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_dies() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut open = client.call(request(&[])).await;
    open.send("one").await;
    let mut closed = client.call(request(&[])).await;
    closed.stream.send_data(framed("ask"), true).unwrap();
    let mut first = connection.call().await;
    first.receive().await;
    let mut second = connection.call().await;
    read_all(&mut second.body).await;
    stage.story(2, "half-close").await;

    client.die().await;
    // The server sees a connection that dies, and no reset.
    let error = first.body.data().await.unwrap().unwrap_err();
    assert!(error.is_io(), "{error}");
    let error = poll_fn(|cx| second.respond.poll_reset(cx))
        .await
        .unwrap_err();
    assert!(error.is_io(), "{error}");
    assert_eq!(
        stage.story(0, "disconnected").await,
        ["connected", "disconnected"]
    );
    let events = stage.recorder.snapshot();
    assert_eq!(
        story(&events, 1),
        ["request /a.B/C", "client sends \"one\"", "broken by client"]
    );
    let expected = [
        "request /a.B/C",
        "client sends \"ask\"",
        "half-close",
        "broken by client",
    ];
    assert_eq!(story(&events, 2), expected);
    assert_eq!(line(&events.last().unwrap().kind), "disconnected");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_dies() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut silent = client.call(request(&[])).await;
    silent.stream.send_data(framed("ask"), true).unwrap();
    let mut talking = client.call(request(&[])).await;
    talking.stream.send_data(framed("ask"), true).unwrap();
    let _first = connection.call().await;
    let mut second = connection.call().await;
    second.head();
    second.send("one").await;
    let mut body = talking.body().await;
    body.data().await.unwrap().unwrap();

    connection.die().await;
    let error = silent.response.await.unwrap_err();
    assert!(error.is_io(), "{error}");
    let error = body.data().await.unwrap().unwrap_err();
    assert!(error.is_io(), "{error}");
    assert_eq!(
        stage.story(0, "disconnected").await,
        ["connected", "disconnected"]
    );
    let events = stage.recorder.snapshot();
    let expected = [
        "request /a.B/C",
        "client sends \"ask\"",
        "half-close",
        "broken by server",
    ];
    assert_eq!(story(&events, 1), expected);
    assert_eq!(
        story(&events, 2)[3..],
        ["response", "server sends \"one\"", "broken by server"]
    );
}

/// A program that answers and exits: what it sent still arrives.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_server_said_before_it_dies_arrives() {
    for _ in 0..50 {
        let stage = Stage::new().await;
        let (client, mut connection) = stage.connect().await;
        let mut call = client.call(request(&[])).await;
        call.stream.send_data(framed("ask"), true).unwrap();
        let mut served = connection.call().await;
        served.head();
        served.send(&"x".repeat(30_000)).await;
        served.status(0);
        stage.story(1, "status").await;
        connection.die().await;
        let mut body = call.body().await;
        let (bytes, trailers) = read(&mut body).await;
        assert_eq!(bytes.len(), 30_005);
        assert_eq!(trailers.unwrap().unwrap()["grpc-status"], "0");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_not_there() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = Address::Tcp(gone.local_addr().unwrap());
    drop(gone);
    let recorder = Recorder::new();
    let tap = Tap::start(Options::new(CLIENT_SERVER, address, &recorder)).unwrap();
    let client = Client::dial(tap.address()).await;
    assert!(client.driver.await.unwrap().is_err() || recorder.snapshot().len() == 2);
    let story = story_until(&recorder, 0, "disconnected").await;
    assert_eq!(story, ["connected", "disconnected"]);
}

/// A server that wants to be rid of a connection: calls that go on are finished, the client learns of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_away() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let mut served = connection.call().await;
    connection.orders.send(Order::GoAway).unwrap();
    // The client's library learns of it from the tap, while the call is still going on.
    let mut send = client.send.clone();
    let error = loop {
        match poll_fn(|cx| send.poll_ready(cx)).await {
            Ok(()) => tokio::task::yield_now().await,
            Err(error) => break error,
        }
    };
    assert!(error.is_go_away() && error.is_remote(), "{error}");
    assert_eq!(error.reason(), Some(Reason::NO_ERROR));
    served.head();
    served.send("late").await;
    served.status(0);
    let mut body = call.body().await;
    assert_eq!(read(&mut body).await.0, framed("late"));
    drop((body, call.stream, send, client.send));
    client.driver.await.unwrap().unwrap();
    assert_eq!(stage.story(1, "status").await.last().unwrap(), "status 0");
    stage.story(0, "disconnected").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_closes_with_a_code() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let _served = connection.call().await;
    connection
        .orders
        .send(Order::Abort(Reason::ENHANCE_YOUR_CALM))
        .unwrap();
    // The call sees a connection that dies, as it would without a tap; the connection knows why.
    assert!(call.response.await.unwrap_err().is_io());
    let error = client.driver.await.unwrap().unwrap_err();
    assert!(error.is_go_away() && error.is_remote(), "{error}");
    assert_eq!(error.reason(), Some(Reason::ENHANCE_YOUR_CALM));
    assert_eq!(
        stage.story(1, "broken").await.last().unwrap(),
        "broken by server"
    );
}

/// An answer and a reset that come together: the reset must not overtake the answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_server_said_before_it_resets_arrives() {
    let gate = Gate::new();
    let stage = Stage::holding_first_answer(&gate).await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let mut served = connection.call().await;
    served.head();
    served.send("all of it").await;
    // A call there and back: the answer has left the server's library, and the reset leaves it.
    let _echo = connection.echo();
    client.unary("other").await.unwrap();
    served
        .stream
        .as_mut()
        .unwrap()
        .send_reset(Reason::INTERNAL_ERROR);
    client.unary("other").await.unwrap();
    gate.open();
    let mut body = call.body().await;
    let (bytes, end) = read(&mut body).await;
    assert_eq!(bytes, framed("all of it"));
    assert_eq!(end.unwrap_err().reason(), Some(Reason::INTERNAL_ERROR));
}

/// More than the kernel takes is on its way to a client that reads slowly when the server exits. All of it arrives.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn much_that_a_server_said_before_it_dies_arrives() {
    // Each answer fits into what the tap keeps for a call, so that for the tap the call is over.
    const CALLS: usize = 700;
    let gate = Gate::new();
    let held = gate.clone();
    let stage = Stage::with(move |_| CallPlan {
        hold_answer: Some(held.clone()),
        ..CallPlan::default()
    })
    .await;
    let (client, mut connection) = stage.connect().await;
    let text = "x".repeat(15_000);
    let mut calls = Vec::new();
    for _ in 0..CALLS {
        let mut call = client.call(request(&[])).await;
        call.stream.send_data(Bytes::new(), true).unwrap();
        let mut served = connection.call().await;
        served.head();
        served.send(&text).await;
        served.status(0);
        calls.push((call, served));
    }
    client.pause(true);
    connection.die().await;
    gate.open();
    // The last of them may not have left the server. What the tap has, it passes on.
    let has = |events: &[tap::Event], call: usize, last: &str| {
        let story = story(events, call as u32);
        story.last().is_some_and(|line| line.starts_with(last))
    };
    let ended =
        |events: &[tap::Event], call| has(events, call, "status") || has(events, call, "broken");
    let all_ended = |events: &[tap::Event]| (1..=CALLS).all(|call| ended(events, call));
    let events = stage.recorder.until(all_ended).await;
    client.pause(false);
    let mut answered = 0;
    for (number, (mut call, _)) in (1..).zip(calls) {
        if has(&events, number, "status") {
            answered += 1;
            let mut body = call.body().await;
            assert_eq!(read_all(&mut body).await.len(), text.len() + 5);
        }
    }
    assert!(answered > CALLS / 2, "{answered}");
}

/// What a client had sent when the run ends is in the record, however little time it left: the end of a client that is
/// gone already, and a connection that was never accepted.
///
/// On one thread and without an await before the shutdown, so that the tap has no chance to look earlier.
#[tokio::test]
async fn a_shutdown_loses_nothing() {
    let stage = Stage::new().await;
    let Address::Tcp(address) = stage.tap.address() else {
        panic!("not TCP");
    };
    let socket = std::net::TcpStream::connect(address).unwrap();
    let kill = socket.try_clone().unwrap();
    socket.set_nonblocking(true).unwrap();
    let stream = tokio::net::TcpStream::from_std(socket).unwrap();
    let (client, mut connection) = tokio::join!(Client::over(stream), stage.server.accept());
    let mut call = client.call(request(&[])).await;
    call.send("one").await;
    let mut served = connection.call().await;
    served.receive().await;

    kill.shutdown(std::net::Shutdown::Both).unwrap();
    drop(std::net::TcpStream::connect(address).unwrap());
    stage.tap.shutdown().await;
    let events = stage.recorder.snapshot();
    let expected = ["request /a.B/C", "client sends \"one\"", "broken by client"];
    assert_eq!(story(&events, 1), expected);
    let count = |kind: EventKind| events.iter().filter(|event| event.kind == kind).count();
    assert_eq!(count(EventKind::Connected), 2);
    assert_eq!(count(EventKind::Disconnected), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shutdown_in_the_middle_of_a_call() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let mut served = connection.call().await;
    read_all(&mut served.body).await;
    let address = stage.tap.address().clone();
    stage.tap.shutdown().await;
    let events = stage.recorder.snapshot();
    assert_eq!(
        story(&events, 1),
        ["request /a.B/C", "client sends \"ask\"", "half-close"]
    );
    assert_eq!(story(&events, 0), ["connected", "disconnected"]);
    assert!(call.response.await.unwrap_err().is_io());
    let Address::Tcp(address) = address else {
        panic!("{address} is not TCP");
    };
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

/// A peer that is alive and frozen does not hold up the end for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shutdown_with_a_frozen_client() {
    let stage = Stage::new().await;
    let Address::Tcp(address) = stage.tap.address() else {
        panic!("not TCP");
    };
    let frozen = tokio::net::TcpStream::connect(address).await.unwrap();
    let _connection = stage.server.accept().await;
    stage.tap.shutdown().await;
    assert_eq!(
        story(&stage.recorder.snapshot(), 0),
        ["connected", "disconnected"]
    );
    drop(frozen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_outlives_a_tap() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(Bytes::new(), true).unwrap();
    let _served = connection.call().await;
    drop(stage.tap);
    assert!(call.response.await.unwrap_err().is_io());
    // Both peers see their connection end.
    let _ = client.driver.await.unwrap();
    let _ = connection.driver.await.unwrap();
}
