//! Documents, and one event for each: classifications with one result, with several, with none, and without keywords;
//! failures with and without metadata, also with an empty key and an empty value; a kind that is no answer, one that only
//! a newer contract knows, known kinds beside a field that only a newer contract knows, and bytes that are no event. The
//! large map has so many entries that they are hardly ever in order by chance.

use anyhow::Result;
use prost::Message;
use proto::classification::v1::classification_event::EventType;
use proto::classification::v1::{
    ClassificationEvent, ClassificationResult, ClassifyRequest, ClassifyResponse, ErrorEvent,
};
use stage::{Inputs, Peer, Scenario, Source, Stage, View};
use tap::Side;

use checks::{Diagnosis, Evidence};

/// The scenario.
pub(crate) struct Events;

/// How many entries a failure's map has: a right order by chance is one in 720, and there are two such failures.
const METADATA_ENTRIES: usize = 6;

/// A message of a kind that no contract here has, as field 5 of an event: some progress.
const NEWER_KIND: [u8; 4] = [0x2a, 2, 0x08, 40];

/// A field that no contract here has, outside of the oneof: the attempt, as a number in field 6.
const NEWER_FIELD: [u8; 2] = [0x30, 2];

/// Field 1 of an event, a message that claims to be longer than all that follows.
const CUT_OFF: [u8; 3] = [0x0a, 0x7f, 0x0a];

