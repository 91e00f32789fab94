//! Four requests, whose number of results is unset, 0, in range, and too large; and a ranking from a newer host, whose
//! first three results have a known type, a newer one and none, in any order.

use anyhow::Result;
use prost::Message;
use proto::classification::v1::{
    ClassificationResult, ClassifyRequest, ClassifyResponse, DocumentType,
};
use stage::{Inputs, Peer, Scenario, Source, View};
use tap::Side;

use checks::{Diagnosis, Evidence};

/// The scenario.
pub(crate) struct Presence;

/// One more than the contract allows.
const TOO_MANY_RESULTS: i32 = 6;

#[stage::async_trait]
impl Scenario for Presence {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    fn view(&self, from: Side, index: usize) -> View {
        View::Bytes(match (from, index) {
            (Side::Server, 1..) => "classification.v1.ClassifyRequest",
            _ => "classification.v1.ClassifyResponse",
        })
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut generator = source.seed.generator(20);
        let mut known = [1, 2, 3, 4, 5];
        generator.shuffle(&mut known);
        let mut types = [known[0], generator.i32(6..30), 0];
        generator.shuffle(&mut types);
        let types = types.into_iter().chain([known[1], known[2]]);
        let results = types.zip([0.62, 0.21, 0.09, 0.05, 0.03]);
        let ranking = ClassifyResponse {
            results: results
                .map(|(document_type, confidence)| ClassificationResult {
                    document_type,
                    confidence,
                    keywords: Vec::new(),
                })
                .collect(),
            ..Default::default()
        };
        // 3 would look like the default.
        let mut counts = [
            None,
            Some(0),
            Some([1, 2, 4, 5][generator.usize(0..4)]),
            Some(TOO_MANY_RESULTS),
        ];
        generator.shuffle(&mut counts);
        let mut peer_sent = vec![(0, ranking.encode_to_vec())];
        let mut answers = 0;
        for ((id, text), max_results) in source.documents(4).await?.into_iter().zip(counts) {
            let request = ClassifyRequest {
                text,
                document_id: id,
                max_results,
                ..Default::default()
            };
            peer_sent.push((answers, request.encode_to_vec()));
            answers += usize::from(!matches!(max_results, Some(0 | TOO_MANY_RESULTS)));
        }
        Ok(Inputs {
            peer_sent,
            ..Inputs::default()
        })
    }
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "nothing-sent",
        seen: |evidence| {
            let shows = !evidence.stopped() && evidence.sent().next().is_none();
            shows.then(String::new)
        },
        usually: "Your program sent the peer no answer. Build a ClassifyResponse and hand its bytes to \
                 `peer.send(...)`: the labels that you return are for the report only.",
    },
    Diagnosis {
        name: "newer-type-unwrapped",
        seen: |evidence| {
            let shows = {
                // The result of `try_from` was unwrapped, or a `match` was taken for complete.
                let unknown_type = |message: &str| {
                    message.contains("UnknownEnumValue") || message.contains("unreachable code")
                };
                evidence.panic().is_some_and(unknown_type)
            };
            shows.then(String::new)
        },
        usually: "Your program panicked on a document type that it has no name for. A newer peer may send one at any \
                 time, so `DocumentType::try_from` gives a Result; its Err holds the number, for `Label::Newer`.",
    },
    Diagnosis {
        name: "unset-taken-for-zero",
        seen: |evidence| {
            let shows = {
                let id = id_with_max_results(evidence, None);
                let no_results = |response: &ClassifyResponse| response.results.is_empty();
                evidence
                    .reported()
                    .any(|line| line.starts_with(&format!("{id}: refused")))
                    || answer_to(evidence, &id).as_ref().is_some_and(no_results)
            };
            shows.then(String::new)
        },
        usually: "You took a max_results that is not set for 0. The accessor `request.max_results()` and \
                 `unwrap_or_default()` both give 0 for None; match on the field itself, which is an `Option<i32>`.",
    },
    Diagnosis {
        name: "zero-taken-for-unset",
        seen: |evidence| {
            let shows = answer_to(evidence, &id_with_max_results(evidence, Some(0))).is_some();
            shows.then(String::new)
        },
        usually: "You answered a request whose max_results is 0. Its bytes hold `20 00`: somebody set it, and the \
                 contract allows 1 to 5. Only None is \"not set\"; refuse Some(0) with `OutOfRange`.",
    },
    Diagnosis {
        name: "too-many-answered",
        seen: |evidence| {
            let shows = {
                answer_to(
                    evidence,
                    &id_with_max_results(evidence, Some(TOO_MANY_RESULTS)),
                )
                .is_some()
            };
            shows.then(String::new)
        },
        usually: "You answered a request whose max_results is 6. The contract allows 1 to 5, so there are two bounds to \
                 check: refuse a number above 5 with `OutOfRange`, as you refuse one below 1.",
    },
    Diagnosis {
        name: "newer-type-hidden",
        seen: |evidence| {
            let shows = {
                !evidence.stopped()
                    && evidence.sent().next().is_some()
                    && !evidence.reported().any(|line| line.contains("newer type"))
            };
            shows.then(String::new)
        },
        usually: "One of the results has a type with a number above 5, from a newer contract, and you called it \"not \
                 set\". The accessor `document_type()` and `unwrap_or_default()` both hide it as Unspecified. Use \
                 `DocumentType::try_from` on the field, `document_type` without parentheses, and pass the result on \
                 unchanged.",
    },
    Diagnosis {
        name: "unspecified-taken-for-known",
        seen: |evidence| {
            let shows = {
                let name = DocumentType::Unspecified.as_str_name();
                evidence.reported().any(|line| line.contains(name))
            };
            shows.then(String::new)
        },
        usually: "You returned DOCUMENT_TYPE_UNSPECIFIED as a known type. The value 0 of an enum is what a reader gets \
                 when the field is not on the wire at all, so it means \"not set\" and nothing else.",
    },
];

/// The id of the request with this `max_results`.
fn id_with_max_results(evidence: &Evidence<'_>, max_results: Option<i32>) -> String {
    let requests = evidence.peer_sent().skip(1);
    let mut requests = requests.filter_map(|bytes| ClassifyRequest::decode(bytes).ok());
    let found = requests.find(|request| request.max_results == max_results);
    found.map(|request| request.document_id).unwrap_or_default()
}

/// What the program sent for a document.
fn answer_to(evidence: &Evidence<'_>, id: &str) -> Option<ClassifyResponse> {
    let mut sent = evidence
        .sent()
        .filter_map(|bytes| ClassifyResponse::decode(bytes).ok());
    sent.find(|response| response.document_id == id)
}
