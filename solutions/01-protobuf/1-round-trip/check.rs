//! The peer stamps each request with a model version and sends it back, so that only a program that decodes the answer
//! can know the version. It writes its fields in another order, and with more than this program knows; one answer is
//! cut off, and one has no bytes at all.

use anyhow::Result;
use prost::Message;
use prost::encoding::decode_varint;
use proto::classification::v1::ClassifyRequest;
use stage::{Inputs, Peer, Scenario, Source, Stage, State, View};
use tap::Side;

use checks::{Diagnosis, Evidence};

/// The scenario.
pub(crate) struct RoundTrip;

/// What the peer answers to each document, in their order.
struct Answers(Vec<Answer>);

/// What one answer has, besides what was asked.
#[derive(Clone)]
enum Answer {
    /// The request as it came, with a stamp.
    Stamped { model_version: String },
    /// A request with every field set, and one that this contract does not have.
    Newer(ClassifyRequest),
    /// The request as it came: no field is added, and `max_results` is taken out.
    Unset,
    /// No bytes at all, which is a whole message: each field has its default.
    Empty,
    /// Its last byte is missing, so that a text is longer than what is left.
    CutOff { model_version: String },
}

/// Field 15, which no contract here has, as a number.
const NEWER_FIELD: [u8; 2] = [0x78, 7];

/// A text whose length is a varint of three bytes.
const LONG_CHARACTERS: usize = 16_500;

#[stage::async_trait]
impl Scenario for RoundTrip {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    fn view(&self, _: Side, _: usize) -> View {
        View::EachOnce("classification.v1.ClassifyRequest")
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut generator = source.seed.generator(2);
        let mut documents = source.documents(5).await?;
        // Lengths of one, two and three bytes, in characters of one byte and of several. The first is as it is.
        let word = ["h\u{e9}las", "na\u{ef}ve", "\u{20ac} 12"][generator.usize(0..3)];
        documents[1].1 = format!("{word} {}", generator.u32(100..1000));
        let long = format!("{word} ");
        documents[2].1 = long.repeat(LONG_CHARACTERS / long.chars().count() + 1);
        let mut version = || format!("2026.{}", generator.u32(1..100));
        let mut answers = vec![
            Answer::Newer(ClassifyRequest {
                // A byte that is also the tag of field 3: who searches for it finds the text.
                text: format!("\u{1a}\u{6}{word}"),
                document_id: format!("copy of {}", documents[1].0),
                model_version: version(),
                max_results: Some(-7),
                include_keywords: Some(false),
            }),
            Answer::Unset,
            Answer::Empty,
            Answer::CutOff {
                model_version: version(),
            },
        ];
        let model_version = version();
        generator.shuffle(&mut answers);
        // The first is the one that the book shows.
        answers.insert(0, Answer::Stamped { model_version });
        Ok(Inputs {
            documents,
            state: State::new(Answers(answers)),
            ..Inputs::default()
        })
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        for answer in &inputs.state::<Answers>()?.0 {
            let Some(bytes) = stage.next_message().await else {
                break;
            };
            // Bytes that are not a request get an empty message, which decodes to a request with nothing set.
            let request = ClassifyRequest::decode(bytes.as_slice());
            let answer = request.map(|request| answer.bytes(request));
            stage.send(answer.unwrap_or_default()).await;
        }
        Ok(())
    }
}

impl Answer {
    fn bytes(&self, request: ClassifyRequest) -> Vec<u8> {
        match self {
            Self::Stamped { model_version } => ClassifyRequest {
                model_version: model_version.clone(),
                ..request
            }
            .encode_to_vec(),
            Self::Newer(newer) => {
                let late = ClassifyRequest {
                    text: newer.text.clone(),
                    document_id: newer.document_id.clone(),
                    ..Default::default()
                };
                let early = ClassifyRequest {
                    text: String::new(),
                    document_id: String::new(),
                    ..newer.clone()
                };
                // Two messages behind each other are one: the fields of both, in this order.
                [
                    &early.encode_to_vec()[..],
                    &NEWER_FIELD,
                    &late.encode_to_vec(),
                ]
                .concat()
            }
            Self::Unset => ClassifyRequest {
                max_results: None,
                ..request
            }
            .encode_to_vec(),
            Self::Empty => Vec::new(),
            Self::CutOff { model_version } => {
                let stamp = ClassifyRequest {
                    model_version: model_version.clone(),
                    ..Default::default()
                };
                let mut bytes = [request.encode_to_vec(), stamp.encode_to_vec()].concat();
                bytes.pop();
                bytes
            }
        }
    }
}

