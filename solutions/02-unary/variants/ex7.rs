//! unary.7

use kit::{Exercise, Run, Session};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyRequest, DocumentType};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use crate::run::{Failure, Reason, best, failures as run};

pub const VARIANTS: &[Exercise] = &[
    ("unary.7/right-ifs", |session| {
        go(session, by_ifs, |status| status)
    }),
    ("unary.7/right-numbers", |session| {
        go(session, by_number, |status| status.clone())
    }),
    ("unary.7/code-lost-1", |session| {
        go(session, by_ifs, |status| {
            Status::unavailable(status.message())
        })
    }),
    ("unary.7/code-lost-2", |session| {
        go(session, by_number, |status| {
            Status::unknown(status.to_string())
        })
    }),
    ("unary.7/message-lost-1", |session| {
        go(session, by_ifs, |status| {
            Status::new(status.code(), "the classifier failed")
        })
    }),
    ("unary.7/message-lost-2", |session| {
        go(session, by_number, |status| {
            Status::new(status.code(), status.to_string())
        })
    }),
    ("unary.7/everything-unavailable-1", |session| {
        go(session, |_| Reason::TryAgain, |status| status)
    }),
    ("unary.7/everything-unavailable-2", |session| {
        go(
            session,
            |code| {
                if code == Code::Ok {
                    Reason::Broken
                } else {
                    Reason::TryAgain
                }
            },
            |status| status,
        )
    }),
    ("unary.7/deadline-retried-1", |session| {
        go(
            session,
            |code| late(code).unwrap_or(by_ifs(code)),
            |status| status,
        )
    }),
    ("unary.7/deadline-retried-2", |session| {
        go(
            session,
            |code| match code {
                Code::Cancelled => Reason::OutOfTime,
                // As passing as a server that is away.
                Code::DeadlineExceeded => Reason::TryAgain,
                code => by_number(code),
            },
            |status| status,
        )
    }),
    ("unary.7/refusal-retried-1", |session| {
        go(
            session,
            |code| match code {
                // As if the state would change by itself.
                Code::FailedPrecondition => Reason::TryAgain,
                code => by_ifs(code),
            },
            |status| status,
        )
    }),
    ("unary.7/refusal-retried-2", |session| {
        go(
            session,
            |code| match by_number(code) {
                Reason::Rejected => Reason::TryAgain,
                reason => reason,
            },
            |status| status,
        )
    }),
    ("unary.7/fault-retried-1", |session| {
        go(
            session,
            |code| match by_ifs(code) {
                // The arm for the rest.
                Reason::Broken => Reason::TryAgain,
                reason => reason,
            },
            |status| status,
        )
    }),
    ("unary.7/fault-retried-2", |session| {
        go(
            session,
            |code| match code {
                // One of those that are often repeated.
                Code::Internal => Reason::TryAgain,
                code => by_number(code),
            },
            |status| status,
        )
    }),
    ("unary.7/passing-taken-for-final-1", |session| {
        go(
            session,
            |code| match code {
                Code::Unavailable => Reason::TryAgain,
                Code::ResourceExhausted => Reason::Broken,
                code => by_ifs(code),
            },
            |status| status,
        )
    }),
    ("unary.7/passing-taken-for-final-2", |session| {
        go(
            session,
            |code| match code {
                // As if the request were too large.
                Code::ResourceExhausted => Reason::Rejected,
                Code::Unavailable => Reason::OutOfTime,
                code => by_number(code),
            },
            |status| status,
        )
    }),
    ("unary.7/fault-blamed-on-caller-1", |session| {
        go(
            session,
            |code| match by_ifs(code) {
                Reason::Broken => Reason::Rejected,
                reason => reason,
            },
            |status| status,
        )
    }),
    ("unary.7/fault-blamed-on-caller-2", |session| {
        go(
            session,
            |code| match code {
                Code::Unknown | Code::Internal => Reason::NotAllowed,
                code => by_number(code),
            },
            |status| status,
        )
    }),
    ("unary.7/sign-in-taken-for-bad-request-1", |session| {
        go(
            session,
            |code| match by_ifs(code) {
                Reason::NotAllowed => Reason::Rejected,
                reason => reason,
            },
            |status| status,
        )
    }),
    ("unary.7/sign-in-taken-for-bad-request-2", |session| {
        go(
            session,
            |code| match code {
                Code::PermissionDenied => Reason::Broken,
                code => by_number(code),
            },
            |status| status,
        )
    }),
    ("unary.7/deadline-taken-for-fault-1", |session| {
        go(
            session,
            |code| match code {
                // tonic's surprise.
                Code::Cancelled => Reason::Broken,
                code => by_ifs(code),
            },
            |status| status,
        )
    }),
    ("unary.7/deadline-taken-for-fault-2", |session| {
        go(
            session,
            |code| match by_number(code) {
                Reason::OutOfTime => Reason::Rejected,
                reason => reason,
            },
            |status| status,
        )
    }),
    ("unary.7/refusal-taken-for-fault-1", |session| {
        go(
            session,
            |code| match code {
                Code::NotFound => Reason::Broken,
                code => by_number(code),
            },
            |status| status,
        )
    }),
    ("unary.7/refusal-taken-for-fault-2", |session| {
        go(
            session,
            |code| match by_ifs(code) {
                Reason::Rejected => Reason::NotAllowed,
                reason => reason,
            },
            |status| status,
        )
    }),
    ("unary.7/mutant-default", |session| {
        Box::pin(run(session, |_, _| async { Ok(DocumentType::default()) }))
    }),
    ("unary.7/mutant-error", |session| {
        Box::pin(run(session, |_, _| async {
            Err(Failure {
                reason: Reason::Broken,
                status: Status::internal("always the same"),
            })
        }))
    }),
    ("unary.7/mutant-hard-coded", |session| {
        Box::pin(run(session, |client, request| async {
            let asked = ask(client, request, by_ifs, |status| status).await;
            asked.map(|_| DocumentType::Contract)
        }))
    }),
    ("unary.7/mutant-one-more", |session| {
        Box::pin(run(session, mutant_one_more))
    }),
];

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

fn go(session: Session, reason: fn(Code) -> Reason, keep: fn(Status) -> Status) -> Run {
    Box::pin(run(session, move |client, request| {
        ask(client, request, reason, keep)
    }))
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
        Code::FailedPrecondition,
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
        3 | 5 | 9 => Reason::Rejected,
        7 | 16 => Reason::NotAllowed,
        8 | 14 => Reason::TryAgain,
        _ => Reason::Broken,
    }
}

fn late(code: Code) -> Option<Reason> {
    let late = matches!(code, Code::Cancelled | Code::DeadlineExceeded);
    late.then_some(Reason::TryAgain)
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
