//! What goes into the two services and what comes out, over the wire.

use std::sync::Arc;
use std::time::{Duration, Instant};

use classifier::{Classifier, Error};
use proto::classification::v1::{ClassifyRequest, DocumentType};
use proto::model::v1::RankRequest;
use proto::model::v1::model_host_client::ModelHostClient;
use tonic::{Code, Status};

use crate::harness::{FnModel, TestServer, quick_model, request, scores, within};

const INVOICE: &str = "Invoice 2041 from Nordwind GmbH. Amount due 1,240.00 EUR by 15 March 2026.";

async fn real() -> TestServer {
    TestServer::start(Arc::new(Classifier::load().expect("the model loads"))).await
}

/// How the server refuses a request.
async fn refusal(server: &TestServer, request: ClassifyRequest) -> Status {
    within(server.client().await.classify(request))
        .await
        .expect_err("it must be refused")
}

#[tokio::test]
async fn classify_runs_the_real_model() {
    let server = real().await;
    let answer = within(server.client().await.classify(ClassifyRequest {
        document_id: "doc-001 \u{1f4c4}".to_owned(),
        ..request(INVOICE)
    }))
    .await
    .expect("OK")
    .into_inner();
    assert_eq!(answer.document_id, "doc-001 \u{1f4c4}");
    assert_eq!(answer.model_version, server.inference.model_version());
    assert_eq!(answer.results.len(), 3, "max_results is not set");
    assert_eq!(answer.results[0].document_type(), DocumentType::Invoice);
    assert!(answer.results[0].confidence > 0.5);
    assert!((1..=3).contains(&answer.results[0].keywords.len()));
    assert!(
        answer
            .results
            .is_sorted_by(|a, b| a.confidence >= b.confidence)
    );
}

#[tokio::test]
async fn rank_scores_every_label_with_the_real_model() {
    let server = real().await;
    let mut host = ModelHostClient::new(server.channel().await);
    let text = INVOICE.to_owned();
    let answer = within(host.rank(RankRequest { text }))
        .await
        .expect("OK")
        .into_inner();
    assert_eq!(answer.model_version, server.inference.model_version());
    assert_eq!(answer.scores[0].label, "invoice");
    assert!(
        answer
            .scores
            .is_sorted_by(|a, b| a.probability >= b.probability)
    );
    let sum: f32 = answer.scores.iter().map(|score| score.probability).sum();
    assert!((sum - 1.0).abs() < 1e-4, "{sum}");
    let mut labels: Vec<_> = answer.scores.iter().map(|s| s.label.as_str()).collect();
    labels.sort_unstable();
    assert_eq!(
        labels,
        ["contract", "invoice", "letter", "receipt", "report"]
    );
}

#[tokio::test]
async fn every_kind_has_its_document_type() {
    let server = TestServer::start(quick_model()).await;
    let answer = within(server.client().await.classify(ClassifyRequest {
        max_results: Some(5),
        ..request("a")
    }))
    .await
    .expect("OK");
    let types: Vec<_> = answer
        .get_ref()
        .results
        .iter()
        .map(|result| result.document_type())
        .collect();
    assert_eq!(
        types,
        [
            DocumentType::Invoice,
            DocumentType::Contract,
            DocumentType::Report,
            DocumentType::Receipt,
            DocumentType::Letter,
        ]
    );
}

#[tokio::test]
async fn max_results_is_1_to_5_and_zero_is_not_unset() {
    let server = TestServer::start(quick_model()).await;
    let ask = |max_results| ClassifyRequest {
        max_results,
        ..request("a")
    };
    for (max_results, count) in [(None, 3), (Some(1), 1), (Some(4), 4), (Some(5), 5)] {
        let answer = within(server.client().await.classify(ask(max_results)))
            .await
            .expect("OK");
        assert_eq!(answer.get_ref().results.len(), count, "{max_results:?}");
    }
    for max_results in [0, 6, -1, i32::MIN, i32::MAX] {
        let status = refusal(&server, ask(Some(max_results))).await;
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(
            status.message(),
            format!("max_results is {max_results}: send 1 to 5, or leave it unset for 3")
        );
    }
}