/// In the order of the transcript: what was sent, then what was returned.
pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "nothing-sent",
        seen: |evidence| {
            let shows = !evidence.stopped() && evidence.sent().next().is_none();
            shows.then(|| "No bytes reached the peer.".to_owned())
        },
        usually: "Usually the request was made and not sent, or `peer.receive()` was called first: the peer answers \
                  only what it gets. Pass the bytes of `encode_to_vec` to `peer.send(...)`.",
    },
    Diagnosis {
        name: "empty-answer-not-taken",
        seen: |evidence| {
            let answers: Vec<_> = evidence.peer_sent().collect();
            let returned = evidence.reported().count();
            let shows = evidence.did_not_finish()
                && first_wrong_of(evidence, answers.len()).is_none()
                && returned + 1 == answers.len()
                && answers.last()?.is_empty();
            let (id, _) = evidence.run.inputs.documents.get(returned)?;
            shows.then(|| {
                format!("The peer answered {id} with 0 bytes, and your function did not return.")
            })
        },
        usually: "Usually the answer was taken for one that has not come yet, and `peer.receive()` was called again. A message \
                 in which every field has its default has no bytes: decode it like the others.",
    },
    Diagnosis {
        name: "length-in-front",
        seen: |evidence| {
            let bytes = first_wrong(evidence)?.1?;
            let length = begins_with_its_length(bytes)?;
            Some(format!(
                "Your {} bytes begin with the number {length}, which is the length of what follows it.",
                bytes.len()
            ))
        },
        usually: "`encode_length_delimited` writes the length in front. It is for several messages in one stream of \
                 bytes. One message alone is written with `encode` or `encode_to_vec`.",
    },
    Diagnosis {
        name: "not-a-request",
        seen: |evidence| {
            let bytes = first_wrong(evidence)?.1?;
            let error = ClassifyRequest::decode(bytes).err()?;
            Some(format!(
                "The {} bytes that you sent do not decode as a ClassifyRequest: {error}.",
                bytes.len()
            ))
        },
        usually: "Usually the text itself was sent, or bytes that were put together by hand. `encode_to_vec`, a \
                  method of every message, writes them.",
    },
    Diagnosis {
        name: "encoded-twice",
        seen: |evidence| {
            let ((_, text), bytes) = first_wrong(evidence)?;
            let bytes = bytes?;
            let (half, rest) = bytes.split_at(bytes.len() / 2);
            let shows = half == rest && !text.is_empty() && ClassifyRequest::decode(half).is_ok();
            shows.then(|| {
                format!(
                    "The {} bytes that you sent are one message twice.",
                    bytes.len()
                )
            })
        },
        usually: "Usually the message was encoded into a buffer that had it already: `encode` appends, so a buffer \
                  that is used again must be cleared first.",
    },
    Diagnosis {
        name: "fields-swapped",
        seen: |evidence| {
            let ((id, text), _) = first_wrong(evidence)?;
            let request = wrong_request(evidence)?;
            let shows = request.text == *id && request.document_id == *text;
            shows.then(|| format!("The id {id:?} is in field 1, `text`, and the text is in field 2, `document_id`."))
        },
        usually: "Both are a `String`, so the compiler cannot tell them apart. `text` is field 1, `document_id` is \
                 field 2.",
    },
    Diagnosis {
        name: "result-count-missing",
        seen: |evidence| {
            let request = wrong_request(evidence)?;
            let id = &first_wrong(evidence)?.0.0;
            let shows = request.max_results.is_none();
            shows.then(|| {
                format!("There is no field 4, `max_results`, in the bytes that you sent for {id}.")
            })
        },
        usually: "`max_results` is `optional` in the contract, so in Rust it is an `Option<i32>`: `None` is not written \
                 at all, `Some(3)` is.",
    },
    Diagnosis {
        name: "id-missing",
        seen: |evidence| {
            let request = wrong_request(evidence)?;
            let id = &first_wrong(evidence)?.0.0;
            let shows = request.document_id.is_empty();
            shows.then(|| {
                format!(
                    "There is no id in field 2, `document_id`, of the bytes that you sent for {id}."
                )
            })
        },
        usually: "A string that is empty is not written, so a field that you leave to `..Default::default()` is simply \
                 not there. Set `document_id`.",
    },
    Diagnosis {
        name: "field-not-asked-for",
        seen: |evidence| {
            let request = wrong_request(evidence)?;
            let id = &first_wrong(evidence)?.0.0;
            let field = match (request.include_keywords, request.model_version.as_str()) {
                (Some(value), _) => format!("field 5, `include_keywords`, which is {value}"),
                (None, "") => return None,
                (None, version) => format!("field 3, `model_version`, which is {version:?}"),
            };
            Some(format!("The bytes that you sent for {id} have {field}."))
        },
        usually: "Usually a field was filled in because the compiler wanted a value for it. `None` is not written, and \
                  `Some(false)` is: leave all fields that the task does not name to `..Default::default()`.",
    },
    Diagnosis {
        name: "own-request-returned",
        seen: |evidence| {
            let (id, answer) = first_wrong_report(evidence)?;
            let sent = sent(evidence, id)?;
            let returned_own = reported(evidence, id)? == report(id, &sent);
            let other = answer.is_ok_and(|answer| answer != sent);
            (returned_own && other).then(|| {
                format!("For {id} you returned the request that you sent. The peer's answer to it is another.")
            })
        },
        usually: "Usually the answer was received and not decoded, or your own bytes were decoded. \
                  `ClassifyRequest::decode` wants the bytes that `peer.receive()` gives you.",
    },
    Diagnosis {
        name: "error-hidden",
        seen: |evidence| {
            let (id, answer) = first_wrong_report(evidence)?;
            let error = answer.err()?;
            let returned =
                reported(evidence, id).is_some_and(|line| !line.ends_with(RETURNED_ERROR));
            returned.then(|| {
                format!("The peer's answer to {id} does not decode ({error}), and you returned a request all the same.")
            })
        },
        usually: "Usually the error is dropped: `unwrap_or_default` makes an empty request of it, and `merge` leaves \
                  half a message behind. Return what `decode` returns, or use `?`.",
    },
];

