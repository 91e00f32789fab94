//! Other programs for unary.2: right ones, known mistakes, mutants.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use kit::{Error, Session};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyRequest, ClassifyResponse, DocumentType};
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
    right_by_hand,
    right_one_call,
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
    deadline_malformed_1,
    deadline_malformed_2,
    id_of_another_question_1 => |session| first_id_for_all(session),
    id_of_another_question_2 => |session| id_before(session),
    given_up_early_1,
    given_up_early_2,
    unsendable_id_not_asked_1,
    unsendable_id_not_asked_2,
    servers_deadline_failed_1,
    servers_deadline_failed_2,
    status_remade_1,
    status_remade_2,
    not_watched_behind_headers_1,
    not_watched_behind_headers_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
    mutant_same_document,
    mutant_unwrap_id,
    mutant_retry,
    mutant_retry_of_failed,
    mutant_cleaned_id,
    mutant_words,
    mutant_words_too,
}

/// Calls with all that belongs on the request, and ends its own wait as tonic's timer ends it.
async fn call(channel: Channel, question: &Question) -> Called {
    let mut request = request_for(&question.document);
    request.set_timeout(question.deadline);
    if let Ok(id) = question.correlation_id.parse() {
        request.metadata_mut().insert("x-correlation-id", id);
    }
    let mut client = DocumentClassifierClient::new(channel);
    let called = timeout(question.deadline, client.classify(request)).await;
    called.unwrap_or_else(|_| Err(Status::cancelled("Timeout expired")))
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

/// Asks the clock what a CANCELLED means.
async fn right_clock(channel: Channel, question: Question) -> Answer {
    let begun = Instant::now();
    match call(channel, &question).await {
        Ok(response) => Ok(best(response.into_inner())),
        Err(_) if begun.elapsed() >= question.deadline => Err(AskError::DeadlineExceeded),
        Err(status) if status.code() == Code::DeadlineExceeded => Err(AskError::DeadlineExceeded),
        Err(status) => Err(AskError::Failed(status)),
    }
}

/// Writes the header itself, in milliseconds.
async fn right_by_hand(channel: Channel, question: Question) -> Answer {
    let mut request = with_id_only(&question);
    let milliseconds = format!("{}m", question.deadline.as_millis());
    let milliseconds = milliseconds.parse().expect("digits and a letter");
    request.metadata_mut().insert("grpc-timeout", milliseconds);
    wait(channel, request, question.deadline).await
}

/// Makes a request of its own, with a field's default written out and more metadata, and gives the whole question to a task.
async fn right_one_call(channel: Channel, question: Question) -> Answer {
    let asking = tokio::spawn(async move {
        let mut request = Request::new(ClassifyRequest {
            text: question.document.text.clone(),
            document_id: question.document.id.clone(),
            model_version: String::new(),
            max_results: Some(1),
            include_keywords: None,
        });
        request.set_timeout(question.deadline);
        let span = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";
        let metadata = request.metadata_mut();
        metadata.insert(
            "traceparent",
            tonic::metadata::MetadataValue::from_static(span),
        );
        if let Ok(id) = tonic::metadata::MetadataValue::try_from(&question.correlation_id) {
            metadata.append("x-correlation-id", id);
        }
        let mut client = DocumentClassifierClient::new(channel);
        let called = timeout(
            question.deadline + Duration::from_secs(1),
            client.classify(request),
        );
        called.await.map_or(Err(AskError::DeadlineExceeded), answer)
    });
    asking.await.unwrap_or(Err(AskError::DeadlineExceeded))
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
    if let Ok(id) = question.correlation_id.parse() {
        let key = tonic::metadata::MetadataKey::from_static("X-CORRELATION-ID");
        request.metadata_mut().append(key, id);
    }
    answer(
        DocumentClassifierClient::new(channel)
            .classify(request)
            .await,
    )
}

fn with_id_only(question: &Question) -> Request<ClassifyRequest> {
    let mut request = request_for(&question.document);
    if let Ok(id) = question.correlation_id.parse() {
        request.metadata_mut().insert("x-correlation-id", id);
    }
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
    if let Ok(id) = question.correlation_id.parse() {
        request.metadata_mut().insert("correlation-id", id);
    }
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

/// Seconds without a unit.
async fn deadline_malformed_1(channel: Channel, question: Question) -> Answer {
    let mut request = with_id_only(&question);
    let seconds = question.deadline.as_secs().to_string();
    let seconds = seconds.parse().expect("digits");
    request.metadata_mut().insert("grpc-timeout", seconds);
    wait(channel, request, question.deadline).await
}

/// Nanoseconds: more digits than the header may have.
async fn deadline_malformed_2(channel: Channel, question: Question) -> Answer {
    let mut request = with_id_only(&question);
    let nanoseconds = format!("{}n", question.deadline.as_nanos());
    let nanoseconds = nanoseconds.parse().expect("digits and a letter");
    request.metadata_mut().insert("grpc-timeout", nanoseconds);
    wait(channel, request, question.deadline).await
}

async fn wait(channel: Channel, request: Request<ClassifyRequest>, deadline: Duration) -> Answer {
    let mut client = DocumentClassifierClient::new(channel);
    match timeout(deadline, client.classify(request)).await {
        Ok(called) => answer(called),
        Err(_) => Err(AskError::DeadlineExceeded),
    }
}

async fn first_id_for_all(session: Session) -> Result<(), Error> {
    let first = OnceLock::new();
    crate::run::deadline(session, |channel, question: Question| {
        let correlation_id: &String = first.get_or_init(|| question.correlation_id.clone());
        let correlation_id = correlation_id.clone();
        right_select(
            channel,
            Question {
                correlation_id,
                ..question
            },
        )
    })
    .await
}

/// Each question goes out with the id of the one before.
async fn id_before(session: Session) -> Result<(), Error> {
    let before = Mutex::new(None);
    crate::run::deadline(session, |channel, question: Question| {
        let mut before = before.lock().unwrap_or_else(PoisonError::into_inner);
        let own = question.correlation_id.clone();
        let correlation_id = before.replace(own.clone()).unwrap_or(own);
        right_select(
            channel,
            Question {
                correlation_id,
                ..question
            },
        )
    })
    .await
}

async fn unsendable_id_not_asked_1(channel: Channel, question: Question) -> Answer {
    let id = question.correlation_id.as_str();
    if let Err(error) = tonic::metadata::MetadataValue::try_from(id) {
        let status = Status::invalid_argument(error.to_string());
        return Err(AskError::Failed(status));
    }
    right_select(channel, question).await
}

/// Makes up an answer.
async fn unsendable_id_not_asked_2(channel: Channel, question: Question) -> Answer {
    match question.correlation_id.is_ascii() && !question.correlation_id.contains('\n') {
        true => right_select(channel, question).await,
        false => Ok(DocumentType::Unspecified),
    }
}

/// Takes only what its own side says for a deadline.
async fn servers_deadline_failed_1(channel: Channel, question: Question) -> Answer {
    match call(channel, &question).await {
        Ok(response) => Ok(best(response.into_inner())),
        Err(status) if status.code() == Code::Cancelled => Err(AskError::DeadlineExceeded),
        Err(status) => Err(AskError::Failed(status)),
    }
}

async fn servers_deadline_failed_2(channel: Channel, question: Question) -> Answer {
    let begun = Instant::now();
    match call(channel, &question).await {
        Ok(response) => Ok(best(response.into_inner())),
        Err(_) if begun.elapsed() >= question.deadline => Err(AskError::DeadlineExceeded),
        Err(status) => Err(AskError::Failed(status)),
    }
}

/// Every failure is UNAVAILABLE.
async fn status_remade_1(channel: Channel, question: Question) -> Answer {
    let answered = right_select(channel, question).await;
    answered.map_err(|error| match error {
        AskError::Failed(status) => AskError::Failed(Status::unavailable(status.message())),
        passed => passed,
    })
}

/// The code and the message, and nothing else.
async fn status_remade_2(channel: Channel, question: Question) -> Answer {
    let answered = right_select(channel, question).await;
    answered.map_err(|error| match error {
        AskError::Failed(status) => AskError::Failed(Status::new(status.code(), status.message())),
        passed => passed,
    })
}

/// Leaves the wait to tonic's own timer.
async fn not_watched_behind_headers_1(channel: Channel, question: Question) -> Answer {
    let mut request = with_id_only(&question);
    request.set_timeout(question.deadline);
    answer(
        DocumentClassifierClient::new(channel)
            .classify(request)
            .await,
    )
}

/// In a task, and with the header written by hand.
async fn not_watched_behind_headers_2(channel: Channel, question: Question) -> Answer {
    let mut request = with_id_only(&question);
    let milliseconds = format!("{}m", question.deadline.as_millis());
    let milliseconds = milliseconds.parse().expect("digits and a letter");
    request.metadata_mut().insert("grpc-timeout", milliseconds);
    let mut client = DocumentClassifierClient::new(channel);
    let asking = tokio::spawn(async move { client.classify(request).await });
    asking.await.map_or(Err(AskError::DeadlineExceeded), answer)
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

async fn mutant_same_document(channel: Channel, mut question: Question) -> Answer {
    question.document.id = "document".to_owned();
    right_select(channel, question).await
}

fn again(question: &Question) -> Question {
    Question {
        document: question.document.clone(),
        correlation_id: question.correlation_id.clone(),
        deadline: question.deadline,
    }
}

async fn mutant_unwrap_id(channel: Channel, question: Question) -> Answer {
    let id = question
        .correlation_id
        .parse::<tonic::metadata::AsciiMetadataValue>();
    drop(id.expect("every id is a metadata value"));
    right_select(channel, question).await
}

/// Sends the deadline, and never waits for longer than a quarter of a second itself.
async fn given_up_early_2(channel: Channel, question: Question) -> Answer {
    let wait = question.deadline.min(Duration::from_millis(250));
    tokio::select! {
        called = call(channel, &question) => answer(called),
        () = tokio::time::sleep(wait) => Err(AskError::DeadlineExceeded),
    }
}

/// Sends the deadline, and waits for 300 ms itself: half of the time after which the late answer comes, so that a busy machine
/// does not bring both at once.
async fn given_up_early_1(channel: Channel, question: Question) -> Answer {
    match timeout(Duration::from_millis(300), call(channel, &question)).await {
        Ok(called) => answer(called),
        Err(_) => Err(AskError::DeadlineExceeded),
    }
}

/// Asks once more where the deadline has passed.
async fn mutant_retry(channel: Channel, question: Question) -> Answer {
    let again = again(&question);
    match right_select(channel.clone(), question).await {
        Err(AskError::DeadlineExceeded) => right_select(channel, again).await,
        answered => answered,
    }
}

/// Asks once more where the server has refused, and so without a race against a deadline.
async fn mutant_retry_of_failed(channel: Channel, question: Question) -> Answer {
    let again = again(&question);
    match right_select(channel.clone(), question).await {
        Err(AskError::Failed(_)) => right_select(channel, again).await,
        answered => answered,
    }
}

/// Sends what is left of an id that cannot be sent.
async fn mutant_cleaned_id(channel: Channel, question: Question) -> Answer {
    let correlation_id = question.correlation_id.replace(['\r', '\n'], "");
    right_select(
        channel,
        Question {
            correlation_id,
            ..question
        },
    )
    .await
}

/// What a status says in words of a deadline.
fn speaks_of_deadline(status: &Status) -> bool {
    let message = status.message().to_lowercase();
    message.contains("timeout") || message.contains("deadline")
}

/// Decides by the words of the message.
async fn mutant_words(channel: Channel, question: Question) -> Answer {
    match call(channel, &question).await {
        Ok(response) => Ok(best(response.into_inner())),
        Err(status) if speaks_of_deadline(&status) => Err(AskError::DeadlineExceeded),
        Err(status) => Err(AskError::Failed(status)),
    }
}

/// Decides by the code, and by the words as well.
async fn mutant_words_too(channel: Channel, question: Question) -> Answer {
    match right_select(channel, question).await {
        Err(AskError::Failed(status)) if speaks_of_deadline(&status) => {
            Err(AskError::DeadlineExceeded)
        }
        answered => answered,
    }
}
