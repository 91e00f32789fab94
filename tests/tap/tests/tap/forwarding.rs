//! What is passed on is what was sent, and what is recorded is what was passed on.

use std::time::Duration;

use bytes::Bytes;
use tap::{Address, Code, EventKind, Hop, Options, Recorder, Tap};

use crate::harness::{
    CLIENT_SERVER, Client, PATH, Server, Stage, framed, header_map, read, read_all, request,
    response, story, unary, write,
};

/// Any two addresses that a tap can stand between.
async fn over(server: Server, listen: Option<&std::path::Path>) {
    let recorder = Recorder::new();
    let mut options = Options::new(CLIENT_SERVER, server.address.clone(), &recorder);
    if let Some(path) = listen {
        options = options.on_unix(path);
    }
    let tap = Tap::start(options).unwrap();
    assert_eq!(
        tap.address().to_string().parse::<Address>().as_ref(),
        Ok(tap.address())
    );

    let (client, mut connection) = tokio::join!(Client::dial(tap.address()), server.accept());
    let headers = [
        ("x-id", "demo-1"),
        ("grpc-timeout", "2S"),
        ("x-bin", "AAEC"),
        ("user-agent", "test"),
    ];
    let mut call = client.call(request(&headers)).await;
    call.stream.send_data(framed("ask"), true).unwrap();

    let mut served = connection.call().await;
    assert_eq!(served.request.uri(), format!("http://host{PATH}").as_str());
    assert_eq!(served.request.method(), "POST");
    assert_eq!(served.request.headers(), request(&headers).headers());
    let (bytes, trailers) = read(&mut served.body).await;
    assert_eq!((bytes, trailers.unwrap()), (framed("ask"), None));
    let head = response(&[("x-server", "s1")]);
    let mut stream = served.respond.send_response(head, false).unwrap();
    stream.send_data(framed("answer"), false).unwrap();
    let trailers = header_map(&[
        ("grpc-status", "5"),
        ("grpc-message", "caf%C3%A9"),
        ("grpc-status-details-bin", "CAU"),
        ("x-cost", "3"),
    ]);
    stream.send_trailers(trailers.clone()).unwrap();

    let answer = call.response.await.unwrap();
    assert_eq!(answer.headers(), response(&[("x-server", "s1")]).headers());
    let (bytes, got) = read(&mut answer.into_body()).await;
    assert_eq!((bytes, got.unwrap()), (framed("answer"), Some(trailers)));

    tap.shutdown().await;
    let events = recorder.snapshot();
    let seqs: Vec<_> = events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (0..events.len() as u64).collect::<Vec<_>>());
    assert!(
        events
            .iter()
            .all(|event| event.hop == CLIENT_SERVER && event.connection == 1)
    );
    assert_eq!(story(&events, 0), ["connected", "disconnected"]);
    let pairs = |pairs: &[(&str, &str)]| -> tap::Metadata {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    };
    let kinds: Vec<_> = events
        .into_iter()
        .filter(|event| event.call == 1)
        .map(|event| event.kind)
        .collect();
    let message = |from, text: &'static str| EventKind::Message {
        from,
        compressed: false,
        bytes: Bytes::from_static(text.as_bytes()),
    };
    let expected = [
        EventKind::Request {
            path: PATH.to_owned(),
            metadata: pairs(&[("x-id", "demo-1"), ("x-bin", "AAEC")]),
            timeout: Some(Duration::from_secs(2)),
        },
        message(tap::Side::Client, "ask"),
        EventKind::HalfClose,
        EventKind::Response {
            metadata: pairs(&[("x-server", "s1")]),
        },
        message(tap::Side::Server, "answer"),
        EventKind::Status {
            code: Code::NOT_FOUND,
            message: "café".to_owned(),
            details: Bytes::from_static(&[8, 5]),
            metadata: pairs(&[("x-cost", "3")]),
        },
    ];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn a_call_over_tcp() {
    over(Server::tcp().await, None).await;
}

#[tokio::test]
async fn a_call_over_unix_sockets() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::unix(&folder.path().join("server.sock"));
    let tap = folder.path().join("tap.sock");
    over(server, Some(&tap)).await;
    assert!(!tap.exists(), "the tap takes its socket away");
}