/// How the given part reports an error.
const RETURNED_ERROR: &str = ": returned an error";

type Document = (String, String);

/// The first document for which something else was sent than a right program sends, and what was sent for it.
fn first_wrong<'a>(evidence: &Evidence<'a>) -> Option<(&'a Document, Option<&'a [u8]>)> {
    first_wrong_of(evidence, evidence.run.inputs.documents.len())
}

/// The same of so many documents, from the first.
fn first_wrong_of<'a>(
    evidence: &Evidence<'a>,
    count: usize,
) -> Option<(&'a Document, Option<&'a [u8]>)> {
    let documents = evidence.run.inputs.documents.iter().take(count);
    let mut sent = evidence.sent();
    let mut pairs = documents.map(|document| (document, sent.next()));
    pairs.find(|((id, text), bytes)| {
        let right = |bytes: &[u8]| {
            let request = ClassifyRequest {
                text: text.clone(),
                document_id: id.clone(),
                max_results: Some(3),
                ..Default::default()
            };
            bytes.len() <= request.encoded_len() + 4
                && ClassifyRequest::decode(bytes).as_ref() == Ok(&request)
        };
        !bytes.is_some_and(right)
    })
}

/// The first request that is not right, where it is one at all.
fn wrong_request(evidence: &Evidence<'_>) -> Option<ClassifyRequest> {
    ClassifyRequest::decode(first_wrong(evidence)?.1?).ok()
}

/// The first document whose request was right and whose report is not, and what the peer's answer holds.
fn first_wrong_report<'a>(
    evidence: &Evidence<'a>,
) -> Option<(&'a str, Result<ClassifyRequest, prost::DecodeError>)> {
    let documents = evidence.run.inputs.documents.iter();
    let answers = evidence.peer_sent().map(ClassifyRequest::decode);
    let mut pairs = documents.map(|(id, _)| id.as_str()).zip(answers);
    let wrong = pairs.find(|(id, answer)| {
        let line = reported(evidence, id);
        line.is_some_and(|line| match answer {
            Ok(answer) => line != report(id, answer),
            Err(_) => !line.ends_with(RETURNED_ERROR),
        })
    });
    wrong.filter(|(id, _)| first_wrong(evidence).is_none_or(|((wrong, _), _)| wrong != id))
}

fn sent(evidence: &Evidence<'_>, id: &str) -> Option<ClassifyRequest> {
    let mut requests = evidence
        .sent()
        .filter_map(|bytes| ClassifyRequest::decode(bytes).ok());
    requests.find(|request| request.document_id == id)
}

fn reported<'a>(evidence: &Evidence<'a>, id: &str) -> Option<&'a str> {
    let mut lines = evidence.reported();
    lines.find(|line| line.split_once(": ").is_some_and(|(of, _)| of == id))
}

/// What the given part reports of a request that was returned.
fn report(id: &str, answer: &ClassifyRequest) -> String {
    let max_results = match answer.max_results {
        Some(count) => format!("max_results {count}"),
        None => "max_results not set".to_owned(),
    };
    let version = &answer.model_version;
    let digest = stage::digest(&answer.encode_to_vec());
    format!("{id}: model_version {version:?}, {max_results}, whole {digest}")
}

/// The number that these bytes begin with, where it is the length of all others.
fn begins_with_its_length(bytes: &[u8]) -> Option<u64> {
    let mut rest = bytes;
    let length = decode_varint(&mut rest).ok()?;
    (length == rest.len() as u64 && !rest.is_empty()).then_some(length)
}
