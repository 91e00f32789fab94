//! What the host says about a document, in the course's words.

use prost::Message;
use proto::model::v1::{RankResponse, Score};
use stage::faults::whole_status;
use tap::{Code, FaultKind, ResetCode};

/// What the host does about one document.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// The reference server answers. Only for a call that was planned with [`Host::hold`](super::batches::Host::hold).
    Reference,
    /// The course answers in its place.
    Ranks(RankResponse),
    /// The call ends in this way.
    Fails(FaultKind),
}

/// A failure of the host's with a status that has all that one can have: a message, which its details repeat, details that
/// every program can read, and metadata. `ticket` is in all of them.
pub(crate) fn failure(code: Code, ticket: u16) -> Reply {
    let mut kind = whole_status(code, &ticket.to_string()).kind;
    if let FaultKind::Status { details, .. } = &mut kind {
        let info = ErrorInfo {
            reason: format!("TICKET_{ticket}"),
            domain: "host.example".to_owned(),
        };
        let any = Any {
            type_url: "type.googleapis.com/google.rpc.ErrorInfo".to_owned(),
            value: info.encode_to_vec(),
        };
        // What is written behind a message adds to it.
        let added = Details { details: vec![any] };
        *details = [details.as_ref(), &added.encode_to_vec()].concat().into();
    }
    Reply::Fails(kind)
}

/// `google.rpc.Status`, as far as it is written here.
#[derive(Clone, PartialEq, prost::Message)]
struct Details {
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

/// `google.protobuf.Any`.
#[derive(Clone, PartialEq, prost::Message)]
struct Any {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

/// `google.rpc.ErrorInfo`, as far as it is written here.
#[derive(Clone, PartialEq, prost::Message)]
struct ErrorInfo {
    #[prost(string, tag = "1")]
    reason: String,
    #[prost(string, tag = "2")]
    domain: String,
}

/// All codes of a failure.
pub(crate) const CODES: [Code; 16] = [
    Code::CANCELLED,
    Code::UNKNOWN,
    Code::INVALID_ARGUMENT,
    Code::DEADLINE_EXCEEDED,
    Code::NOT_FOUND,
    Code::ALREADY_EXISTS,
    Code::PERMISSION_DENIED,
    Code::RESOURCE_EXHAUSTED,
    Code::FAILED_PRECONDITION,
    Code::ABORTED,
    Code::OUT_OF_RANGE,
    Code::UNIMPLEMENTED,
    Code::INTERNAL,
    Code::UNAVAILABLE,
    Code::DATA_LOSS,
    Code::UNAUTHENTICATED,
];

/// A failure in every way that there is: with each code, with an answer that is no message, and with a reset. In an order
/// that is drawn.
pub(crate) fn failures(generator: &mut fastrand::Rng) -> Vec<Reply> {
    let mut failures: Vec<_> = CODES
        .into_iter()
        .map(|code| failure(code, generator.u16(1_000..)))
        .collect();
    // Field 1, announced with five bytes, of which none follows.
    failures.push(Reply::Fails(FaultKind::Answer(vec![0x0a, 5].into())));
    failures.push(Reply::Fails(FaultKind::Reset(ResetCode::INTERNAL_ERROR)));
    generator.shuffle(&mut failures);
    failures
}

/// A ranking that no other is: scores that sum to 1, best first, of so many labels, 5 at most, under a version of the
/// model that is drawn. A host may be newer than the edge knows.
pub(crate) fn ranking(generator: &mut fastrand::Rng, labels: usize) -> RankResponse {
    let mut names = ["invoice", "contract", "report", "receipt", "letter"];
    generator.shuffle(&mut names);
    let mut hundredths = [0, 22, 12, 6, 1].map(|least| least + generator.u8(..4));
    hundredths[0] = 100 - hundredths[1..].iter().sum::<u8>();
    let score = |(label, hundredths): (&str, u8)| Score {
        label: label.to_owned(),
        probability: f32::from(hundredths) / 100.0,
        keywords: vec![format!("word{}", generator.u8(..)), label.to_owned()],
    };
    let scores = names.into_iter().zip(hundredths).take(labels).map(score);
    RankResponse {
        scores: scores.collect(),
        model_version: format!("2031.{}", generator.u16(1_000..)),
    }
}