#[tokio::test]
async fn keywords_are_left_out_when_not_wanted() {
    let server = TestServer::start(quick_model()).await;
    for (include_keywords, keywords) in [(None, 1), (Some(true), 1), (Some(false), 0)] {
        let answer = within(server.client().await.classify(ClassifyRequest {
            include_keywords,
            ..request("a")
        }))
        .await
        .expect("OK");
        for result in &answer.get_ref().results {
            assert_eq!(result.keywords.len(), keywords, "{include_keywords:?}");
        }
    }
}

#[tokio::test]
async fn text_may_have_1_to_100_000_characters_of_any_size() {
    let server = TestServer::start(quick_model()).await;
    let longest = "\u{1f4c4}".repeat(100_000);
    within(server.client().await.classify(request(&longest)))
        .await
        .expect("OK");
    let status = refusal(&server, request(&format!("{longest}a"))).await;
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(
        status.message(),
        "text has 100001 characters: send at most 100000"
    );
    let status = refusal(&server, request("")).await;
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(
        status.message(),
        "text is empty: send 1 to 100000 characters"
    );
}

#[tokio::test]
async fn all_violations_are_reported_at_once() {
    let server = TestServer::start(quick_model()).await;
    let status = refusal(
        &server,
        ClassifyRequest {
            max_results: Some(9),
            model_version: "none".to_owned(),
            ..request("")
        },
    )
    .await;
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(status.message().contains("text is empty"), "{status:?}");
    assert!(status.message().contains("max_results is 9"), "{status:?}");
}

#[tokio::test]
async fn text_without_a_word_is_invalid() {
    let server = real().await;
    let status = refusal(&server, request(" \n. . .")).await;
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(status.message().starts_with("text holds no word"));
}

#[tokio::test]
async fn unserved_model_version_is_not_found() {
    let server = TestServer::start(quick_model()).await;
    let ask = |model_version: &str| ClassifyRequest {
        model_version: model_version.to_owned(),
        ..request("a")
    };
    within(server.client().await.classify(ask("test.1")))
        .await
        .expect("it is served");
    let status = refusal(&server, ask("2025.9")).await;
    assert_eq!(status.code(), Code::NotFound);
    assert_eq!(
        status.message(),
        "model_version \"2025.9\" is not served here: ask for \"test.1\", or leave it unset"
    );
    // Repeated in full, this would break the call: a status travels in a header.
    let status = refusal(&server, ask(&"\u{e9}".repeat(20_000))).await;
    assert_eq!(status.code(), Code::NotFound);
    assert!(status.message().len() < 300);
}

#[tokio::test]
async fn rank_refuses_an_empty_text() {
    let server = TestServer::start(quick_model()).await;
    let mut host = ModelHostClient::new(server.channel().await);
    let status = within(host.rank(RankRequest::default()))
        .await
        .expect_err("it is empty");
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(status.message(), "text is empty: send at least 1 character");
}

#[tokio::test]
async fn processing_time_is_that_of_the_model() {
    let least = Duration::from_millis(15);
    let busy = FnModel(move |_: &str| {
        let begun = Instant::now();
        while begun.elapsed() < least {
            std::hint::spin_loop();
        }
        Ok(scores())
    });
    let server = TestServer::start(Arc::new(busy)).await;
    let answer = within(server.client().await.classify(request("a")))
        .await
        .expect("OK");
    assert!(answer.get_ref().processing_time_ms >= 15);
}

#[tokio::test]
async fn internal_errors_do_not_leak() {
    let model = FnModel(|text: &str| match text {
        "fails" => Err(Error::Model {
            doing: "run the secret part",
            source: "secret".into(),
        }),
        "is empty" => Ok(Vec::new()),
        _ => panic!("secret"),
    });
    let server = TestServer::start(Arc::new(model)).await;
    for text in ["fails", "is empty", "panics"] {
        let status = refusal(&server, request(text)).await;
        assert_eq!(status.code(), Code::Internal, "{text}");
        assert_eq!(status.message(), "the model could not rank this text");
    }
}