#[tokio::test]
async fn frames_that_split_and_join_messages() {
    let messages = ["first", "", "a second message", "third"];
    let stream: Vec<u8> = messages
        .iter()
        .flat_map(|text| framed(text).to_vec())
        .collect();
    let stream = Bytes::from(stream);
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    for (call, size) in (1..).zip([1, 2, 3, 5, 7, 11, stream.len()]) {
        let mut calling = client.call(request(&[])).await;
        for piece in stream.chunks(size) {
            write(&mut calling.stream, Bytes::copy_from_slice(piece), false)
                .await
                .unwrap();
        }
        // The end comes in a separate frame, which is not a message.
        calling.stream.send_data(Bytes::new(), true).unwrap();
        let mut served = connection.call().await;
        assert_eq!(
            read(&mut served.body).await.0,
            stream,
            "pieces of {size} bytes"
        );
        served.head();
        for piece in stream.chunks(size) {
            let out = served.stream.as_mut().unwrap();
            write(out, Bytes::copy_from_slice(piece), false)
                .await
                .unwrap();
        }
        served.status(0);
        let mut body = calling.body().await;
        assert_eq!(read(&mut body).await.0, stream, "pieces of {size} bytes");
        let expected = [
            "request /a.B/C",
            "client sends \"first\"",
            "client sends \"\"",
            "client sends \"a second message\"",
            "client sends \"third\"",
            "half-close",
            "response",
            "server sends \"first\"",
            "server sends \"\"",
            "server sends \"a second message\"",
            "server sends \"third\"",
            "status 0",
        ];
        assert_eq!(
            stage.story(call, "status").await,
            expected,
            "pieces of {size} bytes"
        );
    }
}

#[tokio::test]
async fn a_message_of_4_mb_both_ways() {
    let stage = Stage::new().await;
    let (client, connection) = stage.connect().await;
    let _echo = connection.echo();
    let message = "wirebook".repeat(512 * 1024);
    let mut call = client.call(request(&[])).await;
    write(&mut call.stream, framed(&message), true)
        .await
        .unwrap();
    let mut body = call.body().await;
    let (bytes, _) = read(&mut body).await;
    assert_eq!(bytes, framed(&message));
    let story = stage.story(1, "status").await;
    let expected = [
        "request /a.B/C",
        "client sends 4194304 bytes",
        "half-close",
        "response",
        "server sends 4194304 bytes",
        "status 0",
    ];
    assert_eq!(story, expected);
}

#[tokio::test]
async fn a_compressed_message_is_marked() {
    let stage = Stage::new().await;
    let (client, connection) = stage.connect().await;
    let _echo = connection.echo();
    let mut call = client.call(request(&[("grpc-encoding", "gzip")])).await;
    call.stream
        .send_data(Bytes::from_static(&[1, 0, 0, 0, 1, 9]), true)
        .unwrap();
    stage.story(1, "status").await;
    let compressed = |event: &tap::Event| {
        matches!(
            event.kind,
            EventKind::Message {
                compressed: true,
                ..
            }
        )
    };
    assert_eq!(
        stage
            .recorder
            .snapshot()
            .iter()
            .filter(|event| compressed(event))
            .count(),
        2
    );
}

/// On several threads calls run side by side. The server still gets them in the client's order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_reach_the_server_in_their_order() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut calls = Vec::new();
    for n in 0..200 {
        let call = client.call(request(&[("x-n", &n.to_string())])).await;
        calls.push(call);
    }
    let mut all = Vec::new();
    for n in 0..200 {
        let served = connection.call().await;
        assert_eq!(served.request.headers()["x-n"], n.to_string().as_str());
        all.push(served);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_at_once() {
    const CALLS: u32 = 1000;
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let calls: Vec<_> = (0..CALLS)
        .map(|n| {
            let send = client.send.clone();
            tokio::spawn(async move {
                let message = format!("message {n}");
                (unary(&send, &message).await.unwrap().0, framed(&message))
            })
        })
        .collect();
    // All of them are at the server before it answers the first.
    let mut served = Vec::new();
    for _ in 0..CALLS {
        let mut call = connection.call().await;
        let (bytes, _) = read(&mut call.body).await;
        served.push((call, bytes));
    }
    for (mut call, bytes) in served {
        call.head();
        write(call.stream.as_mut().unwrap(), bytes, false)
            .await
            .unwrap();
        call.status(0);
    }
    for call in calls {
        let (answer, expected) = call.await.unwrap();
        assert_eq!(answer, expected);
    }
    stage.tap.shutdown().await;
    let events = stage.recorder.snapshot();
    assert_eq!(events.len(), 2 + 6 * CALLS as usize);
    for call in 1..=CALLS {
        let story = story(&events, call);
        assert_eq!(story[5], "status 0", "{story:?}");
    }
}

#[tokio::test]
async fn each_connection_has_one_of_its_own_to_the_server() {
    let stage = Stage::new().await;
    let mut clients = Vec::new();
    for expected in 1..=3 {
        let (client, connection) = stage.connect().await;
        let echo = connection.echo();
        client.unary("a").await.unwrap();
        client.unary("b").await.unwrap();
        clients.push((client, echo));
        let events = stage.recorder.snapshot();
        let connections = events
            .iter()
            .filter(|event| event.kind == EventKind::Connected);
        assert_eq!(connections.count(), expected);
    }
    let events = stage.recorder.snapshot();
    let requests = events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::Request { .. }));
    let requests: Vec<_> = requests
        .map(|event| (event.connection, event.call))
        .collect();
    assert_eq!(requests, [(1, 1), (1, 2), (2, 3), (2, 4), (3, 5), (3, 6)]);
}