#[stage::async_trait]
impl Scenario for Events {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    fn view(&self, _: Side, _: usize) -> View {
        View::EachOnce("classification.v1.ClassificationEvent")
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut generator = source.seed.generator(30);
        let mut codes = [
            "LANGUAGE_UNKNOWN",
            "PAGE_UNREADABLE",
            "QUOTA_EXCEEDED",
            "TOO_LARGE",
        ];
        generator.shuffle(&mut codes);
        // The first four are those that the book shows.
        let mut kinds = vec![
            Kind::Known(complete(&[2, 1], &mut generator)),
            Kind::Known(failed(codes[0], METADATA_ENTRIES, &mut generator)),
            Kind::Known(failed(codes[1], METADATA_ENTRIES, &mut generator)),
            Kind::Newer,
        ];
        generator.shuffle(&mut kinds);
        let mut others = vec![
            Kind::Known(complete(&[3], &mut generator)),
            Kind::Known(complete(&[1, 0, 3, 2], &mut generator)),
            Kind::Known(complete(&[0], &mut generator)),
            Kind::Known(complete(&[], &mut generator)),
            Kind::Behind(complete(&[1, 1], &mut generator)),
            Kind::Known(failed(codes[2], 0, &mut generator)),
            Kind::Known(failed_with_empty(codes[3], &mut generator)),
            Kind::Before(failed(codes[3], 1, &mut generator)),
            Kind::Known(EventType::ClassificationStarted(ClassifyRequest {
                text: "started again".to_owned(),
                ..Default::default()
            })),
            Kind::Nothing,
            Kind::CutOff,
        ];
        generator.shuffle(&mut others);
        kinds.append(&mut others);
        let documents = source.documents(kinds.len()).await?;
        let events = documents.iter().zip(kinds);
        let events = events.map(|((id, _), kind)| kind.bytes(id.clone()));
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

/// What an answer holds.
enum Kind {
    /// A case of the oneof.
    Known(EventType),
    /// A case of the oneof, behind a field that only a newer contract has.
    Behind(EventType),
    /// A case of the oneof, before such a field.
    Before(EventType),
    /// A case that only a newer contract has.
    Newer,
    /// No case at all.
    Nothing,
    /// Bytes that are no event.
    CutOff,
}

impl Kind {
    fn bytes(self, correlation_id: String) -> Vec<u8> {
        let (first, event_type, rest) = match self {
            Self::Known(event_type) => (&[][..], Some(event_type), &[][..]),
            Self::Behind(event_type) => (&NEWER_FIELD[..], Some(event_type), &[][..]),
            Self::Before(event_type) => (&[][..], Some(event_type), &NEWER_FIELD[..]),
            Self::Newer => (&[][..], None, &NEWER_KIND[..]),
            Self::Nothing => (&[][..], None, &[][..]),
            Self::CutOff => (&[][..], None, &CUT_OFF[..]),
        };
        let event = ClassificationEvent {
            correlation_id,
            event_type,
        };
        [first, &event.encode_to_vec(), rest].concat()
    }
}

/// A classification whose results have these numbers of keywords. Of more than two results, the last one begins with a
/// keyword that the first one has as well.
fn complete(keywords: &[usize], generator: &mut fastrand::Rng) -> EventType {
    let mut words = [
        "amount", "due", "iban", "paid", "total", "vat", "clause", "notice",
    ];
    generator.shuffle(&mut words);
    let mut types = [1, 2, 3, 4, 5];
    generator.shuffle(&mut types);
    let mut unused = words.iter();
    let mut last = None;
    let results = keywords.iter().enumerate().map(|(place, &count)| {
        let shared = last.filter(|_| keywords.len() > 2 && place + 1 == keywords.len());
        let rest = unused.by_ref().take(count - usize::from(shared.is_some()));
        let keywords: Vec<_> = shared.into_iter().chain(rest).collect();
        if place == 0 {
            last = keywords.last().copied();
        }
        ClassificationResult {
            document_type: types[place % types.len()],
            confidence: 0.81 / (place + 1) as f32,
            keywords: keywords.into_iter().map(|&word| word.to_owned()).collect(),
        }
    });
    EventType::ClassificationComplete(ClassifyResponse {
        results: results.collect(),
        ..Default::default()
    })
}

/// A failure with this many pairs of metadata.
fn failed(code: &str, entries: usize, generator: &mut fastrand::Rng) -> EventType {
    // Upper case sorts before lower case, as everywhere in Rust.
    let mut keys = [
        "attempt",
        "column",
        "language",
        "limit",
        "Line",
        "page",
        "retry_after_ms",
        "Unit",
    ];
    generator.shuffle(&mut keys);
    EventType::ClassificationFailed(ErrorEvent {
        code: code.to_owned(),
        message: format!("not {code}"),
        metadata: keys[..entries]
            .iter()
            .map(|&key| (key.to_owned(), generator.u32(1..500).to_string()))
            .collect(),
    })
}

/// A failure that has a pair without a value, one without a key, and an ordinary one. A map's entry writes neither.
fn failed_with_empty(code: &str, generator: &mut fastrand::Rng) -> EventType {
    let mut keys = ["flag", "note", "page"];
    generator.shuffle(&mut keys);
    let mut number = || generator.u32(1..500).to_string();
    let pairs = [
        (keys[0], String::new()),
        ("", number()),
        (keys[1], number()),
    ];
    EventType::ClassificationFailed(ErrorEvent {
        code: code.to_owned(),
        message: format!("not {code}"),
        metadata: pairs.map(|(key, value)| (key.to_owned(), value)).into(),
    })
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "nothing-sent",
        seen: |evidence| {
            let shows = !evidence.stopped() && evidence.sent().next().is_none();
            shows.then(|| "Your program sent the peer nothing, so nothing answers.".to_owned())
        },
        usually: "Usually the event was made and not sent, or `peer.receive()` was called first. Encode a \
                  ClassificationEvent, and pass its bytes to `peer.send(...)`.",
    },
    Diagnosis {
        name: "kind-missing",
        seen: |evidence| {
            let (id, event) = first_wrong_event(evidence)?;
            let shows = event.event_type.is_none();
            shows.then(|| format!("The event that you sent for {id} has no kind: none of the fields 1 to 3 is in its bytes."))
        },
        usually: "The kind is an enum in an Option, and each of its cases holds a message: \
                 `Some(EventType::ClassificationStarted(...))`.",
    },
    Diagnosis {
        name: "another-kind-sent",
        seen: |evidence| {
            let (id, event) = first_wrong_event(evidence)?;
            let other = match event.event_type? {
                EventType::ClassificationStarted(_) => return None,
                EventType::ClassificationComplete(_) => "classification_complete",
                EventType::ClassificationFailed(_) => "classification_failed",
            };
            Some(format!("The event that you sent for {id} is a {other}."))
        },
        usually: "A document that is to be classified is sent as `EventType::ClassificationStarted`.",
    },
    Diagnosis {
        name: "correlation-id-missing",
        seen: |evidence| {
            let (id, event) = first_wrong_event(evidence)?;
            let shows = event.correlation_id.is_empty();
            shows.then(|| {
                format!("The event that you sent for {id} has no field 4, `correlation_id`.")
            })
        },
        usually: "Answers are told apart by their `correlation_id`: set it to the document's id.",
    },
    Diagnosis {
        name: "correlation-id-of-another",
        seen: |evidence| {
            let (id, event) = first_wrong_event(evidence)?;
            let other = &event.correlation_id;
            let documents = &evidence.run.inputs.documents;
            let shows = other != id && documents.iter().any(|(known, _)| known == other);
            shows.then(|| {
                format!("The event that you sent for {id} has {other} as its `correlation_id`.")
            })
        },
        usually: "Usually the id was taken once, from the first document, or it is the one of the document before.",
    },
    Diagnosis {
        name: "oneof-unwrapped",
        seen: |evidence| {
            evidence.panic()?;
            let wrong = first_wrong(evidence).filter(|wrong| wrong.line.is_none())?;
            let event = wrong.answer.ok()?;
            event.event_type.is_none().then(|| {
                format!(
                    "Your program panicked on the answer to {}, whose `event_type` is None.",
                    wrong.id
                )
            })
        },
        usually: "The event is not broken: it may hold a kind that only a newer contract knows. Match None like the \
                 other cases.",
    },
    Diagnosis {
        name: "started-unwrapped",
        seen: |evidence| {
            evidence.panic()?;
            let wrong = first_wrong(evidence).filter(|wrong| wrong.line.is_none())?;
            let started = matches!(
                wrong.answer.ok()?.event_type,
                Some(EventType::ClassificationStarted(_))
            );
            started.then(|| {
                format!(
                    "Your program panicked on the answer to {}, a classification_started.",
                    wrong.id
                )
            })
        },
        usually: "It is not an answer, but a peer may send it: `Outcome::Unknown`, as for a kind that you do not \
                  know.",
    },
    Diagnosis {
        name: "unknown-taken-for-a-kind",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let line = wrong.line?;
            let unknown = match wrong.answer.ok()?.event_type {
                None => "has no kind that this contract knows",
                Some(EventType::ClassificationStarted(_)) => "is a classification_started",
                Some(_) => return None,
            };
            Some(format!(
                "The answer to {} {unknown}, and what you returned for it is `{line}`.",
                wrong.id
            ))
        },
        usually: "It is neither a classification nor a failure, as far as this program can tell: `Outcome::Unknown`. \
                  It is not an error either: it did decode.",
    },
    Diagnosis {
        name: "known-taken-for-unknown",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            wrong.line.filter(|line| *line == UNKNOWN)?;
            let known = match wrong.answer.ok()?.event_type? {
                EventType::ClassificationComplete(_) => "classification_complete",
                EventType::ClassificationFailed(_) => "classification_failed",
                EventType::ClassificationStarted(_) => return None,
            };
            Some(format!(
                "The answer to {} is a {known}, and you returned `Outcome::Unknown` for it.",
                wrong.id
            ))
        },
        usually: "Usually something other than the case of `event_type` was looked at. A kind counts also where all its \
                 lists are empty, and where fields stand beside it that only a newer contract knows.",
    },
    Diagnosis {
        name: "metadata-dropped",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let line = wrong.line?;
            let Some(EventType::ClassificationFailed(mut error)) = wrong.answer.ok()?.event_type
            else {
                return None;
            };
            let count = error.metadata.len();
            let without = |error: &ErrorEvent| line == failed_line(error);
            let all = error.clone();
            error.metadata.retain(|_, value| !value.is_empty());
            let mut what = "value";
            if !without(&error) || error == all {
                error = all.clone();
                error.metadata.retain(|key, _| !key.is_empty());
                what = "key";
            }
            if !without(&error) || error == all {
                error = all;
                error
                    .metadata
                    .retain(|key, value| !key.is_empty() && !value.is_empty());
                what = "key or value";
            }
            let left = error.metadata.len();
            (left < count && without(&error)).then(|| {
                format!(
                    "The failure of {} has {count} pairs of metadata, and you returned {left}: none whose {what} is empty.",
                    wrong.id
                )
            })
        },
        usually: "Usually an empty text was taken for a missing one. A pair is in the map also where its key or its value \
                 is the empty text.",
    },
    Diagnosis {
        name: "error-hidden",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let line = wrong.line?;
            let error = wrong.answer.err()?;
            Some(format!(
                "The answer to {} does not decode ({error}), and what you returned for it is `{line}`.",
                wrong.id
            ))
        },
        usually: "`unwrap_or_default` makes an empty event of an error. Return the error: `?` does.",
    },
    Diagnosis {
        name: "map-taken-as-ordered",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let line = wrong.line?;
            let event = wrong.answer.ok()?;
            let in_order = |line: &str| {
                let mut parts: Vec<_> = line.split(' ').map(str::to_owned).collect();
                parts.sort();
                parts
            };
            let failed = matches!(event.event_type, Some(EventType::ClassificationFailed(_)));
            let shows = failed && in_order(line) == in_order(&right(&Ok(event)));
            shows.then(|| format!("The metadata of the failure of {} was returned in another order than that of its keys.", wrong.id))
        },
        usually: "A map has no order, neither on the wire nor in a `HashMap`, which gives another one at every run. \
                 Collect it and sort it, by the keys as they are.",
    },
    Diagnosis {
        name: "first-result-only",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let line = wrong.line?;
            let Some(EventType::ClassificationComplete(mut response)) =
                wrong.answer.ok()?.event_type
            else {
                return None;
            };
            let results = response.results.len();
            response.results.truncate(1);
            (results > 1 && line == complete_line(&response)).then(|| {
                format!(
                    "The classification of {} has {results} results, and the keywords that you returned are those of \
                     the first.",
                    wrong.id
                )
            })
        },
        usually: "`results` is repeated, and so are the `keywords` in each of them: `flat_map` joins them.",
    },
    Diagnosis {
        name: "shared-keyword-lost",
        seen: |evidence| {
            let wrong = first_wrong(evidence)?;
            let line = wrong.line?;
            let Some(EventType::ClassificationComplete(response)) = wrong.answer.ok()?.event_type
            else {
                return None;
            };
            let mut returned = words(line);
            let mut all = words(&complete_line(&response));
            let count = all.len();
            returned.sort();
            all.sort();
            all.dedup();
            (all.len() < count && returned == all).then(|| {
                format!(
                    "A keyword of {} stands in two of its results, and you returned it once.",
                    wrong.id
                )
            })
        },
        usually: "A set, or `dedup`, drops what comes twice. The task wants all keywords as they are.",
    },
];

