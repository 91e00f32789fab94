//! Other programs for protobuf.3: right ones, known mistakes, mutants.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock};

use kit::{Document, Peer};
use prost::encoding::encode_varint;
use prost::{DecodeError, Message};
use proto::classification::v1::classification_event::EventType;
use proto::classification::v1::{
    ClassificationEvent, ClassifyRequest, ClassifyResponse, ErrorEvent,
};

use crate::run::Outcome;

type Answer = Result<Outcome, DecodeError>;

kit::variants! {
    crate::run::events;
    right_tree,
    right_guards,
    right_parts,
    right_by_hand,
    nothing_sent_1,
    nothing_sent_2,
    kind_missing_1,
    kind_missing_2,
    correlation_id_missing_1,
    correlation_id_missing_2,
    oneof_unwrapped_1,
    oneof_unwrapped_2,
    unknown_taken_for_a_kind_1,
    unknown_taken_for_a_kind_2,
    another_kind_sent_1,
    another_kind_sent_2,
    correlation_id_of_another_1,
    correlation_id_of_another_2,
    started_unwrapped_1,
    started_unwrapped_2,
    error_hidden_1,
    error_hidden_2,
    known_taken_for_unknown_1,
    known_taken_for_unknown_2,
    metadata_dropped_1,
    metadata_dropped_2,
    mutant_metadata_dropped,
    shared_keyword_lost_1,
    shared_keyword_lost_2,
    map_taken_as_ordered_1,
    map_taken_as_ordered_2,
    first_result_only_1,
    first_result_only_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
    mutant_message_for_code,
    mutant_two_results,
    mutant_count_set,
    mutant_none_is_an_error,
    mutant_beside_unknown,
}

fn event(document: Document) -> ClassificationEvent {
    let request = ClassifyRequest {
        text: document.text,
        document_id: document.id.clone(),
        ..Default::default()
    };
    ClassificationEvent {
        correlation_id: document.id,
        event_type: Some(EventType::ClassificationStarted(request)),
    }
}

/// Sends an event and decodes its answer.
fn exchange(
    event: &ClassificationEvent,
    peer: &mut Peer,
) -> Result<Option<EventType>, DecodeError> {
    peer.send(event.encode_to_vec());
    Ok(ClassificationEvent::decode(peer.receive().as_slice())?.event_type)
}

fn complete(response: ClassifyResponse) -> Outcome {
    let results = response.results.into_iter();
    Outcome::Complete(results.flat_map(|result| result.keywords).collect())
}

fn failed(error: ErrorEvent) -> Outcome {
    let mut metadata: Vec<_> = error.metadata.into_iter().collect();
    metadata.sort();
    Outcome::Failed(error.code, metadata)
}

fn outcome(event_type: Option<EventType>) -> Outcome {
    match event_type {
        Some(EventType::ClassificationComplete(response)) => complete(response),
        Some(EventType::ClassificationFailed(error)) => failed(error),
        Some(EventType::ClassificationStarted(_)) | None => Outcome::Unknown,
    }
}

fn right_tree(document: Document, peer: &mut Peer) -> Answer {
    let mut bytes = Vec::new();
    event(document).encode(&mut bytes).expect("a Vec grows");
    peer.send(bytes);
    let answer = ClassificationEvent::decode(&*peer.receive())?;
    Ok(match answer.event_type {
        Some(EventType::ClassificationFailed(error)) => {
            let sorted: BTreeMap<_, _> = error.metadata.into_iter().collect();
            Outcome::Failed(error.code, sorted.into_iter().collect())
        }
        other => outcome(other),
    })
}

fn right_guards(document: Document, peer: &mut Peer) -> Answer {
    let mut event = ClassificationEvent::default();
    let mut request = ClassifyRequest::default();
    request.text.push_str(&document.text);
    request.document_id.push_str(&document.id);
    event.correlation_id = document.id;
    event
        .event_type
        .replace(EventType::ClassificationStarted(request));
    let Some(kind) = exchange(&event, peer)? else {
        return Ok(Outcome::Unknown);
    };
    if let EventType::ClassificationComplete(response) = kind {
        let mut keywords = Vec::new();
        for result in &response.results {
            keywords.extend(result.keywords.iter().cloned());
        }
        return Ok(Outcome::Complete(keywords));
    }
    if let EventType::ClassificationFailed(error) = kind {
        let mut keys: Vec<_> = error.metadata.keys().cloned().collect();
        keys.sort_unstable();
        let pair = |key: String| (key.clone(), error.metadata[&key].clone());
        let metadata = keys.into_iter().map(pair).collect();
        return Ok(Outcome::Failed(error.code.clone(), metadata));
    }
    Ok(Outcome::Unknown)
}

