//! What a plan makes of a call.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use h2::Reason;
use tap::{After, CallPlan, Code, EventKind, Fault, FaultKind, Gate, ResetCode};

use crate::harness::{Stage, framed, read, read_all, request, response, story};

async fn with_fault(fault: Fault) -> Stage {
    Stage::with(move |_| CallPlan {
        fault: Some(fault.clone()),
        ..CallPlan::default()
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadline_that_is_recorded_and_not_passed_on() {
    let plan = |_: &_| CallPlan {
        strip_timeout: true,
        ..CallPlan::default()
    };
    let stage = Stage::with(plan).await;
    let (client, mut connection) = stage.connect().await;
    let _call = client
        .call(request(&[("grpc-timeout", "150m"), ("x-id", "1")]))
        .await;
    let served = connection.call().await;
    assert_eq!(served.request.headers().get("grpc-timeout"), None);
    assert_eq!(served.request.headers()["x-id"], "1");
    let events = stage.recorder.snapshot();
    let EventKind::Request { timeout, .. } = &events[1].kind else {
        panic!("{events:?}");
    };
    assert_eq!(timeout.unwrap().as_millis(), 150);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_is_told_which_call_it_is() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = seen.clone();
    let stage = Stage::with(move |info| {
        let mut seen = sink.lock().unwrap();
        seen.push((
            info.connection,
            info.call,
            info.nth,
            info.path.clone(),
            info.metadata.clone(),
        ));
        CallPlan::default()
    })
    .await;
    let (client, mut connection) = stage.connect().await;
    for path in ["/a.B/C", "/a.B/D", "/a.B/C"] {
        let mut ask = request(&[("x-id", "1")]);
        *ask.uri_mut() = format!("http://host{path}").parse().unwrap();
        let _call = client.call(ask).await;
        connection.call().await;
    }
    let id = vec![("x-id".to_owned(), "1".to_owned())];
    let expected = [
        (1, 1, 1, "/a.B/C".to_owned(), id.clone()),
        (1, 2, 1, "/a.B/D".to_owned(), id.clone()),
        (1, 3, 2, "/a.B/C".to_owned(), id),
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_held() {
    let gate = Gate::new();
    let held = gate.clone();
    let stage = Stage::with(move |info| CallPlan {
        hold_answer: (info.call == 1).then(|| held.clone()),
        ..CallPlan::default()
    })
    .await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let mut served = connection.call().await;
    assert_eq!(read(&mut served.body).await.0, framed("ask"));
    served.head();
    served.send("answer").await;
    served.status(0);
    // Another call on the same connection is answered meanwhile.
    let _echo = connection.echo();
    client.unary("other").await.unwrap();
    let before = ["request /a.B/C", "client sends \"ask\"", "half-close"];
    assert_eq!(story(&stage.recorder.snapshot(), 1), before);
    assert!(!gate.is_open());
    gate.open();
    let mut body = call.body().await;
    assert_eq!(read(&mut body).await.0, framed("answer"));
    let story = stage.story(1, "status").await;
    assert_eq!(
        story[3..],
        ["response", "server sends \"answer\"", "status 0"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_gives_up_on_an_answer_that_is_held() {
    let gate = Gate::new();
    let stage = Stage::with(move |_| CallPlan {
        hold_answer: Some(gate.clone()),
        ..CallPlan::default()
    })
    .await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let mut served = connection.call().await;
    read_all(&mut served.body).await;
    served.head();
    served.send("too late").await;
    drop(call);
    let stream = served.stream.as_mut().unwrap();
    let reason = poll_fn(|cx| stream.poll_reset(cx)).await;
    assert_eq!(reason.unwrap(), Reason::CANCEL);
    let story = stage.story(1, "cancelled").await;
    assert_eq!(story[3..], ["cancelled by client with 8"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_that_are_held_behind_their_headers() {
    let gate = Gate::new();
    let held = gate.clone();
    let stage = Stage::with(move |_| CallPlan {
        hold_messages: Some(held.clone()),
        ..CallPlan::default()
    })
    .await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let mut served = connection.call().await;
    read_all(&mut served.body).await;
    served.head();
    served.send("answer").await;
    served.status(0);
    let mut body = call.body().await;
    // A refusal, which is over with its headers, is not held.
    let _refused = client.call(request(&[])).await;
    let mut refusing = connection.call().await;
    let refusal = response(&[("grpc-status", "5")]);
    refusing.respond.send_response(refusal, true).unwrap();
    assert_eq!(stage.story(2, "status").await.last().unwrap(), "status 5");
    let before = [
        "request /a.B/C",
        "client sends \"ask\"",
        "half-close",
        "response",
    ];
    assert_eq!(story(&stage.recorder.snapshot(), 1), before);
    gate.open();
    assert_eq!(read(&mut body).await.0, framed("answer"));
    let story = stage.story(1, "status").await;
    assert_eq!(story[4..], ["server sends \"answer\"", "status 0"]);
}

/// A client that stops reading in the middle stops the server, and what it has read before is recorded.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_that_are_held_behind_some() {
    let gate = Gate::new();
    let held = gate.clone();
    let stage = Stage::with(move |_| CallPlan {
        hold_after: Some((2, held.clone())),
        ..CallPlan::default()
    })
    .await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let mut served = connection.call().await;
    read_all(&mut served.body).await;
    served.head();
    served.send("1").await;
    let mut body = call.body().await;
    assert_eq!(body.data().await.unwrap().unwrap(), framed("1"));
    served.send("2").await;
    assert_eq!(body.data().await.unwrap().unwrap(), framed("2"));
    served.send("3").await;
    served.status(0);
    // Another call is not held up, and behind it the third message has come to the tap.
    let mut other = client.call(request(&[])).await;
    other.stream.send_data(framed("ask"), true).unwrap();
    connection.call().await;
    let sent = |events: &[tap::Event]| {
        let story = story(events, 1);
        let sent = story.iter().filter(|line| line.starts_with("server sends"));
        sent.count()
    };
    assert_eq!(sent(&stage.recorder.snapshot()), 2);
    gate.open();
    assert_eq!(read(&mut body).await.0, framed("3"));
    assert_eq!(sent(&stage.recorder.snapshot()), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_gives_up_between_headers_and_messages() {
    let gate = Gate::new();
    let stage = Stage::with(move |_| CallPlan {
        hold_messages: Some(gate.clone()),
        ..CallPlan::default()
    })
    .await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let mut served = connection.call().await;
    read_all(&mut served.body).await;
    served.head();
    served.send("too late").await;
    drop(call.body().await);
    drop(call);
    let stream = served.stream.as_mut().unwrap();
    let reason = poll_fn(|cx| stream.poll_reset(cx)).await;
    assert_eq!(reason.unwrap(), Reason::CANCEL);
    let story = stage.story(1, "cancelled").await;
    assert_eq!(story[3..], ["response", "cancelled by client with 8"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_is_held() {
    let gate = Gate::new();
    let held = gate.clone();
    let stage = Stage::with(move |info| CallPlan {
        hold_request: (info.call == 1).then(|| held.clone()),
        ..CallPlan::default()
    })
    .await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[("x-id", "held")])).await;
    call.send("one").await;
    call.stream.send_data(framed("two"), true).unwrap();
    let expected = [
        "request /a.B/C",
        "client sends \"one\"",
        "client sends \"two\"",
        "half-close",
    ];
    assert_eq!(stage.story(1, "half-close").await, expected);
    // The server hears of a later call first.
    let _other = client.call(request(&[("x-id", "other")])).await;
    assert_eq!(connection.call().await.request.headers()["x-id"], "other");
    gate.open();
    let mut served = connection.call().await;
    assert_eq!(served.request.headers()["x-id"], "held");
    let sent = [framed("one"), framed("two")].concat();
    assert_eq!(read(&mut served.body).await.0, sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_gives_up_on_a_request_that_is_held() {
    let gate = Gate::new();
    let held = gate.clone();
    let stage = Stage::with(move |info| CallPlan {
        hold_request: (info.call == 1).then(|| held.clone()),
        ..CallPlan::default()
    })
    .await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    stage.story(1, "half-close").await;
    drop(call);
    let story = stage.story(1, "cancelled").await;
    assert_eq!(story[3..], ["cancelled by client with 8"]);
    gate.open();
    // The server never hears of it.
    let _other = client.call(request(&[("x-id", "other")])).await;
    assert_eq!(connection.call().await.request.headers()["x-id"], "other");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_by_plan() {
    for (after, expected) in [
        (After::Headers, &["request /a.B/C"][..]),
        (
            After::HalfClose,
            &["request /a.B/C", "client sends \"ask\"", "half-close"],
        ),
    ] {
        let stage = with_fault(Fault::reset(ResetCode::REFUSED_STREAM).after(after)).await;
        let (client, mut connection) = stage.connect().await;
        let error = client.unary("ask").await.unwrap_err();
        assert_eq!(error.reason(), Some(Reason::REFUSED_STREAM));
        let story = stage.story(1, "cancelled").await;
        let (last, before) = story.split_last().unwrap();
        assert_eq!(
            (before, last.as_str()),
            (
                &expected
                    .iter()
                    .map(|line| (*line).to_owned())
                    .collect::<Vec<_>>()[..],
                "cancelled by server with 7"
            )
        );
        assert!(
            connection.calls.try_recv().is_err(),
            "the server hears nothing"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_after_some_answers() {
    for count in 0..=3_u32 {
        let stage =
            with_fault(Fault::reset(ResetCode::ENHANCE_YOUR_CALM).after(After::Answers(count)))
                .await;
        let (client, mut connection) = stage.connect().await;
        let mut call = client.call(request(&[])).await;
        call.stream.send_data(framed("ask"), true).unwrap();
        let mut served = connection.call().await;
        served.head();
        // All in one frame: the fault cuts it.
        let all = ["one", "two", "three", "four"].map(framed).concat();
        let stream = served.stream.as_mut().unwrap();
        let sent = stream.send_data(Bytes::from(all.clone()), false);
        // With no answer to wait for, the fault may strike as soon as the head has come.
        assert!(sent.is_ok() || count == 0, "{sent:?}");
        let reason = poll_fn(|cx| served.stream.as_mut().unwrap().poll_reset(cx)).await;
        assert_eq!(
            reason.unwrap(),
            Reason::CANCEL,
            "the server is told that nobody reads on"
        );
        let (bytes, end) = match (&mut call.response).await {
            Ok(answer) => read(&mut answer.into_body()).await,
            Err(error) => (Bytes::new(), Err(error)),
        };
        let passed = ["one", "two", "three"][..count as usize]
            .iter()
            .flat_map(|text| framed(text).to_vec())
            .collect::<Vec<_>>();
        assert_eq!(bytes, passed, "{count}");
        assert_eq!(end.unwrap_err().reason(), Some(Reason::ENHANCE_YOUR_CALM));
        let story = stage.story(1, "cancelled").await;
        let answers = story.iter().filter(|line| line.starts_with("server sends"));
        assert_eq!(answers.count(), count as usize);
        assert_eq!(story.iter().any(|line| line == "response"), count > 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_by_plan() {
    let mut fault = Fault::status(Code::UNAVAILABLE, "try again, é");
    let FaultKind::Status {
        details, metadata, ..
    } = &mut fault.kind
    else {
        panic!("{fault:?}");
    };
    *details = Bytes::from_static(&[8, 14]);
    metadata.push(("grpc-retry-pushback-ms".to_owned(), "10".to_owned()));
    let stage = with_fault(fault).await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let answer = call.response.await.unwrap();
    assert!(answer.body().is_end_stream());
    assert_eq!(answer.headers()["grpc-status"], "14");
    assert_eq!(answer.headers()["grpc-message"], "try again, %C3%A9");
    assert_eq!(answer.headers()["grpc-status-details-bin"], "CA4");
    assert_eq!(answer.headers()["grpc-retry-pushback-ms"], "10");
    assert_eq!(answer.headers()["content-type"], "application/grpc");
    let expected = [
        "request /a.B/C",
        "client sends \"ask\"",
        "half-close",
        "status 14 try again, é",
    ];
    assert_eq!(stage.story(1, "status").await, expected);
    assert!(
        connection.calls.try_recv().is_err(),
        "the server hears nothing"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_by_plan() {
    for (after, answers) in [
        (After::HalfClose, &["server sends \"mine\""][..]),
        (After::Answers(0), &["server sends \"mine\""]),
        (
            After::Answers(1),
            &["server sends \"ask\"", "server sends \"mine\""],
        ),
    ] {
        let stage = with_fault(Fault::answer("mine").after(after)).await;
        let (client, connection) = stage.connect().await;
        let _echo = connection.echo();
        let (bytes, trailers) = client.unary("ask").await.unwrap();
        assert!(bytes.ends_with(&framed("mine")), "{after:?}");
        assert_eq!(trailers["grpc-status"], "0");
        let story = stage.story(1, "status").await;
        let expected = [&["response"], answers, &["status 0"]].concat();
        assert_eq!(story[3..], expected, "{after:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_in_the_middle_of_an_answer() {
    let stage = with_fault(Fault::status(Code::UNAVAILABLE, "gone").after(After::Answers(1))).await;
    let (client, connection) = stage.connect().await;
    let _echo = connection.echo();
    let (bytes, trailers) = client.unary("ask").await.unwrap();
    assert_eq!(bytes, framed("ask"));
    assert_eq!(trailers["grpc-status"], "14");
    assert_eq!(trailers["grpc-message"], "gone");
    let story = stage.story(1, "status").await;
    assert_eq!(
        story[3..],
        ["response", "server sends \"ask\"", "status 14 gone"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disconnect_by_plan() {
    for after in [After::Headers, After::HalfClose, After::Answers(1)] {
        let fault = Fault::disconnect().after(after);
        let stage = Stage::with(move |info| CallPlan {
            fault: (info.call == 2).then(|| fault.clone()),
            ..CallPlan::default()
        })
        .await;
        let (client, connection) = stage.connect().await;
        let _echo = connection.echo();
        // Another call on the same connection goes with it.
        let mut other = client.call(request(&[])).await;
        other.send("one").await;
        stage.story(1, "client sends").await;
        let error = client.unary("ask").await.unwrap_err();
        assert!(error.is_io(), "{after:?}: {error}");
        assert!(other.response.await.unwrap_err().is_io());
        stage.story(0, "disconnected").await;
        let events = stage.recorder.snapshot();
        assert_eq!(story(&events, 1).last().unwrap(), "broken by server");
        assert_eq!(story(&events, 2).last().unwrap(), "broken by server");
        let answers = story(&events, 2)
            .iter()
            .filter(|line| line.starts_with("server sends"))
            .count();
        assert_eq!(
            answers,
            usize::from(after == After::Answers(1)),
            "{after:?}"
        );
    }
}

/// The client of a call that is broken off after an answer still gets that answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disconnect_after_an_answer_comes_after_the_answer() {
    let stage = with_fault(Fault::disconnect().after(After::Answers(1))).await;
    let (client, connection) = stage.connect().await;
    let _echo = connection.echo();
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("ask"), true).unwrap();
    let mut body = call.body().await;
    let (bytes, end) = read(&mut body).await;
    assert_eq!(bytes, framed("ask"));
    assert!(end.unwrap_err().is_io());
}