/// The keywords of a reported line.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').skip(1).step_by(2);
    parts.map(str::to_owned).collect()
}

/// The first answer whose report is wrong or missing.
struct Wrong<'a> {
    id: &'a str,
    answer: Result<ClassificationEvent, prost::DecodeError>,
    line: Option<&'a str>,
}

/// The transcripts differ there first, so the mistake that is named is the one that the screen shows.
fn first_wrong<'a>(evidence: &Evidence<'a>) -> Option<Wrong<'a>> {
    let inputs = &evidence.run.inputs;
    let mut answers = inputs.documents.iter().zip(evidence.peer_sent());
    answers.find_map(|((id, _), bytes)| {
        let answer = ClassificationEvent::decode(bytes);
        let line = reported(evidence, id);
        (line != Some(&right(&answer))).then_some(Wrong { id, answer, line })
    })
}

/// What a right program reports of an answer, after the document's id.
fn right(answer: &Result<ClassificationEvent, prost::DecodeError>) -> String {
    let Ok(event) = answer else {
        return "returned an error".to_owned();
    };
    match &event.event_type {
        Some(EventType::ClassificationComplete(response)) => complete_line(response),
        Some(EventType::ClassificationFailed(error)) => failed_line(error),
        Some(EventType::ClassificationStarted(_)) | None => UNKNOWN.to_owned(),
    }
}

