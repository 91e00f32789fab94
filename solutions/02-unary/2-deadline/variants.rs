//! Other programs for unary.2: right ones, known mistakes, mutants.

use std::time::{Duration, Instant};

use kit::{Error, Session};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyResponse, DocumentType};
use tokio::time::timeout;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Response, Status};

use crate::run::{AskError, Question, best, request_for};

type Answer = Result<DocumentType, AskError>;
type Called = Result<Response<ClassifyResponse>, Status>;

kit::variants! {
    crate::run::deadline;
    right_select,
    right_clock,
    key_in_upper_case_1,
    key_in_upper_case_2,
    deadline_not_sent_1,
    deadline_not_sent_2 => |session| deadline_not_sent_2(session),
    correlation_id_missing_1,
    correlation_id_missing_2,
    cancelled_for_deadline_1,
    cancelled_for_deadline_2,
    every_failure_a_deadline_1,
    every_failure_a_deadline_2,
    other_deadline_1,
    other_deadline_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
}

/// Calls with all that belongs on the request.
async fn call(channel: Channel, question: &Question) -> Called {
    let mut request = request_for(&question.document);
    request.set_timeout(question.deadline);
    let id = question
        .correlation_id
        .parse()
        .expect("the stage's ids are ASCII");
    request.metadata_mut().insert("x-correlation-id", id);
    DocumentClassifierClient::new(channel)
        .classify(request)
        .await
}

fn passed(status: &Status) -> bool {
    matches!(status.code(), Code::Cancelled | Code::DeadlineExceeded)
}

fn answer(called: Called) -> Answer {
    match called {
        Ok(response) => Ok(best(response.into_inner())),
        Err(status) if passed(&status) => Err(AskError::DeadlineExceeded),
        Err(status) => Err(AskError::Failed(status)),
    }
}

async fn right_select(channel: Channel, question: Question) -> Answer {
    tokio::select! {
        called = call(channel, &question) => answer(called),
        () = tokio::time::sleep(question.deadline) => Err(AskError::DeadlineExceeded),
    }
}

/// Leaves the wait to tonic's own timer, and asks the clock what a CANCELLED means.
async fn right_clock(channel: Channel, question: Question) -> Answer {
    let begun = Instant::now();
    match call(channel, &question).await {
        Ok(response) => Ok(best(response.into_inner())),
        Err(_) if begun.elapsed() >= question.deadline => Err(AskError::DeadlineExceeded),
        Err(status) => Err(AskError::Failed(status)),
    }
}

async fn key_in_upper_case_1(channel: Channel, question: Question) -> Answer {
    let mut request = request_for(&question.document);
    request.set_timeout(question.deadline);
    if let Ok(id) = question.correlation_id.parse() {
        request.metadata_mut().insert("X-Correlation-Id", id);
    }
    answer(
        DocumentClassifierClient::new(channel)
            .classify(request)
            .await,
    )
}

async fn key_in_upper_case_2(channel: Channel, question: Question) -> Answer {
    let mut request = request_for(&question.document);
    let key = tonic::metadata::MetadataKey::from_static("X-CORRELATION-ID");
    request
        .metadata_mut()
        .append(key, question.correlation_id.parse().expect("ASCII"));
    answer(
        DocumentClassifierClient::new(channel)
            .classify(request)
            .await,
    )
}

fn with_id_only(question: &Question) -> Request<proto::classification::v1::ClassifyRequest> {
    let mut request = request_for(&question.document);
    let id = question
        .correlation_id
        .parse()
        .expect("the stage's ids are ASCII");
    request.metadata_mut().insert("x-correlation-id", id);
    request
}

async fn deadline_not_sent_1(channel: Channel, question: Question) -> Answer {
    let mut client = DocumentClassifierClient::new(channel);
    match timeout(question.deadline, client.classify(with_id_only(&question))).await {
        Ok(called) => answer(called),
        Err(_) => Err(AskError::DeadlineExceeded),
    }
}

