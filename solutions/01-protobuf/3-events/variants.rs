//! Other programs for protobuf.3: right ones, known mistakes, mutants.

use std::collections::BTreeMap;

use kit::{Document, Peer};
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
    nothing_sent_1,
    nothing_sent_2,
    kind_missing_1,
    kind_missing_2,
    correlation_id_missing_1,
    correlation_id_missing_2,
    oneof_unwrapped_1,
    oneof_unwrapped_2,
    none_taken_for_a_kind_1,
    none_taken_for_a_kind_2,
    map_taken_as_ordered_1,
    map_taken_as_ordered_2,
    first_result_only_1,
    first_result_only_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
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
        _ => unreachable!("an answer is complete or failed"),
    })
}

fn none_taken_for_a_kind_1(document: Document, peer: &mut Peer) -> Answer {
    Ok(match exchange(&event(document), peer)? {
        Some(EventType::ClassificationComplete(response)) => complete(response),
        Some(EventType::ClassificationFailed(error)) => failed(error),
        _ => Outcome::Failed(String::new(), Vec::new()),
    })
}

fn none_taken_for_a_kind_2(document: Document, peer: &mut Peer) -> Answer {
    let none = EventType::ClassificationComplete(ClassifyResponse::default());
    let kind = exchange(&event(document), peer)?.unwrap_or(none);
    Ok(outcome(Some(kind)))
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

fn mutant_default(_: Document, _: &mut Peer) -> Answer {
    Ok(Outcome::Unknown)
}

fn mutant_error(_: Document, _: &mut Peer) -> Answer {
    // A tag of field 0, which does not exist.
    ClassificationEvent::decode([0].as_slice()).map(|_| Outcome::Unknown)
}

/// Right on the published seed, where the answers are these.
fn mutant_hard_coded(document: Document, peer: &mut Peer) -> Answer {
    let id = document.id.clone();
    exchange(&event(document), peer)?;
    let failed = |code: &str, pairs: &[(&str, &str)]| {
        let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        Outcome::Failed(code.to_owned(), pairs.iter().map(pair).collect())
    };
    let first = [
        ("attempt", "268"),
        ("column", "142"),
        ("limit", "213"),
        ("line", "350"),
        ("page", "467"),
        ("unit", "474"),
    ];
    let third = [
        ("column", "148"),
        ("language", "183"),
        ("line", "29"),
        ("page", "74"),
        ("retry_after_ms", "232"),
        ("unit", "13"),
    ];
    Ok(match id.as_str() {
        "doc-478" => failed("QUOTA_EXCEEDED", &first),
        "doc-378" => Outcome::Complete(["amount", "iban", "due"].map(str::to_owned).to_vec()),
        "doc-465" => failed("PAGE_UNREADABLE", &third),
        _ => Outcome::Unknown,
    })
}

fn mutant_one_more(document: Document, peer: &mut Peer) -> Answer {
    let event = event(document);
    let kind = exchange(&event, peer)?;
    peer.send(event.encode_to_vec());
    Ok(outcome(kind))
}
