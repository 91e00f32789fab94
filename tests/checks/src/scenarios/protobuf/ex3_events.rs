//! protobuf.3: four documents, and one event for each: a classification, two failures, and a kind that only a newer
//! contract knows. The failures have so many entries in their maps that no chance puts them into order.

use anyhow::Result;
use prost::Message;
use proto::classification::v1::classification_event::EventType;
use proto::classification::v1::{
    ClassificationEvent, ClassificationResult, ClassifyResponse, ErrorEvent,
};
use tap::Side;

use crate::diagnosis::{Diagnosis, Evidence};
use crate::inputs::Source;
use crate::scenario::{Form, Inputs, Peer, Scenario};
use crate::stage::Stage;

/// The scenario.
pub(crate) struct Events;

/// How many entries a failure's map has: a right order by chance is one in 720, and there are two failures.
const ENTRIES: usize = 6;

/// A message of a kind that no contract here has, as field 5 of an event: some progress.
const NEWER_KIND: [u8; 4] = [0x2a, 2, 0x08, 40];

#[tonic::async_trait]
impl Scenario for Events {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    fn form(&self, _: Side, _: usize) -> Form {
        Form::Bytes("classification.v1.ClassificationEvent")
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut generator = source.seed.generator(30);
        let documents = source.documents(4).await?;
        let mut codes = ["LANGUAGE_UNKNOWN", "PAGE_UNREADABLE", "QUOTA_EXCEEDED"];
        generator.shuffle(&mut codes);
        let mut kinds = [
            Some(complete(&mut generator)),
            Some(failed(codes[0], &mut generator)),
            Some(failed(codes[1], &mut generator)),
            None,
        ];
        generator.shuffle(&mut kinds);
        let events = documents.iter().zip(kinds).map(|((id, _), event_type)| {
            let newer = event_type.is_none();
            let event = ClassificationEvent {
                correlation_id: id.clone(),
                event_type,
            };
            let mut bytes = event.encode_to_vec();
            if newer {
                bytes.extend(NEWER_KIND);
            }
            bytes
        });
        Ok(Inputs {
            given: events.enumerate().collect(),
            documents,
            ..Inputs::default()
        })
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        for (_, event) in &inputs.given {
            // Whatever it is that was sent: the answers are to the documents in their order.
            if stage.sent().await.is_none() {
                break;
            }
            stage.give(event.clone()).await;
        }
        Ok(())
    }
}

fn complete(generator: &mut fastrand::Rng) -> EventType {
    let mut words = ["amount", "due", "iban", "paid", "total", "vat"];
    generator.shuffle(&mut words);
    let mut types = [1, 2, 3, 4, 5];
    generator.shuffle(&mut types);
    let result = |document_type, confidence, words: &[&str]| ClassificationResult {
        document_type,
        confidence,
        keywords: words.iter().map(|&word| word.to_owned()).collect(),
    };
    EventType::ClassificationComplete(ClassifyResponse {
        results: vec![
            result(types[0], 0.81, &words[..2]),
            result(types[1], 0.12, &words[2..3]),
        ],
        ..Default::default()
    })
}

fn failed(code: &str, generator: &mut fastrand::Rng) -> EventType {
    let mut keys = [
        "attempt",
        "column",
        "language",
        "limit",
        "line",
        "page",
        "retry_after_ms",
        "unit",
    ];
    generator.shuffle(&mut keys);
    let entries = keys[..ENTRIES].iter();
    EventType::ClassificationFailed(ErrorEvent {
        code: code.to_owned(),
        metadata: entries
            .map(|&key| (key.to_owned(), generator.u32(1..500).to_string()))
            .collect(),
        ..Default::default()
    })
}

pub(crate) const EVENTS: &[Diagnosis] = &[
    Diagnosis {
        name: "nothing-sent",
        shows: |evidence| evidence.sent().next().is_none(),
        advice: "Your program sent the peer nothing, so nothing answers. Encode a ClassificationEvent, hand its bytes to \
                 `peer.send(...)`, and only then call `peer.receive()`.",
    },
    Diagnosis {
        name: "kind-missing",
        shows: |evidence| events(evidence).any(|event| event.event_type.is_none()),
        advice: "An event that you sent has no kind: none of the fields 1 to 3 is in its bytes. The kind is an enum in an \
                 Option: `event_type: Some(EventType::ClassificationStarted(request))`.",
    },
    Diagnosis {
        name: "correlation-id-missing",
        shows: |evidence| events(evidence).any(|event| event.correlation_id.is_empty()),
        advice: "An event that you sent has no field 4. Answers are told apart by their `correlation_id`: set it to the \
                 document's id.",
    },
    Diagnosis {
        name: "oneof-unwrapped",
        shows: |evidence| evidence.panicked(),
        advice: "Your program panicked on an event whose `event_type` is None. That is no broken event: it holds a kind that \
                 only a newer contract knows (field 5 in the transcript). Match None like the other cases.",
    },
    Diagnosis {
        name: "none-taken-for-a-kind",
        shows: |evidence| {
            let none = given(evidence).find(|event| event.event_type.is_none());
            let id = none.map(|event| event.correlation_id).unwrap_or_default();
            let line = reported(evidence, &id);
            line.is_some_and(|line| line != "unknown kind")
        },
        advice: "You took an event whose `event_type` is None for a classification or a failure. It is neither, as far as \
                 this program can tell: `None => Outcome::Unknown`.",
    },
    Diagnosis {
        name: "map-taken-as-ordered",
        shows: |evidence| {
            given(evidence).any(|event| {
                let Some(EventType::ClassificationFailed(error)) = event.event_type else {
                    return false;
                };
                let mut pairs: Vec<_> = error
                    .metadata
                    .iter()
                    .map(|(key, value)| format!("{key}={value}"))
                    .collect();
                pairs.sort();
                let line = reported(evidence, &event.correlation_id).unwrap_or_default();
                let mut own: Vec<_> = line.split(' ').skip(1).collect();
                let unsorted = own != pairs;
                own.sort();
                unsorted && own == pairs
            })
        },
        advice: "You returned the metadata of a failure in the order in which the map gave it. A map has none: not on the \
                 wire, and not in a `HashMap`, which gives another one at every run. Collect it and sort it.",
    },
    Diagnosis {
        name: "first-result-only",
        shows: |evidence| {
            given(evidence).any(|event| {
                let Some(EventType::ClassificationComplete(response)) = event.event_type else {
                    return false;
                };
                let first = response.results[0].keywords.join(" ");
                reported(evidence, &event.correlation_id)
                    .is_some_and(|line| line == format!("complete, {first}"))
            })
        },
        advice: "You returned the keywords of the first result only. `results` is repeated, and so are the `keywords` in \
                 each of them: `flat_map` joins them.",
    },
];

fn events(evidence: &Evidence<'_>) -> impl Iterator<Item = ClassificationEvent> {
    let sent = evidence.sent();
    sent.filter_map(|bytes| ClassificationEvent::decode(bytes).ok())
}

fn given(evidence: &Evidence<'_>) -> impl Iterator<Item = ClassificationEvent> {
    let given = evidence.given();
    given.filter_map(|bytes| ClassificationEvent::decode(bytes).ok())
}

/// What was reported of a document.
fn reported<'a>(evidence: &Evidence<'a>, id: &str) -> Option<&'a str> {
    let mut lines = evidence.reported();
    lines.find_map(|line| line.strip_prefix(id)?.strip_prefix(": "))
}