/// Two halves behind each other are one event.
fn right_parts(document: Document, peer: &mut Peer) -> Answer {
    let whole = event(document);
    let kind = ClassificationEvent {
        event_type: whole.event_type,
        ..Default::default()
    };
    let id = ClassificationEvent {
        correlation_id: whole.correlation_id,
        ..Default::default()
    };
    let mut bytes = id.encode_to_vec();
    kind.encode(&mut bytes).expect("a Vec grows");
    peer.send(bytes);
    let mut answer = ClassificationEvent::default();
    answer.merge(peer.receive().as_slice())?;
    Ok(outcome(answer.event_type))
}

/// The request within the event by hand, its fields the other way round.
fn right_by_hand(document: Document, peer: &mut Peer) -> Answer {
    let field = |tag: u8, content: &[u8]| {
        let mut bytes = vec![tag];
        encode_varint(content.len() as u64, &mut bytes);
        bytes.extend(content);
        bytes
    };
    let id = document.id.as_bytes();
    let request = [field(0x12, id), field(0x0a, document.text.as_bytes())].concat();
    peer.send([field(0x22, id), field(0x0a, &request)].concat());
    let answer = ClassificationEvent::decode(peer.receive().as_slice())?;
    Ok(outcome(answer.event_type))
}

fn nothing_sent_1(document: Document, _: &mut Peer) -> Answer {
    Ok(outcome(event(document).event_type))
}

fn nothing_sent_2(document: Document, _: &mut Peer) -> Answer {
    let bytes = event(document).encode_to_vec();
    let event = ClassificationEvent::decode(bytes.as_slice())?;
    Ok(outcome(event.event_type))
}

fn kind_missing_1(document: Document, peer: &mut Peer) -> Answer {
    let event = ClassificationEvent {
        correlation_id: document.id,
        ..Default::default()
    };
    Ok(outcome(exchange(&event, peer)?))
}

fn kind_missing_2(document: Document, peer: &mut Peer) -> Answer {
    let mut event = event(document);
    event.event_type.take();
    peer.send(event.encode_to_vec());
    let answer = ClassificationEvent::decode(peer.receive().as_slice())?;
    Ok(outcome(answer.event_type))
}

fn correlation_id_missing_1(document: Document, peer: &mut Peer) -> Answer {
    let event = ClassificationEvent {
        event_type: event(document).event_type,
        ..Default::default()
    };
    Ok(outcome(exchange(&event, peer)?))
}

fn correlation_id_missing_2(document: Document, peer: &mut Peer) -> Answer {
    let mut event = event(document);
    event.correlation_id.clear();
    Ok(outcome(exchange(&event, peer)?))
}

fn oneof_unwrapped_1(document: Document, peer: &mut Peer) -> Answer {
    Ok(match exchange(&event(document), peer)?.unwrap() {
        EventType::ClassificationComplete(response) => complete(response),
        EventType::ClassificationFailed(error) => failed(error),
        EventType::ClassificationStarted(_) => Outcome::Unknown,
    })
}

fn oneof_unwrapped_2(document: Document, peer: &mut Peer) -> Answer {
    Ok(match exchange(&event(document), peer)? {
        Some(EventType::ClassificationComplete(response)) => complete(response),
        Some(EventType::ClassificationFailed(error)) => failed(error),
        Some(EventType::ClassificationStarted(_)) => Outcome::Unknown,
        None => unreachable!("an answer has a kind"),
    })
}

fn unknown_taken_for_a_kind_1(document: Document, peer: &mut Peer) -> Answer {
    Ok(match exchange(&event(document), peer)? {
        Some(EventType::ClassificationComplete(response)) => complete(response),
        Some(EventType::ClassificationFailed(error)) => failed(error),
        _ => Outcome::Failed(String::new(), Vec::new()),
    })
}

fn unknown_taken_for_a_kind_2(document: Document, peer: &mut Peer) -> Answer {
    let none = EventType::ClassificationComplete(ClassifyResponse::default());
    let kind = exchange(&event(document), peer)?.unwrap_or(none);
    Ok(outcome(Some(kind)))
}