/// How the given part reports a kind that is none of the others.
const UNKNOWN: &str = "unknown kind";

fn failed_line(error: &ErrorEvent) -> String {
    let mut pairs: Vec<_> = error.metadata.iter().collect();
    pairs.sort();
    let pairs = pairs.iter().map(|(key, value)| format!(" {key}={value:?}"));
    format!("failed, {}{}", error.code, pairs.collect::<String>())
}

fn complete_line(response: &ClassifyResponse) -> String {
    let keywords = response.results.iter().flat_map(|result| &result.keywords);
    format!("complete, {:?}", keywords.collect::<Vec<_>>())
}

/// The first event that was sent and is not the one that is due for its document, and that document's id.
fn first_wrong_event<'a>(evidence: &Evidence<'a>) -> Option<(&'a str, ClassificationEvent)> {
    let documents = evidence.run.inputs.documents.iter();
    let mut sent = documents.zip(evidence.sent());
    sent.find_map(|((id, text), bytes)| {
        let due = ClassificationEvent {
            correlation_id: id.clone(),
            event_type: Some(EventType::ClassificationStarted(ClassifyRequest {
                text: text.clone(),
                document_id: id.clone(),
                ..Default::default()
            })),
        };
        let event = ClassificationEvent::decode(bytes).ok()?;
        (event != due).then_some((id.as_str(), event))
    })
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
        let documents = ["doc-1", "doc-2"].map(|id| (id.to_owned(), "text".to_owned()));
        let failed = |id: &str| ClassificationEvent {
            correlation_id: id.to_owned(),
            event_type: Some(failed(
                "QUOTA_EXCEEDED",
                6,
                &mut fastrand::Rng::with_seed(1),
            )),
        };
        let newer = |id: &str| ClassificationEvent {
            correlation_id: id.to_owned(),
            event_type: None,
        };
        let unsorted = |event: &ClassificationEvent| {
            let line = right(&Ok(event.clone()));
            let mut parts: Vec<_> = line.split(' ').collect();
            parts[2..].reverse();
            format!("{}: {}", event.correlation_id, parts.join(" "))
        };
        let of_newer = |id: &str| format!("{id}: complete, []");
        for (events, lines, name) in [
            (
                [failed("doc-1"), newer("doc-2")],
                [unsorted(&failed("doc-1")), of_newer("doc-2")],
                "map-taken-as-ordered",
            ),
            (
                [newer("doc-1"), failed("doc-2")],
                [of_newer("doc-1"), unsorted(&failed("doc-2"))],
                "unknown-taken-for-a-kind",
            ),
        ] {
            let sent = |(id, text): &(String, String)| ClassificationEvent {
                correlation_id: id.clone(),
                event_type: Some(EventType::ClassificationStarted(ClassifyRequest {
                    text: text.clone(),
                    document_id: id.clone(),
                    ..Default::default()
                })),
            };
            let bytes = events.iter().zip(&documents).flat_map(|(event, document)| {
                [
                    (Side::Client, sent(document).encode_to_vec()),
                    (Side::Server, event.encode_to_vec()),
                ]
            });
            let mut run = run(bytes.collect(), &lines);
            run.inputs.documents = documents.to_vec();
            assert_eq!(named(DIAGNOSES, &run), Some(name));
        }
    }
}