/// `Endpoint::timeout`, which sends no header. The channel is the program's own here, since that is where it is set.
async fn deadline_not_sent_2(session: Session) -> Result<(), Error> {
    let endpoint = Endpoint::from_shared(session.peer_address())?;
    crate::run::deadline(session, |_, question: Question| {
        let channel = endpoint.clone().timeout(question.deadline).connect_lazy();
        async move {
            let request = with_id_only(&question);
            answer(
                DocumentClassifierClient::new(channel)
                    .classify(request)
                    .await,
            )
        }
    })
    .await
}

async fn correlation_id_missing_1(channel: Channel, question: Question) -> Answer {
    let mut request = request_for(&question.document);
    request.set_timeout(question.deadline);
    answer(
        DocumentClassifierClient::new(channel)
            .classify(request)
            .await,
    )
}

async fn correlation_id_missing_2(channel: Channel, question: Question) -> Answer {
    let mut request = request_for(&question.document);
    request.set_timeout(question.deadline);
    let id = question
        .correlation_id
        .parse()
        .expect("the stage's ids are ASCII");
    request.metadata_mut().insert("correlation-id", id);
    answer(
        DocumentClassifierClient::new(channel)
            .classify(request)
            .await,
    )
}

async fn cancelled_for_deadline_1(channel: Channel, question: Question) -> Answer {
    match call(channel, &question).await {
        Ok(response) => Ok(best(response.into_inner())),
        Err(status) => Err(AskError::Failed(status)),
    }
}

/// Watches the time itself too, begins to do so a while before the call, and takes whatever tonic's own timer says for
/// a failure. Its own wait is always over first.
async fn cancelled_for_deadline_2(channel: Channel, question: Question) -> Answer {
    let late = async {
        // Busy, and not asleep: a busy machine may wake a program only when its deadline has passed.
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(2) {
            std::hint::spin_loop();
        }
        call(channel, &question).await
    };
    match timeout(question.deadline, late).await {
        Ok(Ok(response)) => Ok(best(response.into_inner())),
        Ok(Err(status)) if status.code() == Code::DeadlineExceeded => {
            Err(AskError::DeadlineExceeded)
        }
        Ok(Err(status)) => Err(AskError::Failed(status)),
        Err(_) => Err(AskError::DeadlineExceeded),
    }
}

async fn every_failure_a_deadline_1(channel: Channel, question: Question) -> Answer {
    let called = call(channel, &question).await;
    called
        .map(|response| best(response.into_inner()))
        .map_err(|_| AskError::DeadlineExceeded)
}

async fn every_failure_a_deadline_2(channel: Channel, question: Question) -> Answer {
    match timeout(question.deadline, call(channel, &question)).await {
        Ok(Ok(response)) => Ok(best(response.into_inner())),
        _ => Err(AskError::DeadlineExceeded),
    }
}

async fn other_deadline_1(channel: Channel, question: Question) -> Answer {
    let deadline = question.deadline * 2;
    answer(
        call(
            channel,
            &Question {
                deadline,
                ..question
            },
        )
        .await,
    )
}

/// Takes something off for the way back. Not more: a deadline of microseconds may pass before the message is out.
async fn other_deadline_2(channel: Channel, question: Question) -> Answer {
    let deadline = question.deadline - Duration::from_millis(50);
    right_select(
        channel,
        Question {
            deadline,
            ..question
        },
    )
    .await
}

async fn mutant_default(_: Channel, _: Question) -> Answer {
    Ok(DocumentType::default())
}

async fn mutant_error(_: Channel, _: Question) -> Answer {
    Err(AskError::DeadlineExceeded)
}

/// Right on the published seed, where the first document is of this type.
async fn mutant_hard_coded(channel: Channel, question: Question) -> Answer {
    right_select(channel, question)
        .await
        .map(|_| DocumentType::Contract)
}

async fn mutant_one_more(channel: Channel, question: Question) -> Answer {
    let first = right_select(channel.clone(), again(&question)).await;
    if first.is_ok() {
        right_select(channel, question).await
    } else {
        first
    }
}

fn again(question: &Question) -> Question {
    Question {
        document: question.document.clone(),
        correlation_id: question.correlation_id.clone(),
        deadline: question.deadline,
    }
}
