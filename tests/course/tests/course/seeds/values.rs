//! What a run was made of, as values by stable paths: what the program was given, and what its peers sent.
//!
//! A call is named by its document's place and its method, and not by its number: calls that are made at once come in
//! any order. Paths look so:
//!
//! - `documents`, how many there are; `document 2 id`, `document 2 text`
//! - `setting permits`, `setting document 2 deadline_ms`, `hidden document 2`
//! - `peer message 3.max_results`, in a lesson without a network
//! - `document 2 Classify 1 request.max_results`, `Check 1 response.status`, `Rank 1 status`

use std::collections::BTreeMap;
use std::sync::LazyLock;

use checks::Exercise;
use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MapKey, ReflectMessage, Value,
};
use stage::{Inputs, Peer, Run};
use tap::{Call, Code, EventKind, Side};

/// Values by their paths.
pub type Values = BTreeMap<String, String>;

/// A field that is set to how long something took, which no seed decides.
const MEASURED_FIELD: &str = "processing_time_ms";

/// A text with more characters than this is there by their number as well, under its path and `characters`: a bound on
/// its length is a value of its own.
const LONG_CHARACTERS: usize = 1_000;

/// The descriptors of all contracts, as the transcripts are decoded with.
static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
    let mut pool = DescriptorPool::new();
    for set in [proto::FILE_DESCRIPTOR_SET, proto::HEALTH_DESCRIPTOR_SET] {
        let added = pool.decode_file_descriptor_set(set);
        added.expect("the contracts' descriptors are valid");
    }
    pool
});

/// What the run of an exercise was made of. Nothing that the program itself sent is among it.
pub fn values(exercise: &Exercise, run: &Run) -> Values {
    let mut values = Values::new();
    inputs(&run.inputs, &mut values);
    let sent = run.bytes.iter().filter(|(side, _)| *side == Side::Server);
    for (index, (_, bytes)) in sent.enumerate() {
        let name = exercise.scenario.view(Side::Server, index).type_name();
        let path = format!("peer message {}", index + 1);
        message(name, bytes, &path, &mut values);
    }
    let program = match exercise.scenario.peer() {
        Peer::Bytes => "program",
        Peer::Server => "client",
        Peer::Edge => "edge",
    };
    calls(run, program, &mut values);
    values
}

fn inputs(inputs: &Inputs, values: &mut Values) {
    if !inputs.documents.is_empty() {
        values.insert("documents".to_owned(), inputs.documents.len().to_string());
    }
    for (place, (id, text)) in (1..).zip(&inputs.documents) {
        insert_text(format!("document {place} id"), id, values);
        insert_text(format!("document {place} text"), text, values);
    }
    // What is set for one document is named after its place, since its id is another on each seed.
    let named = |name: &str| {
        let documents = (1..).zip(&inputs.documents);
        documents.fold(name.to_owned(), |name, (place, (id, _))| {
            name.replace(id.as_str(), &format!("document {place}"))
        })
    };
    for (name, value) in &inputs.settings {
        insert_text(format!("setting {}", named(name)), value, values);
    }
}

fn calls(run: &Run, program: &str, values: &mut Values) {
    let calls = tap::calls(&run.events);
    let mut documents: Vec<Option<usize>> = Vec::new();
    let mut counts = BTreeMap::new();
    for call in &calls {
        let parent = call.parent.and_then(|parent| documents[parent]);
        let document = document_of(call, &run.inputs).or(parent);
        documents.push(document);
        let method = call.path.rsplit('/').next().unwrap_or_default();
        let name = match document {
            Some(place) => format!("document {place} {method}"),
            None => method.to_owned(),
        };
        let count = counts.entry((call.hop.to, name.clone())).or_insert(0);
        *count += 1;
        let path = format!("{name} {count}");
        if call.hop.from != program {
            if let Some(timeout) = call.timeout {
                values.insert(format!("{path} timeout"), format!("{timeout:?}"));
            }
            metadata(call.metadata, &format!("{path} metadata"), values);
        }
        let mut sent = BTreeMap::new();
        for event in &call.events {
            let from_program = match event.kind.by() {
                Side::Client => call.hop.from == program,
                Side::Server => call.hop.to == program,
            };
            if !from_program {
                event_values(call.path, &event.kind, &path, &mut sent, values);
            }
        }
    }
}

