//! Other programs for unary.7: right ones, known mistakes, mutants.

use kit::{Error, Session};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyRequest, DocumentType};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use crate::run::{Failure, Reason, best, failures as run};

kit::variants! {
    handle;
    right_ifs = kept(by_ifs),
    right_numbers = (by_number, |status| status.clone()),
    right_from => |session| run(session, right_from),
    right_rebuilt = (by_ifs, |status| {
        let details = status.details().to_vec().into();
        let metadata = status.metadata().clone();
        Status::with_details_and_metadata(status.code(), status.message(), details, metadata)
    }),
    metadata_left_behind_1 => |session| run(session, metadata_left_behind),
    metadata_left_behind_2 => |session| run(session, |client, request| {
        let (_, _, message) = request.into_parts();
        ask(client, Request::new(message), by_number, |status| status)
    }),
    empty_answer_failed_1 => |session| run(session, empty_answer_failed),
    empty_answer_failed_2 => |session| run(session, |client, request| async {
        let answer = ask(client, request, by_ifs, |status| status).await?;
        let failure = || Failure {
            reason: Reason::Rejected,
            status: Status::not_found("no type"),
        };
        let known = Some(answer).filter(|known| *known != DocumentType::Unspecified);
        known.ok_or_else(failure)
    }),
    code_lost_1 = (by_ifs, |status| Status::unavailable(status.message())),
    code_lost_2 = (by_number, |status| Status::unknown(status.to_string())),
    message_lost_1 = (by_ifs, |status| Status::new(status.code(), "the classifier failed")),
    message_lost_2 = (by_number, |status| Status::new(status.code(), status.to_string())),
    details_lost_1 = (by_ifs, |status| Status::new(status.code(), status.message())),
    details_lost_2 = (by_number, |status| {
        let details = status.details().to_vec().into();
        Status::with_details(status.code(), status.message(), details)
    }),
    everything_unavailable_1 = kept(|_| Reason::TryAgain),
    everything_unavailable_2 = kept(|code| {
        if code == Code::Ok {
            Reason::Broken
        } else {
            Reason::TryAgain
        }
    }),
    deadline_retried_1 = kept(|code| late(code).unwrap_or(by_ifs(code))),
    deadline_retried_2 = kept(|code| match code {
        Code::Cancelled => Reason::OutOfTime,
        // As passing as a server that is away.
        Code::DeadlineExceeded => Reason::TryAgain,
        code => by_number(code),
    }),
    refusal_retried_1 = kept(|code| match code {
        // As if the state would change by itself.
        Code::FailedPrecondition => Reason::TryAgain,
        code => by_ifs(code),
    }),
    refusal_retried_2 = kept(|code| match by_number(code) {
        Reason::Rejected => Reason::TryAgain,
        reason => reason,
    }),
    sign_in_retried_1 = kept(|code| match code {
        // As if the token would soon be known.
        Code::Unauthenticated => Reason::TryAgain,
        code => by_ifs(code),
    }),
    sign_in_retried_2 = kept(|code| match by_number(code) {
        Reason::NotAllowed => Reason::TryAgain,
        reason => reason,
    }),
    fault_retried_1 = kept(|code| match by_ifs(code) {
        // The arm for the rest.
        Reason::Broken => Reason::TryAgain,
        reason => reason,
    }),
    fault_retried_2 = kept(|code| match code {
        // One of those that are often repeated.
        Code::Internal => Reason::TryAgain,
        code => by_number(code),
    }),
    passing_taken_for_final_1 = kept(|code| match code {
        Code::Unavailable => Reason::TryAgain,
        Code::ResourceExhausted => Reason::Broken,
        code => by_ifs(code),
    }),
    passing_taken_for_final_2 = kept(|code| match code {
        // As if the request were too large.
        Code::ResourceExhausted => Reason::Rejected,
        Code::Unavailable => Reason::OutOfTime,
        code => by_number(code),
    }),
    fault_blamed_on_caller_1 = kept(|code| match by_ifs(code) {
        Reason::Broken => Reason::Rejected,
        reason => reason,
    }),
    fault_blamed_on_caller_2 = kept(|code| match code {
        Code::Unknown | Code::Internal => Reason::NotAllowed,
        code => by_number(code),
    }),
    fault_taken_for_late_1 = kept(|code| match code {
        Code::Aborted => Reason::OutOfTime,
        code => by_ifs(code),
    }),
    fault_taken_for_late_2 = kept(|code| match by_number(code) {
        Reason::Broken => Reason::OutOfTime,
        reason => reason,
    }),
    sign_in_taken_for_bad_request_1 = kept(|code| match by_ifs(code) {
        Reason::NotAllowed => Reason::Rejected,
        reason => reason,
    }),
    sign_in_taken_for_bad_request_2 = kept(|code| match code {
        Code::PermissionDenied => Reason::Broken,
        code => by_number(code),
    }),
    deadline_taken_for_fault_1 = kept(|code| match code {
        // tonic's surprise.
        Code::Cancelled => Reason::Broken,
        code => by_ifs(code),
    }),
    deadline_taken_for_fault_2 = kept(|code| match by_number(code) {
        Reason::OutOfTime => Reason::Rejected,
        reason => reason,
    }),
    refusal_taken_for_fault_1 = kept(|code| match code {
        Code::NotFound => Reason::Broken,
        code => by_number(code),
    }),
    refusal_taken_for_fault_2 = kept(|code| match by_ifs(code) {
        Reason::Rejected => Reason::NotAllowed,
        reason => reason,
    }),
    mutant_default => |session| run(session, |_, _| async { Ok(DocumentType::default()) }),
    mutant_error => |session| run(session, |_, _| async {
        Err(Failure {
            reason: Reason::Broken,
            status: Status::internal("always the same"),
        })
    }),
    mutant_hard_coded => |session| run(session, |client, request| async {
        let asked = ask(client, request, by_ifs, |status| status).await;
        asked.map(|_| DocumentType::Contract)
    }),
    mutant_one_more => |session| run(session, mutant_one_more),
    mutant_exists_already = kept(|code| match code {
        Code::AlreadyExists => Reason::Broken,
        code => by_ifs(code),
    }),
    mutant_out_of_range = kept(|code| match code {
        Code::OutOfRange => Reason::TryAgain,
        code => by_number(code),
    }),
    mutant_aborted = kept(|code| match code {
        Code::Aborted => Reason::TryAgain,
        code => by_number(code),
    }),
    mutant_index => |session| run(session, mutant_index),
}