#[tokio::test]
async fn an_answer_that_is_a_status_alone() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let mut served = connection.call().await;
    read_all(&mut served.body).await;
    let head = response(&[("grpc-status", "7"), ("grpc-message", "not%20you")]);
    served.respond.send_response(head, true).unwrap();
    let answer = call.response.await.unwrap();
    assert!(answer.body().is_end_stream());
    assert_eq!(answer.headers()["grpc-message"], "not%20you");
    let expected = [
        "request /a.B/C",
        "client sends \"ask\"",
        "half-close",
        "status 7 not you",
    ];
    assert_eq!(stage.story(1, "status").await, expected);
}

/// Some servers end such an answer with an empty frame. It is the same answer.
#[tokio::test]
async fn a_status_alone_that_ends_in_a_frame_of_its_own() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let mut served = connection.call().await;
    read_all(&mut served.body).await;
    let head = response(&[("grpc-status", "7")]);
    let mut stream = served.respond.send_response(head, false).unwrap();
    stream.send_data(Bytes::new(), true).unwrap();
    let mut body = call.body().await;
    assert_eq!(read(&mut body).await.0, Bytes::new());
    let expected = [
        "request /a.B/C",
        "client sends \"ask\"",
        "half-close",
        "status 7",
    ];
    assert_eq!(stage.story(1, "status").await, expected);
}

#[tokio::test]
async fn a_half_close_without_a_message_and_one_between_answers() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut send = client.send.clone().ready().await.unwrap();
    let (_response, _) = send.send_request(request(&[]), true).unwrap();
    let served = connection.call().await;
    assert!(served.body.is_end_stream());
    assert_eq!(
        stage.story(1, "half-close").await,
        ["request /a.B/C", "half-close"]
    );

    // Each side sends something in turn; the client closes only when it has got the first answer.
    let mut call = client.call(request(&[])).await;
    let mut served = connection.call().await;
    call.send("one").await;
    assert_eq!(served.receive().await, "one");
    served.head();
    served.send("first").await;
    let mut body = call.body().await;
    body.data().await.unwrap().unwrap();
    call.stream.send_data(Bytes::new(), true).unwrap();
    read_all(&mut served.body).await;
    served.send("second").await;
    served.status(0);
    let expected = [
        "request /a.B/C",
        "client sends \"one\"",
        "response",
        "server sends \"first\"",
        "half-close",
        "server sends \"second\"",
        "status 0",
    ];
    assert_eq!(stage.story(2, "status").await, expected);
}

#[tokio::test]
async fn an_answer_before_the_request_is_complete() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.send("one").await;
    let mut served = connection.call().await;
    served.receive().await;
    let head = response(&[("grpc-status", "3"), ("grpc-message", "too%20much")]);
    served.respond.send_response(head, true).unwrap();
    drop(served);
    let answer = (&mut call.response).await.unwrap();
    assert_eq!(answer.headers()["grpc-status"], "3");
    // The client is asked to stop as the server asked the tap: with NO_ERROR, not as a failure.
    let reason = std::future::poll_fn(|cx| call.stream.poll_reset(cx)).await;
    assert_eq!(reason.unwrap(), h2::Reason::NO_ERROR);
    // The connection lives on.
    let mut next = client.call(request(&[])).await;
    next.stream.send_data(Bytes::new(), true).unwrap();
    connection.call().await;
    stage.story(2, "half-close").await;
    let expected = [
        "request /a.B/C",
        "client sends \"one\"",
        "status 3 too much",
    ];
    assert_eq!(story(&stage.recorder.snapshot(), 1), expected);
}

#[tokio::test]
async fn taps_that_share_a_record_share_its_order() {
    let outer = Stage::new().await;
    let front_client = Hop::new("front", "client");
    let options = Options::new(front_client, outer.tap.address().clone(), &outer.recorder);
    let front = Tap::start(options).unwrap();
    let (client, connection) = tokio::join!(Client::dial(front.address()), outer.server.accept());
    let _echo = connection.echo();
    client.unary("a").await.unwrap();
    let events = outer.recorder.snapshot();
    let hops: Vec<_> = events
        .iter()
        .filter(|event| event.call == 1)
        .map(|event| (event.seq, event.hop))
        .collect();
    assert!(hops.is_sorted(), "{hops:?}");
    let of = |hop| {
        story(
            &events
                .iter()
                .filter(|event| event.hop == hop)
                .cloned()
                .collect::<Vec<_>>(),
            1,
        )
    };
    assert_eq!(of(front_client).len(), 6);
    assert_eq!(of(front_client), of(CLIENT_SERVER));
    // What a tap has seen it has recorded before the next one sees it.
    let first = |hop, kind: &str| {
        events.iter().position(|event| {
            event.hop == hop && crate::harness::line(&event.kind).starts_with(kind)
        })
    };
    assert!(first(front_client, "request") < first(CLIENT_SERVER, "request"));
    assert!(first(CLIENT_SERVER, "status") < first(front_client, "status"));
}