/// The place of the document that a call is about, from 1: the one whose id or text is in what the caller sent.
fn document_of(call: &Call<'_>, inputs: &Inputs) -> Option<usize> {
    let mut said = Values::new();
    for bytes in call.messages(Side::Client).take(1) {
        message(&type_name(call.path, Side::Client)?, bytes, "", &mut said);
    }
    metadata(call.metadata, "", &mut said);
    // A program may have put the text's words together in another way.
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let said: Vec<_> = said.into_values().map(|value| squeezed(&value)).collect();
    let place = |about: &dyn Fn(&(String, String)) -> bool| {
        let place = inputs.documents.iter().position(about);
        place.map(|index| index + 1)
    };
    place(&|(id, _)| said.iter().any(|value| value.contains(id.as_str())))
        .or_else(|| place(&|(_, text)| said.contains(&quoted(&squeezed(text)))))
}

fn event_values(
    call: &str,
    kind: &EventKind,
    path: &str,
    sent: &mut BTreeMap<&'static str, u32>,
    values: &mut Values,
) {
    match kind {
        EventKind::Message { from, bytes, .. } => {
            let what = match from {
                Side::Client => "request",
                Side::Server => "response",
            };
            let count = sent.entry(what).or_default();
            *count += 1;
            let path = match count {
                1 => format!("{path} {what}"),
                count => format!("{path} {what} {count}"),
            };
            let name = type_name(call, *from).unwrap_or_default();
            message(&name, bytes, &path, values);
        }
        EventKind::Response { metadata: pairs } => {
            metadata(pairs, &format!("{path} answered metadata"), values);
        }
        EventKind::Status {
            code,
            message,
            details,
            metadata: pairs,
        } => {
            // That a call succeeds is no value that anybody could write down.
            if *code != Code::OK {
                values.insert(format!("{path} status"), code.to_string());
                insert_text(format!("{path} status.message"), message, values);
                if !details.is_empty() {
                    values.insert(format!("{path} status.details"), format!("{details:?}"));
                }
            }
            metadata(pairs, &format!("{path} answered metadata"), values);
        }
        _ => {}
    }
}

fn metadata(pairs: &[(String, String)], path: &str, values: &mut Values) {
    for (key, value) in pairs {
        insert_text(format!("{path} {key}"), value, values);
    }
}

/// The type of the messages that one side of a call sends.
fn type_name(path: &str, from: Side) -> Option<String> {
    let (service, method) = path.strip_prefix('/')?.split_once('/')?;
    let service = POOL.get_service_by_name(service)?;
    let method = service.methods().find(|known| known.name() == method)?;
    let message = match from {
        Side::Client => method.input(),
        Side::Server => method.output(),
    };
    Some(message.full_name().to_owned())
}

/// The fields of a message, or its bytes where it has no known type or is not of it.
fn message(name: &str, bytes: &[u8], path: &str, values: &mut Values) {
    let decoded = POOL
        .get_message_by_name(name)
        .and_then(|descriptor| DynamicMessage::decode(descriptor, bytes).ok());
    match decoded {
        Some(decoded) => fields(&decoded, path, values),
        None => drop(values.insert(format!("{path} bytes"), format!("{bytes:?}"))),
    }
}

fn fields(message: &DynamicMessage, path: &str, values: &mut Values) {
    let before = values.len();
    for field in message.descriptor().fields() {
        let path = format!("{path}.{}", field.name());
        if field.name() == MEASURED_FIELD {
            continue;
        }
        if message.has_field(&field) {
            value(&field.kind(), &message.get_field(&field), &path, values);
        } else if is_optional(&field) {
            values.insert(path, "unset".to_owned());
        }
    }
    for field in message.unknown_fields() {
        values.insert(
            format!("{path}.unknown {}", field.number()),
            format!("{field:?}"),
        );
    }
    if values.len() == before {
        values.insert(path.to_owned(), "{}".to_owned());
    }
}