fn another_kind_sent_1(document: Document, peer: &mut Peer) -> Answer {
    let response = ClassifyResponse {
        document_id: document.id.clone(),
        ..Default::default()
    };
    let event = ClassificationEvent {
        correlation_id: document.id,
        event_type: Some(EventType::ClassificationComplete(response)),
    };
    Ok(outcome(exchange(&event, peer)?))
}

fn another_kind_sent_2(document: Document, peer: &mut Peer) -> Answer {
    let mut event = event(document);
    event.event_type = Some(EventType::ClassificationFailed(ErrorEvent::default()));
    Ok(outcome(exchange(&event, peer)?))
}

/// The id of the first document, kept for all that follow.
fn correlation_id_of_another_1(document: Document, peer: &mut Peer) -> Answer {
    static FIRST: OnceLock<String> = OnceLock::new();
    let mut event = event(document);
    event.correlation_id = FIRST.get_or_init(|| event.correlation_id.clone()).clone();
    Ok(outcome(exchange(&event, peer)?))
}

/// The id of the document before.
fn correlation_id_of_another_2(document: Document, peer: &mut Peer) -> Answer {
    static LAST: Mutex<Option<String>> = Mutex::new(None);
    let mut event = event(document);
    let own = event.correlation_id.clone();
    let last = LAST.lock().expect("nobody panics").replace(own.clone());
    event.correlation_id = last.unwrap_or(own);
    Ok(outcome(exchange(&event, peer)?))
}

fn started_unwrapped_1(document: Document, peer: &mut Peer) -> Answer {
    Ok(match exchange(&event(document), peer)? {
        Some(EventType::ClassificationStarted(_)) => panic!("that is no answer"),
        other => outcome(other),
    })
}

fn started_unwrapped_2(document: Document, peer: &mut Peer) -> Answer {
    let Some(kind) = exchange(&event(document), peer)? else {
        return Ok(Outcome::Unknown);
    };
    Ok(match kind {
        EventType::ClassificationComplete(response) => complete(response),
        EventType::ClassificationFailed(error) => failed(error),
        EventType::ClassificationStarted(_) => unreachable!(),
    })
}

fn error_hidden_1(document: Document, peer: &mut Peer) -> Answer {
    Ok(outcome(
        exchange(&event(document), peer).unwrap_or_default(),
    ))
}

fn error_hidden_2(document: Document, peer: &mut Peer) -> Answer {
    peer.send(event(document).encode_to_vec());
    let mut answer = ClassificationEvent::default();
    let _ = answer.merge(peer.receive().as_slice());
    Ok(outcome(answer.event_type))
}

fn shared_keyword_lost_1(document: Document, peer: &mut Peer) -> Answer {
    Ok(match outcome(exchange(&event(document), peer)?) {
        Outcome::Complete(keywords) => {
            let mut seen = BTreeSet::new();
            let once = |keyword: &String| seen.insert(keyword.clone());
            Outcome::Complete(keywords.into_iter().filter(once).collect())
        }
        other => other,
    })
}

fn shared_keyword_lost_2(document: Document, peer: &mut Peer) -> Answer {
    Ok(match outcome(exchange(&event(document), peer)?) {
        Outcome::Complete(keywords) => {
            let mut all = Vec::new();
            for keyword in keywords {
                if !all.contains(&keyword) {
                    all.push(keyword);
                }
            }
            Outcome::Complete(all)
        }
        other => other,
    })
}

fn map_taken_as_ordered_1(document: Document, peer: &mut Peer) -> Answer {
    Ok(match exchange(&event(document), peer)? {
        Some(EventType::ClassificationFailed(error)) => {
            Outcome::Failed(error.code, error.metadata.into_iter().collect())
        }
        other => outcome(other),
    })
}

fn map_taken_as_ordered_2(document: Document, peer: &mut Peer) -> Answer {
    Ok(match exchange(&event(document), peer)? {
        Some(EventType::ClassificationFailed(error)) => {
            let mut metadata = Vec::new();
            for (key, value) in &error.metadata {
                metadata.insert(0, (key.clone(), value.clone()));
            }
            Outcome::Failed(error.code, metadata)
        }
        other => outcome(other),
    })
}

fn first_result_only_1(document: Document, peer: &mut Peer) -> Answer {
    Ok(match exchange(&event(document), peer)? {
        Some(EventType::ClassificationComplete(response)) => {
            Outcome::Complete(response.results[0].keywords.clone())
        }
        other => outcome(other),
    })
}

