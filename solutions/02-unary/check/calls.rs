//! Calls about documents: which there were, and mistakes that show in them.

use std::sync::{Mutex, PoisonError};

use prost::Message;
use proto::classification::v1::{ClassificationResult, ClassifyRequest, ClassifyResponse};
use stage::{Inputs, hop::CLIENT_SERVER};
use tap::{Call, Code, Event, EventKind, Side};

use super::CLASSIFY_METHOD;
use checks::{Evidence, message};

/// A call of [`CLASSIFY_METHOD`] whose request is there as a whole.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Which call of the method it is, as [`tap::CallInfo::nth`].
    pub(crate) nth: usize,
    /// The call's number on its tap.
    pub(crate) call: u32,
    /// The request. `None` where it does not decode.
    pub(crate) request: Option<ClassifyRequest>,
}

/// The calls of [`CLASSIFY_METHOD`] whose requests are there as a whole, in the order in which they began.
pub(crate) fn asked(events: &[Event]) -> Vec<Asked> {
    let begun = events.iter().filter_map(|event| match &event.kind {
        EventKind::Request { path, .. } if path == CLASSIFY_METHOD => Some(event.call),
        _ => None,
    });
    let of_call = |call| events.iter().filter(move |event| event.call == call);
    let asked = begun.zip(1..).filter_map(|(call, nth)| {
        let whole = of_call(call).any(|event| event.kind == EventKind::HalfClose);
        let request = of_call(call).find_map(|event| match &event.kind {
            EventKind::Message { bytes, .. } => ClassifyRequest::decode(bytes.clone()).ok(),
            _ => None,
        });
        whole.then_some(Asked { nth, call, request })
    });
    asked.collect()
}

/// The connections of a run that carried a call, in the order in which each had its first.
#[derive(Debug, Default)]
pub(crate) struct Connections(Mutex<Vec<u32>>);

impl Connections {
    /// The place of a connection that carries a call, from 0. A program that has one for each list, as it should, has the
    /// list's index there, whatever calls it makes; connections that carry nothing do not count.
    pub(crate) fn index(&self, connection: u32) -> usize {
        let mut connections = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = connections.iter().position(|known| *known == connection);
        known.unwrap_or_else(|| {
            connections.push(connection);
            connections.len() - 1
        })
    }
}

/// The answer of a newer server: with every field set, and with a type that this contract does not have. `number`, below
/// 50, decides them.
pub(crate) fn newer_answer(id: &str, number: u64) -> ClassifyResponse {
    let result = ClassificationResult {
        document_type: 6 + number as i32,
        confidence: (40 + number) as f32 / 100.0,
        keywords: vec![format!("newer{number}"), "unknown".to_owned()],
    };
    ClassifyResponse {
        document_id: id.to_owned(),
        results: vec![result],
        model_version: format!("2031.{number}"),
        processing_time_ms: 1_000 + number as i64,
    }
}

/// The index of the document that a call asks about.
pub(crate) fn index_of(inputs: &Inputs, asked: &Asked) -> Option<usize> {
    let request = asked.request.as_ref()?;
    let mut documents = inputs.documents.iter();
    documents.position(|(id, _)| *id == request.document_id)
}

/// Whether a call has ended, whoever ended it.
pub(crate) fn ended(events: &[Event], call: u32) -> bool {
    let ended = |event: &Event| event.call == call && event.kind.ends_call();
    events.iter().any(ended)
}

/// The calls of [`CLASSIFY_METHOD`] with their requests, in the order of the documents that they name, and those about one in
/// the order in which they began. Calls at the same time begin in any order, so what is said of the first would be another
/// thing at each check.
pub(crate) fn requests<'a>(evidence: &Evidence<'a>) -> Vec<(Call<'a>, ClassifyRequest)> {
    let calls = evidence
        .calls_to(CLIENT_SERVER, CLASSIFY_METHOD)
        .into_iter();
    let requests = calls.filter_map(|call| {
        let request = message(&call, Side::Client)?;
        Some((call, request))
    });
    let mut requests: Vec<(Call<'a>, ClassifyRequest)> = requests.collect();
    let documents = &evidence.run.inputs.documents;
    let place = |id: &str| documents.iter().position(|(of, _)| of == id);
    requests.sort_by_key(|(_, request)| place(&request.document_id).unwrap_or(documents.len()));
    requests
}

/// The documents of each list, by their ids.
pub(crate) fn lists<'a>(evidence: &Evidence<'a>, lengths: &[usize]) -> Vec<Vec<&'a str>> {
    let documents = evidence.run.inputs.documents.iter();
    let mut ids = documents.map(|(id, _)| id.as_str());
    let list = |length: &usize| ids.by_ref().take(*length).collect();
    lengths.iter().map(list).collect()
}

/// One document was asked about more than once, with the same text.
pub(crate) fn asked_again(evidence: &Evidence<'_>) -> Option<String> {
    let requests = requests(evidence);
    let same = |one: &ClassifyRequest, other: &ClassifyRequest| {
        (&one.document_id, &one.text) == (&other.document_id, &other.text)
    };
    let times = |request: &ClassifyRequest| {
        let others = requests.iter().filter(|(_, other)| same(request, other));
        others.count()
    };
    // Without an id nobody can tell: two documents may have the same text.
    let mut named = requests
        .iter()
        .filter(|(_, request)| !request.document_id.is_empty());
    let (_, request) = named.find(|(_, request)| times(request) > 1)?;
    let document = &request.document_id;
    let times = match times(request) {
        2 => "twice".to_owned(),
        times => format!("{times} times"),
    };
    Some(format!("{document} was asked about {times}."))
}

/// Two documents of one list were asked about on two connections.
pub(crate) fn on_two_connections(evidence: &Evidence<'_>, lengths: &[usize]) -> Option<String> {
    let requests = requests(evidence);
    let connection = |id: &str| {
        let mut about = requests.iter().filter(|(_, it)| it.document_id == id);
        about.next()?.0.events.first().map(|it| it.connection)
    };
    let lists = lists(evidence, lengths);
    let mut pairs = lists.iter().flat_map(|list| list.windows(2));
    let apart = pairs.find(|pair| match (connection(pair[0]), connection(pair[1])) {
        (Some(one), Some(other)) => one != other,
        _ => false,
    })?;
    Some(format!(
        "{} and {}, which your function got in one list, were asked about on two connections.",
        apart[0], apart[1]
    ))
}

/// A call failed, and no error was returned for the list of its document.
pub(crate) fn failure_hidden(evidence: &Evidence<'_>) -> Option<String> {
    let (id, code) = requests(evidence).into_iter().find_map(|(call, request)| {
        let code = call.status().filter(|code| *code != Code::OK)?;
        let id = request.document_id;
        returned_values(evidence, &id).then_some((id, code))
    })?;
    Some(format!(
        "The call about {id} ended with {code}, and your function returned no error for its list."
    ))
}

/// Whether something was returned in a document's place, and no error for its list: of an error there is a line that
/// begins with all ids of the list.
pub(crate) fn returned_values(evidence: &Evidence<'_>, id: &str) -> bool {
    evidence.reported().any(|line| {
        let value = line
            .strip_prefix(id)
            .and_then(|line| line.strip_prefix(": "));
        value.is_some_and(|value| !value.starts_with("an error"))
    })
}
