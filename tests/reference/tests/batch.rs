//! ClassifyBatch: an answer for every document, in order, as soon as it is ready, and no faster than answers are read.

use std::sync::atomic::Ordering;
use std::time::Duration;

use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse, ClassifyRequest};
use reference::Inference;
use tonic::{Code, Request, Status, Streaming};

use crate::harness::{
    LIMIT, TestServer, counting_model, failing_model, gated_model, map, quick_model, request,
    slow_model, until, within,
};

fn batch<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> ClassifyBatchRequest {
    ClassifyBatchRequest {
        requests: texts
            .into_iter()
            .map(|text| request(text.as_ref()))
            .collect(),
        ..ClassifyBatchRequest::default()
    }
}

async fn begin(
    server: &TestServer,
    batch: ClassifyBatchRequest,
) -> Streaming<ClassifyBatchResponse> {
    let answers = within(server.client().await.classify_batch(batch)).await;
    answers.expect("it begins").into_inner()
}

async fn refusal(server: &TestServer, batch: ClassifyBatchRequest) -> Status {
    let answers = within(server.client().await.classify_batch(batch)).await;
    answers.expect_err("it must be refused")
}

async fn next(answers: &mut Streaming<ClassifyBatchResponse>) -> ClassifyBatchResponse {
    let answer = within(answers.message()).await.expect("OK");
    answer.expect("an answer")
}

/// All answers that are left, and OK.
async fn rest(mut answers: Streaming<ClassifyBatchResponse>) -> Vec<ClassifyBatchResponse> {
    let mut all = Vec::new();
    while let Some(answer) = within(answers.message()).await.expect("OK") {
        all.push(answer);
    }
    all
}

/// For each answer its number, what became of the document, and whether it says that it is the last.
fn outcomes(answers: &[ClassifyBatchResponse]) -> Vec<(i32, &str, bool)> {
    let outcome = |answer: &ClassifyBatchResponse| -> &'static str {
        match (&answer.result, &answer.error) {
            (Some(_), None) => "OK",
            (None, Some(error)) => match error.code.as_str() {
                "INVALID_ARGUMENT" => "INVALID_ARGUMENT",
                "NOT_FOUND" => "NOT_FOUND",
                "INTERNAL" => "INTERNAL",
                other => panic!("{other}"),
            },
            both => panic!("a result or an error, and not {both:?}"),
        }
    };
    answers
        .iter()
        .map(|answer| (answer.sequence_number, outcome(answer), answer.is_last))
        .collect()
}

#[tokio::test]
async fn every_document_is_answered_in_order() {
    let server = TestServer::start(quick_model()).await;
    let mut documents = batch(["a"; 100]);
    for (n, request) in documents.requests.iter_mut().enumerate() {
        request.document_id = format!("doc-{n}");
    }
    let answers = rest(begin(&server, documents).await).await;
    assert_eq!(answers.len(), 100);
    for (n, answer) in answers.iter().enumerate() {
        assert_eq!(answer.sequence_number, i32::try_from(n).expect("small"));
        assert_eq!(answer.is_last, n == 99);
        let result = answer.result.as_ref().expect("it did not fail");
        assert_eq!(result.document_id, format!("doc-{n}"));
        assert_eq!(result.model_version, "test.1");
    }
}

#[tokio::test]
async fn documents_have_settings_but_the_batch_decides_on_keywords() {
    let server = TestServer::start(quick_model()).await;
    for include_keywords in [false, true] {
        let answers = rest(
            begin(
                &server,
                ClassifyBatchRequest {
                    requests: [Some(1), Some(5), None]
                        .into_iter()
                        .map(|max_results| ClassifyRequest {
                            max_results,
                            model_version: "test.1".to_owned(),
                            include_keywords: Some(!include_keywords),
                            ..request("a")
                        })
                        .collect(),
                    include_keywords,
                },
            )
            .await,
        )
        .await;
        let results: Vec<_> = answers
            .iter()
            .map(|answer| &answer.result.as_ref().expect("it did not fail").results)
            .collect();
        let counts: Vec<_> = results.iter().map(|results| results.len()).collect();
        assert_eq!(counts, [1, 5, 3]);
        for result in results.into_iter().flatten() {
            assert_eq!(!result.keywords.is_empty(), include_keywords);
        }
    }
}

