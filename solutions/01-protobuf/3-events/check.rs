//! Four documents, and one event for each: a classification, two failures, and a kind that only a newer
//! contract knows. The failures' maps have so many entries that they are hardly ever in order by chance.

use anyhow::Result;
use prost::Message;
use proto::classification::v1::classification_event::EventType;
use proto::classification::v1::{
    ClassificationEvent, ClassificationResult, ClassifyResponse, ErrorEvent,
};
use stage::{Inputs, Peer, Scenario, Source, Stage, View};
use tap::Side;

use checks::{Diagnosis, Evidence};

/// The scenario.
pub(crate) struct Events;

/// How many entries a failure's map has: a right order by chance is one in 720, and there are two failures.
const METADATA_ENTRIES: usize = 6;

/// A message of a kind that no contract here has, as field 5 of an event: some progress.
const NEWER_KIND: [u8; 4] = [0x2a, 2, 0x08, 40];

#[stage::async_trait]
impl Scenario for Events {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    fn view(&self, _: Side, _: usize) -> View {
        View::Bytes("classification.v1.ClassificationEvent")
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
            peer_sent: events.enumerate().collect(),
            documents,
            ..Inputs::default()
        })
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        for (_, event) in &inputs.peer_sent {
            // The answers follow the order of the documents, whatever the program sent.
            if stage.next_message().await.is_none() {
                break;
            }
            stage.send(event.clone()).await;
        }
        Ok(())
    }
}

