//! Calls whose server is played.

use tap::{CallPlan, Code, FaultKind, ResetCode, Script, Step};

use crate::harness::{Stage, framed, read, request, story};

/// A stage whose first call is played by this script.
async fn with(script: &Script) -> Stage {
    let script = script.clone();
    Stage::with(move |info| CallPlan {
        script: (info.call == 1).then(|| script.clone()),
        ..CallPlan::default()
    })
    .await
}

fn status(code: Code) -> FaultKind {
    FaultKind::Status {
        code,
        message: String::new(),
        details: Default::default(),
        metadata: vec![("x-end".to_owned(), "1".to_owned())],
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_played_server_answers_when_it_is_told_to() {
    let script = Script::new();
    let stage = with(&script).await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.send("one").await;
    stage.story(1, "client sends").await;
    script.step(Step::Headers(vec![("x-begin".to_owned(), "1".to_owned())]));
    script.message("a");
    let mut body = call.body().await;
    assert_eq!(body.data().await.unwrap().unwrap(), framed("a"));
    call.stream.send_data(framed("two"), true).unwrap();
    stage.story(1, "half-close").await;
    script.message("b");
    script.end(status(Code::OK));
    let (bytes, trailers) = read(&mut body).await;
    assert_eq!(bytes, framed("b"));
    let trailers = trailers.unwrap().unwrap();
    assert_eq!(
        (&trailers["grpc-status"], &trailers["x-end"]),
        (&"0".parse().unwrap(), &"1".parse().unwrap())
    );
    let expected = [
        "request /a.B/C",
        "client sends \"one\"",
        "response x-begin: 1",
        "server sends \"a\"",
        "client sends \"two\"",
        "half-close",
        "server sends \"b\"",
        "status 0",
    ];
    assert_eq!(stage.story(1, "status").await.len(), expected.len());
    for (line, expected) in stage.story(1, "status").await.iter().zip(expected) {
        assert!(
            line.starts_with(expected.split(" x-").next().unwrap()),
            "{line}"
        );
    }
    assert!(
        connection.calls.try_recv().is_err(),
        "the server hears nothing"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_played_server_ends_without_an_answer_in_every_way() {
    for (end, last) in [
        (status(Code::UNAVAILABLE), "status 14"),
        (
            FaultKind::Reset(ResetCode::CANCEL),
            "cancelled by server with 8",
        ),
        (FaultKind::Disconnect, "broken by server"),
    ] {
        let script = Script::new();
        script.end(end);
        let stage = with(&script).await;
        let (client, _connection) = stage.connect().await;
        let _call = client.call(request(&[])).await;
        let story = stage.story(1, last).await;
        assert_eq!(story.len(), 2, "{story:?}");
    }
}

/// A client that gives up is seen while the script has no step, and also while the request is not read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_leaves_a_played_server() {
    for stops_reading in [false, true] {
        let script = Script::new();
        if stops_reading {
            script.step(Step::StopReading);
        }
        let stage = with(&script).await;
        let (client, _connection) = stage.connect().await;
        drop(client.call(request(&[])).await);
        let story = stage.story(1, "cancelled").await;
        assert_eq!(story[1..], ["cancelled by client with 8"]);
    }
}

/// A server that does not read stops the client by the window.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_a_played_server_does_not_read() {
    let script = Script::new();
    script.step(Step::StopReading);
    script.message("a");
    let stage = with(&script).await;
    let (client, _connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    let mut body = call.body().await;
    body.data().await.unwrap().unwrap();
    call.send("unread").await;
    script.message("b");
    body.data().await.unwrap().unwrap();
    let unread = stage.recorder.snapshot();
    let sent = |line: &String| line.starts_with("client sends");
    assert!(!story(&unread, 1).iter().any(sent));
    script.step(Step::GoOnReading);
    stage.story(1, "client sends").await;
}

/// A second call that is planned with a script which is played already gets no answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_is_played_once() {
    let script = Script::new();
    let shared = script.clone();
    let stage = Stage::with(move |_| CallPlan {
        script: Some(shared.clone()),
        ..CallPlan::default()
    })
    .await;
    let (client, _connection) = stage.connect().await;
    let _first = client.call(request(&[])).await;
    stage.story(1, "request").await;
    let second = client.call(request(&[])).await;
    stage.story(2, "request").await;
    script.end(status(Code::OK));
    stage.story(1, "status").await;
    assert_eq!(story(&stage.recorder.snapshot(), 2), ["request /a.B/C"]);
    drop(second);
    stage.story(2, "cancelled").await;
}