#[tokio::test]
async fn failed_document_is_answered_and_the_batch_goes_on() {
    let server = TestServer::start(failing_model()).await;
    let mut documents = batch(["a", "", "fails", "panics", "a", "other model", "no word"]);
    documents.requests[5].model_version = "2025.9".to_owned();
    let answers = rest(begin(&server, documents).await).await;
    assert_eq!(
        outcomes(&answers),
        [
            (0, "OK", false),
            (1, "INVALID_ARGUMENT", false),
            (2, "INTERNAL", false),
            (3, "INTERNAL", false),
            (4, "OK", false),
            (5, "NOT_FOUND", false),
            (6, "INVALID_ARGUMENT", true),
        ]
    );
    let message = |n: usize| &answers[n].error.as_ref().expect("it failed").message;
    assert_eq!(message(1), "text is empty: send 1 to 100000 characters");
    assert_eq!(message(2), "the model could not rank this text");
    assert_eq!(message(3), "the model could not rank this text");
    let metadata = |n: usize| &answers[n].error.as_ref().expect("it failed").metadata;
    assert_eq!(*metadata(1), map([("reason", "INVALID_REQUEST")]));
    assert_eq!(*metadata(2), map([("reason", "MODEL_FAILED")]));
    assert_eq!(
        *metadata(5),
        map([("reason", "MODEL_NOT_SERVED"), ("servedVersion", "test.1")])
    );
}

#[tokio::test]
async fn last_answer_is_marked_when_every_document_fails() {
    let server = TestServer::start(quick_model()).await;
    let answers = rest(begin(&server, batch(["", "", ""])).await).await;
    assert_eq!(
        outcomes(&answers),
        [
            (0, "INVALID_ARGUMENT", false),
            (1, "INVALID_ARGUMENT", false),
            (2, "INVALID_ARGUMENT", true),
        ]
    );
}

#[tokio::test]
async fn batch_may_have_1_to_1_000_documents() {
    let server = TestServer::start(quick_model()).await;
    let answers = rest(begin(&server, batch(["a"; 1000])).await).await;
    assert_eq!(answers.len(), 1000);

    let status = refusal(&server, batch(["a"; 1001])).await;
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(
        status.message(),
        "requests has 1001 documents: send at most 1000"
    );
    let status = refusal(&server, batch([""; 0])).await;
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(
        status.message(),
        "requests is empty: send 1 to 1000 documents"
    );
}

#[tokio::test]
async fn answer_arrives_while_the_next_document_is_ranked() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start(model).await;
    let mut answers = begin(&server, batch(["first", "second"])).await;
    assert_eq!(gate.begun().await, "first");
    gate.release(1);
    assert_eq!(next(&mut answers).await.sequence_number, 0);
    assert_eq!(gate.begun().await, "second");
    gate.release(1);
    assert_eq!(next(&mut answers).await.sequence_number, 1);
    assert!(rest(answers).await.is_empty());
}

#[tokio::test]
async fn early_document_waits_for_its_turn() {
    let (model, release) = slow_model();
    let server = TestServer::start_with(Inference::new(model, 2, 8), LIMIT).await;
    let answers = begin(&server, batch(["slow", "quick", "quick"])).await;
    // The quick ones are done.
    until(|| server.inference.taken() == 1).await;
    release.send(()).expect("the model is there");
    let numbers: Vec<_> = rest(answers)
        .await
        .iter()
        .map(|a| a.sequence_number)
        .collect();
    assert_eq!(numbers, [0, 1, 2]);
}

#[tokio::test]
async fn at_most_4_documents_are_in_flight() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start_with(Inference::new(model, 16, 16), LIMIT).await;
    let answers = begin(&server, batch(["a"; 32])).await;
    for _ in 0..4 {
        gate.begun().await;
    }
    server.health_checks(server.channel().await).await;
    assert!(gate.nothing_begun());
    assert_eq!(server.inference.taken(), 4);
    gate.release(32);
    assert_eq!(rest(answers).await.len(), 32);
}