/// Whether the contract says `optional`: not set is another value than the default then.
fn is_optional(field: &FieldDescriptor) -> bool {
    let oneof = field.containing_oneof();
    oneof.is_some_and(|oneof| oneof.is_synthetic())
}

fn value(kind: &Kind, it: &Value, path: &str, values: &mut Values) {
    match it {
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                value(kind, item, &format!("{path}[{index}]"), values);
            }
        }
        Value::Map(entries) => {
            let entry = kind.as_message().map(|entry| entry.map_entry_value_field());
            for (key, item) in entries {
                let kind = entry.as_ref().map_or(kind.clone(), FieldDescriptor::kind);
                value(&kind, item, &format!("{path}[{}]", key_text(key)), values);
            }
        }
        Value::Message(message) => fields(message, path, values),
        Value::String(text) => insert_text(path.to_owned(), text, values),
        Value::EnumNumber(number) => {
            let name = kind.as_enum().and_then(|kind| kind.get_value(*number));
            let name = name.map_or(number.to_string(), |value| value.name().to_owned());
            values.insert(path.to_owned(), name);
        }
        Value::Bool(it) => drop(values.insert(path.to_owned(), it.to_string())),
        Value::I32(it) => drop(values.insert(path.to_owned(), it.to_string())),
        Value::I64(it) => drop(values.insert(path.to_owned(), it.to_string())),
        Value::U32(it) => drop(values.insert(path.to_owned(), it.to_string())),
        Value::U64(it) => drop(values.insert(path.to_owned(), it.to_string())),
        Value::F32(it) => drop(values.insert(path.to_owned(), it.to_string())),
        Value::F64(it) => drop(values.insert(path.to_owned(), it.to_string())),
        Value::Bytes(it) => drop(values.insert(path.to_owned(), format!("{it:?}"))),
    }
}