type Client = DocumentClassifierClient<Channel>;

/// Asks, with a reason by the code, and what is kept of the status.
async fn ask(
    mut client: Client,
    request: Request<ClassifyRequest>,
    reason: fn(Code) -> Reason,
    keep: fn(Status) -> Status,
) -> Result<DocumentType, Failure> {
    let called = client.classify(request).await;
    let answer = called.map_err(|status| Failure {
        reason: reason(status.code()),
        status: keep(status),
    })?;
    Ok(best(answer.into_inner()))
}

/// A reason by the code, and what is kept of the status.
type Handling = (fn(Code) -> Reason, fn(Status) -> Status);

/// A handling that keeps all of the status.
fn kept(reason: fn(Code) -> Reason) -> Handling {
    (reason, |status| status)
}

async fn handle(session: Session, (reason, keep): Handling) -> Result<(), Error> {
    let exercise = move |client, request| ask(client, request, reason, keep);
    run(session, exercise).await
}

fn by_ifs(code: Code) -> Reason {
    if code == Code::Unavailable || code == Code::ResourceExhausted {
        Reason::TryAgain
    } else if code == Code::DeadlineExceeded || code == Code::Cancelled {
        Reason::OutOfTime
    } else if code == Code::Unauthenticated || code == Code::PermissionDenied {
        Reason::NotAllowed
    } else if [
        Code::InvalidArgument,
        Code::NotFound,
        Code::AlreadyExists,
        Code::FailedPrecondition,
        Code::OutOfRange,
    ]
    .contains(&code)
    {
        Reason::Rejected
    } else {
        Reason::Broken
    }
}

fn by_number(code: Code) -> Reason {
    match code as i32 {
        1 | 4 => Reason::OutOfTime,
        3 | 5 | 6 | 9 | 11 => Reason::Rejected,
        7 | 16 => Reason::NotAllowed,
        8 | 14 => Reason::TryAgain,
        _ => Reason::Broken,
    }
}

fn late(code: Code) -> Option<Reason> {
    let late = matches!(code, Code::Cancelled | Code::DeadlineExceeded);
    late.then_some(Reason::TryAgain)
}

/// As the note has it: `?` applies the conversion.
async fn right_from(
    mut client: Client,
    request: Request<ClassifyRequest>,
) -> Result<DocumentType, Failure> {
    Ok(best(client.classify(request).await?.into_inner()))
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        let reason = by_number(status.code());
        Self { reason, status }
    }
}

/// Panics where an answer has no result.
async fn mutant_index(
    mut client: Client,
    request: Request<ClassifyRequest>,
) -> Result<DocumentType, Failure> {
    let answer = client.classify(request).await?.into_inner();
    Ok(answer.results[0].document_type())
}

/// Takes an answer without a result for a fault.
async fn empty_answer_failed(
    mut client: Client,
    request: Request<ClassifyRequest>,
) -> Result<DocumentType, Failure> {
    let answer = client.classify(request).await?.into_inner();
    if answer.results.is_empty() {
        return Err(Status::internal("an empty answer").into());
    }
    Ok(best(answer))
}

/// Leaves metadata behind.
async fn metadata_left_behind(
    client: Client,
    request: Request<ClassifyRequest>,
) -> Result<DocumentType, Failure> {
    let request = Request::new(request.into_inner());
    ask(client, request, by_ifs, |status| status).await
}

async fn mutant_one_more(
    client: Client,
    request: Request<ClassifyRequest>,
) -> Result<DocumentType, Failure> {
    let metadata = request.metadata().clone();
    let message = request.into_inner();
    let again = || {
        let mut request = Request::new(message.clone());
        *request.metadata_mut() = metadata.clone();
        request
    };
    ask(client.clone(), again(), by_ifs, |status| status).await?;
    ask(client, again(), by_number, |status| status).await
}