#[tokio::test]
async fn documents_wait_where_a_single_call_is_refused() {
    let (model, mut gate) = gated_model();
    // Room for three, and the batch would have four under way.
    let server = TestServer::start(model).await;
    let answers = begin(&server, batch(["a"; 8])).await;
    gate.begun().await;
    until(|| server.inference.taken() == 3).await;
    let refused = within(server.client().await.classify(request("b"))).await;
    assert_eq!(
        refused.expect_err("the line is full").code(),
        Code::ResourceExhausted
    );
    gate.release(8);
    let answers = rest(answers).await;
    assert_eq!(answers.len(), 8);
    assert!(answers.iter().all(|answer| answer.error.is_none()));
}

#[tokio::test]
async fn leaving_client_stops_the_work() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start_with(Inference::new(model, 1, 16), LIMIT).await;
    let answers = begin(&server, batch(["left"; 100])).await;
    assert_eq!(gate.begun().await, "left");
    until(|| server.inference.taken() == 4).await;

    drop(answers);
    // What runs cannot be stopped; what waits is gone.
    until(|| server.inference.taken() == 1).await;

    gate.release(2);
    server.turns(1).await;
    assert_eq!(gate.begun().await, "turn", "1 of 100 texts was ranked");
}

#[tokio::test]
async fn client_that_does_not_read_holds_up_only_itself() {
    let (model, asked) = counting_model();
    let server = TestServer::start_with(Inference::new(model, 1, 16), LIMIT).await;
    // Each answer repeats its id: 4 answers fill the client's window.
    let mut documents = batch(["a"; 200]);
    for request in &mut documents.requests {
        request.document_id = "x".repeat(16 * 1024);
    }
    let mut client = server.narrow_client().await;
    let answers = within(client.classify_batch(documents)).await;
    let answers = answers.expect("it begins").into_inner();

    // One thread: each of these calls stands in line with the batch's documents, which have had their turn 200 times
    // when all are through, if they wanted it.
    server.turns(200).await;

    let ahead = asked.load(Ordering::SeqCst) - 200;
    // 4 in the window, 3 that tonic encodes together, 4 under way, and some air.
    assert!((1..=16).contains(&ahead), "{ahead} ahead of the reader");
    assert_eq!(rest(answers).await.len(), 200);
    assert_eq!(asked.load(Ordering::SeqCst), 400);
}

#[tokio::test]
async fn deadline_applies_to_the_end_of_the_stream() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start_with(Inference::new(model, 1, 16), LIMIT).await;
    let mut client = server.patient_client().await;
    let mut call = Request::new(batch(["a"; 100]));
    let timeout = "2S".parse().expect("ASCII");
    call.metadata_mut().insert("grpc-timeout", timeout);
    gate.release(1);
    let mut answers = within(client.classify_batch(call))
        .await
        .expect("it begins in time")
        .into_inner();
    assert_eq!(next(&mut answers).await.sequence_number, 0);

    let status = within(answers.message())
        .await
        .expect_err("the gate is shut");
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    assert_eq!(status.message(), "the call's time of 2s is up");

    until(|| server.inference.taken() == 1).await;
    gate.release(2);
    server.turns(1).await;
    assert_eq!(
        (gate.begun().await, gate.begun().await),
        ("a".into(), "a".into())
    );
    assert_eq!(gate.begun().await, "turn", "2 of 100 texts were ranked");
}

/// The time passes while the client's window is full and nobody asks for an answer. This test waits for time to pass,
/// because that is what it is about.
#[tokio::test]
async fn deadline_applies_to_a_client_that_reads_late() {
    let server = TestServer::start(quick_model()).await;
    let mut documents = batch(["a"; 200]);
    for request in &mut documents.requests {
        request.document_id = "x".repeat(16 * 1024);
    }
    let mut call = Request::new(documents);
    call.metadata_mut()
        .insert("grpc-timeout", "2S".parse().expect("ASCII"));
    let answers = within(server.narrow_client().await.classify_batch(call)).await;
    let mut answers = answers.expect("it begins in time").into_inner();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let status = loop {
        match within(answers.message()).await {
            Ok(answer) => assert!(!answer.expect("it does not end").is_last),
            Err(status) => break status,
        }
    };
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
}