fn key_text(key: &MapKey) -> String {
    match key {
        MapKey::String(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

fn insert_text(path: String, text: &str, values: &mut Values) {
    let characters = text.chars().count();
    if characters > LONG_CHARACTERS {
        values.insert(format!("{path} characters"), characters.to_string());
    }
    values.insert(path, quoted(text));
}

/// A text, told from a number and from a value's name.
fn quoted(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use prost::Message as _;
    use proto::classification::v1::{ClassifyRequest, ErrorEvent};
    use stage::hop::{CLIENT_EDGE, EDGE_HOST};
    use tap::Event;

    use super::*;

    fn shown(values: &Values) -> Vec<String> {
        let shown = values
            .iter()
            .map(|(path, value)| format!("{path} = {value}"));
        shown.collect()
    }

    #[test]
    fn every_field_has_a_path_and_an_optional_one_also_where_it_is_not_set() {
        let mut values = Values::new();
        let request = ClassifyRequest {
            text: "a \"b\"".to_owned(),
            ..Default::default()
        };
        let mut bytes = request.encode_to_vec();
        bytes.extend([0xba, 2, 1, 7]);
        message(
            "classification.v1.ClassifyRequest",
            &bytes,
            "m",
            &mut values,
        );
        let error = ErrorEvent {
            metadata: [("page".to_owned(), "7".to_owned())].into(),
            ..Default::default()
        };
        let bytes = error.encode_to_vec();
        message("classification.v1.ErrorEvent", &bytes, "e", &mut values);
        message("classification.v1.ErrorEvent", &[], "none", &mut values);
        message("classification.v1.ErrorEvent", &[8], "broken", &mut values);
        message("", &[8], "untyped", &mut values);
        let shown = shown(&values);
        assert_eq!(shown[0], "broken bytes = [8]");
        assert_eq!(shown[1], "e.metadata[page] = \"7\"");
        assert_eq!(shown[2], "m.include_keywords = unset");
        assert_eq!(shown[3], "m.max_results = unset");
        assert_eq!(shown[4], "m.text = \"a \\\"b\\\"\"");
        assert!(shown[5].starts_with("m.unknown 39 = "), "{shown:?}");
        assert_eq!(shown[6..], ["none = {}", "untyped bytes = [8]"]);
    }

    #[test]
    fn a_bound_on_the_length_of_a_text_is_a_value() {
        let mut values = Values::new();
        insert_text("short".to_owned(), &"é".repeat(1_000), &mut values);
        assert_eq!(values.len(), 1);
        insert_text("long".to_owned(), &"é".repeat(1_001), &mut values);
        assert_eq!(values["long characters"], "1001");
    }

    /// Two calls of a client for the second document, and one of the edge's for the first of them.
    #[test]
    fn a_call_is_named_by_the_place_of_its_document_and_holds_what_the_program_did_not_send() {
        let inputs = Inputs {
            documents: vec![
                ("doc-7".into(), "one".into()),
                ("doc-3".into(), "two".into()),
            ],
            settings: [("doc-3 limit".to_owned(), "5".to_owned())].into(),
            ..Inputs::default()
        };
        let event = |hop, call, kind| Event {
            seq: 0,
            at: Duration::ZERO,
            hop,
            connection: 1,
            call,
            kind,
        };
        let begin = |hop, call, path: &str| {
            let kind = EventKind::Request {
                path: path.to_owned(),
                metadata: vec![("x-from".to_owned(), hop_name(hop))],
                timeout: None,
            };
            event(hop, call, kind)
        };
        let sent = |hop, call, bytes: Vec<u8>| {
            let kind = EventKind::Message {
                from: Side::Client,
                compressed: false,
                bytes: Bytes::from(bytes),
            };
            event(hop, call, kind)
        };
        let status = |hop, call, code| {
            let kind = EventKind::Status {
                code,
                message: String::new(),
                details: Bytes::new(),
                metadata: Vec::new(),
            };
            event(hop, call, kind)
        };
        let request = ClassifyRequest {
            document_id: "doc-3".to_owned(),
            max_results: Some(2),
            include_keywords: Some(false),
            ..Default::default()
        };
        let request = request.encode_to_vec();
        let classify = "/classification.v1.DocumentClassifier/Classify";
        let mut run = checks::testing::run(Vec::new(), &[]);
        run.inputs = inputs;
        run.events = vec![
            begin(CLIENT_EDGE, 1, classify),
            sent(CLIENT_EDGE, 1, request.clone()),
            begin(EDGE_HOST, 1, "/model.v1.ModelHost/Rank"),
            status(EDGE_HOST, 1, Code::UNAVAILABLE),
            status(CLIENT_EDGE, 1, Code::INTERNAL),
            begin(CLIENT_EDGE, 2, classify),
            sent(CLIENT_EDGE, 2, request),
        ];
        let mut values = Values::new();
        super::inputs(&run.inputs, &mut values);
        calls(&run, "edge", &mut values);
        assert_eq!(
            shown(&values),
            [
                "document 1 id = \"doc-7\"",
                "document 1 text = \"one\"",
                "document 2 Classify 1 metadata x-from = \"client\"",
                "document 2 Classify 1 request.document_id = \"doc-3\"",
                "document 2 Classify 1 request.include_keywords = false",
                "document 2 Classify 1 request.max_results = 2",
                "document 2 Classify 2 metadata x-from = \"client\"",
                "document 2 Classify 2 request.document_id = \"doc-3\"",
                "document 2 Classify 2 request.include_keywords = false",
                "document 2 Classify 2 request.max_results = 2",
                "document 2 Rank 1 status = UNAVAILABLE",
                "document 2 Rank 1 status.message = \"\"",
                "document 2 id = \"doc-3\"",
                "document 2 text = \"two\"",
                "documents = 2",
                "setting document 2 limit = \"5\"",
            ]
        );
    }

    fn hop_name(hop: tap::Hop) -> String {
        hop.from.to_owned()
    }
}