fn first_result_only_2(document: Document, peer: &mut Peer) -> Answer {
    Ok(match exchange(&event(document), peer)? {
        Some(EventType::ClassificationComplete(response)) => {
            let best = response.results.into_iter().next();
            Outcome::Complete(best.unwrap_or_default().keywords)
        }
        other => outcome(other),
    })
}

fn known_taken_for_unknown_1(document: Document, peer: &mut Peer) -> Answer {
    Ok(match outcome(exchange(&event(document), peer)?) {
        Outcome::Complete(keywords) if keywords.is_empty() => Outcome::Unknown,
        other => other,
    })
}

fn known_taken_for_unknown_2(document: Document, peer: &mut Peer) -> Answer {
    Ok(match exchange(&event(document), peer)? {
        Some(EventType::ClassificationComplete(response)) if response.results.is_empty() => {
            Outcome::Unknown
        }
        other => outcome(other),
    })
}

fn metadata_dropped_1(document: Document, peer: &mut Peer) -> Answer {
    with_some_metadata(document, peer, |_, value| !value.is_empty())
}

fn metadata_dropped_2(document: Document, peer: &mut Peer) -> Answer {
    with_some_metadata(document, peer, |key, _| !key.is_empty())
}

fn mutant_metadata_dropped(document: Document, peer: &mut Peer) -> Answer {
    with_some_metadata(document, peer, |key, value| {
        !key.is_empty() && !value.is_empty()
    })
}

fn with_some_metadata(
    document: Document,
    peer: &mut Peer,
    keep: impl Fn(&str, &str) -> bool,
) -> Answer {
    Ok(match exchange(&event(document), peer)? {
        Some(EventType::ClassificationFailed(mut error)) => {
            error.metadata.retain(|key, value| keep(key, value));
            failed(error)
        }
        other => outcome(other),
    })
}

/// Takes whatever does not come out the same when it is written again for a newer kind.
fn mutant_beside_unknown(document: Document, peer: &mut Peer) -> Answer {
    peer.send(event(document).encode_to_vec());
    let bytes = peer.receive();
    let answer = ClassificationEvent::decode(bytes.as_slice())?;
    let same_length = answer.encoded_len() == bytes.len();
    Ok(outcome(answer.event_type.filter(|_| same_length)))
}

fn mutant_default(_: Document, _: &mut Peer) -> Answer {
    Ok(Outcome::Unknown)
}

fn mutant_error(_: Document, _: &mut Peer) -> Answer {
    // A tag of field 0, which does not exist.
    ClassificationEvent::decode([0].as_slice()).map(|_| Outcome::Unknown)
}

/// Right for the one document of the published seed that it knows.
fn mutant_hard_coded(document: Document, peer: &mut Peer) -> Answer {
    let id = document.id.clone();
    exchange(&event(document), peer)?;
    let words = |words: [&str; 3]| Outcome::Complete(words.map(str::to_owned).to_vec());
    Ok(match id.as_str() {
        "doc-378" => words(["notice", "due", "paid"]),
        _ => Outcome::Unknown,
    })
}

fn mutant_one_more(document: Document, peer: &mut Peer) -> Answer {
    let event = event(document);
    let kind = exchange(&event, peer)?;
    peer.send(event.encode_to_vec());
    Ok(outcome(kind))
}

fn mutant_message_for_code(document: Document, peer: &mut Peer) -> Answer {
    Ok(match exchange(&event(document), peer)? {
        Some(EventType::ClassificationFailed(error)) => failed(ErrorEvent {
            code: error.message.clone(),
            ..error
        }),
        other => outcome(other),
    })
}

fn mutant_two_results(document: Document, peer: &mut Peer) -> Answer {
    Ok(match exchange(&event(document), peer)? {
        Some(EventType::ClassificationComplete(mut response)) => {
            response.results.truncate(2);
            complete(response)
        }
        other => outcome(other),
    })
}

fn mutant_count_set(document: Document, peer: &mut Peer) -> Answer {
    let mut event = event(document);
    if let Some(EventType::ClassificationStarted(request)) = &mut event.event_type {
        request.max_results = Some(3);
    }
    Ok(outcome(exchange(&event, peer)?))
}

fn mutant_none_is_an_error(document: Document, peer: &mut Peer) -> Answer {
    let kind = exchange(&event(document), peer)?;
    let Some(kind) = kind else {
        return ClassificationEvent::decode([0].as_slice()).map(|_| Outcome::Unknown);
    };
    Ok(outcome(Some(kind)))
}