fn complete(generator: &mut fastrand::Rng) -> EventType {
    let mut keywords = ["amount", "due", "iban", "paid", "total", "vat"];
    generator.shuffle(&mut keywords);
    let mut types = [1, 2, 3, 4, 5];
    generator.shuffle(&mut types);
    let result = |document_type, confidence, keywords: &[&str]| ClassificationResult {
        document_type,
        confidence,
        keywords: keywords.iter().map(|&keyword| keyword.to_owned()).collect(),
    };
    EventType::ClassificationComplete(ClassifyResponse {
        results: vec![
            result(types[0], 0.81, &keywords[..2]),
            result(types[1], 0.12, &keywords[2..3]),
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
    let entries = keys[..METADATA_ENTRIES].iter();
    EventType::ClassificationFailed(ErrorEvent {
        code: code.to_owned(),
        metadata: entries
            .map(|&key| (key.to_owned(), generator.u32(1..500).to_string()))
            .collect(),
        ..Default::default()
    })
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "nothing-sent",
        seen: |evidence| {
            let shows = !evidence.stopped() && evidence.sent().next().is_none();
            shows.then(String::new)
        },
        usually: "Your program sent the peer nothing, so nothing answers. Encode a ClassificationEvent, hand its bytes \
                 to `peer.send(...)`, and only then call `peer.receive()`.",
    },
    Diagnosis {
        name: "kind-missing",
        seen: |evidence| {
            let shows = events(evidence).any(|event| event.event_type.is_none());
            shows.then(String::new)
        },
        usually: "An event that you sent has no kind: none of the fields 1 to 3 is in its bytes. The kind is an enum in \
                 an Option, and each of its cases holds a message: `Some(EventType::ClassificationStarted(...))`.",
    },
    Diagnosis {
        name: "correlation-id-missing",
        seen: |evidence| {
            let shows = events(evidence).any(|event| event.correlation_id.is_empty());
            shows.then(String::new)
        },
        usually: "An event that you sent has no field 4. Answers are told apart by their `correlation_id`: set it to \
                 the document's id.",
    },
    Diagnosis {
        name: "oneof-unwrapped",
        seen: |evidence| {
            let shows = {
                first_wrong(evidence)
                    .is_some_and(|(event, line)| event.event_type.is_none() && line.is_none())
                    && evidence.panicked()
            };
            shows.then(String::new)
        },
        usually: "Your program panicked on an event whose `event_type` is None. The event is not broken: it holds a \
                 kind that only a newer contract knows (field 5 in the transcript). Match None like the other cases.",
    },
    Diagnosis {
        name: "none-taken-for-a-kind",
        seen: |evidence| {
            let shows = {
                first_wrong(evidence)
                    .is_some_and(|(event, line)| event.event_type.is_none() && line.is_some())
            };
            shows.then(String::new)
        },
        usually: "You took an event whose `event_type` is None for a classification or a failure. It is neither, as far \
                 as this program can tell: `None => Outcome::Unknown`.",
    },
    Diagnosis {
        name: "map-taken-as-ordered",
        seen: |evidence| {
            let shows = {
                let Some((event, Some(line))) = first_wrong(evidence) else {
                    return None;
                };
                let in_order = |line: &str| {
                    let mut parts: Vec<_> = line.split(' ').map(str::to_owned).collect();
                    parts.sort();
                    parts
                };
                let failed = matches!(event.event_type, Some(EventType::ClassificationFailed(_)));
                failed && in_order(line) == in_order(&right(&event))
            };
            shows.then(String::new)
        },
        usually: "You returned the metadata of a failure in the order in which the map gave it. A map has no order, \
                 neither on the wire nor in a `HashMap`, which gives another one at every run. Collect it and sort it.",
    },
    Diagnosis {
        name: "first-result-only",
        seen: |evidence| {
            let shows = {
                let Some((event, Some(line))) = first_wrong(evidence) else {
                    return None;
                };
                let Some(EventType::ClassificationComplete(mut response)) = event.event_type else {
                    return None;
                };
                response.results.truncate(1);
                line == complete_line(&response)
            };
            shows.then(String::new)
        },
        usually: "You returned the keywords of the first result only. `results` is repeated, and so are the `keywords` \
                 in each of them: `flat_map` joins them.",
    },
];

/// The first event whose report is wrong or missing, and the report. The transcripts differ there first, so the mistake
/// that is named is the one that the screen shows.
fn first_wrong<'a>(evidence: &Evidence<'a>) -> Option<(ClassificationEvent, Option<&'a str>)> {
    peer_events(evidence).find_map(|event| {
        let line = reported(evidence, &event.correlation_id);
        (line != Some(&right(&event))).then_some((event, line))
    })
}

/// What a right program reports of an event, after the document's id.
fn right(event: &ClassificationEvent) -> String {
    match &event.event_type {
        Some(EventType::ClassificationComplete(response)) => complete_line(response),
        Some(EventType::ClassificationFailed(error)) => {
            let pairs = error.metadata.iter();
            let mut pairs: Vec<_> = pairs.map(|(key, value)| format!("{key}={value}")).collect();
            pairs.sort();
            format!("{}, {}", error.code, pairs.join(" "))
        }
        Some(EventType::ClassificationStarted(_)) | None => "unknown kind".to_owned(),
    }
}

fn complete_line(response: &ClassifyResponse) -> String {
    let results = response.results.iter();
    let keywords: Vec<_> = results
        .flat_map(|result| &result.keywords)
        .map(String::as_str)
        .collect();
    format!("complete, {}", keywords.join(" "))
}

fn events(evidence: &Evidence<'_>) -> impl Iterator<Item = ClassificationEvent> {
    let sent = evidence.sent();
    sent.filter_map(|bytes| ClassificationEvent::decode(bytes).ok())
}

fn peer_events(evidence: &Evidence<'_>) -> impl Iterator<Item = ClassificationEvent> {
    let peer_sent = evidence.peer_sent();
    peer_sent.filter_map(|bytes| ClassificationEvent::decode(bytes).ok())
}

/// What was reported of a document.
fn reported<'a>(evidence: &Evidence<'a>, id: &str) -> Option<&'a str> {
    let mut lines = evidence.reported();
    lines.find_map(|line| line.strip_prefix(id)?.strip_prefix(": "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use checks::testing::{named, run};

    /// Two mistakes, with the events in either order: the one that the transcript shows first is named.
    #[test]
    fn first_of_two_mistakes_is_named() {
        let failed = |id: &str| ClassificationEvent {
            correlation_id: id.to_owned(),
            event_type: Some(failed("QUOTA_EXCEEDED", &mut fastrand::Rng::with_seed(1))),
        };
        let newer = |id: &str| ClassificationEvent {
            correlation_id: id.to_owned(),
            event_type: None,
        };
        let unsorted = |event: &ClassificationEvent| {
            let line = right(event);
            let (code, pairs) = line.split_once(' ').expect("it has pairs");
            let reversed: Vec<_> = pairs.split(' ').rev().collect();
            format!("{}: {code} {}", event.correlation_id, reversed.join(" "))
        };
        let of_newer = |id: &str| format!("{id}: complete, ");
        for (events, lines, name) in [
            (
                [failed("doc-1"), newer("doc-2")],
                [unsorted(&failed("doc-1")), of_newer("doc-2")],
                "map-taken-as-ordered",
            ),
            (
                [newer("doc-1"), failed("doc-2")],
                [of_newer("doc-1"), unsorted(&failed("doc-2"))],
                "none-taken-for-a-kind",
            ),
        ] {
            let sent = ClassificationEvent {
                correlation_id: "doc".to_owned(),
                event_type: Some(EventType::ClassificationStarted(Default::default())),
            };
            let bytes = events.iter().flat_map(|event| {
                [
                    (Side::Client, sent.encode_to_vec()),
                    (Side::Server, event.encode_to_vec()),
                ]
            });
            let run = run(bytes.collect(), &lines);
            assert_eq!(named(DIAGNOSES, &run), Some(name));
        }
    }
}
