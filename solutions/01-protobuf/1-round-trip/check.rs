//! The peer stamps the request with a model version and sends it back, so that only a program that decodes
//! the answer can know the version.

use anyhow::Result;
use prost::Message;
use prost::encoding::decode_varint;
use proto::classification::v1::ClassifyRequest;
use stage::{Inputs, Peer, Scenario, Source, Stage, View};
use tap::Side;

use checks::{Diagnosis, Evidence};

/// The scenario.
pub(crate) struct RoundTrip;

#[stage::async_trait]
impl Scenario for RoundTrip {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    fn view(&self, _: Side, _: usize) -> View {
        View::Bytes("classification.v1.ClassifyRequest")
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut inputs = Inputs {
            documents: source.documents(1).await?,
            ..Inputs::default()
        };
        let version = format!("2026.{}", 1 + source.seed.draw(2, 12));
        inputs.settings.insert(VERSION_SETTING.to_owned(), version);
        Ok(inputs)
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let Some(bytes) = stage.next_message().await else {
            return Ok(());
        };
        // Bytes that are not a request get an empty message, which decodes to a request with nothing set.
        let answer = ClassifyRequest::decode(bytes.as_slice()).map(|mut request| {
            request.model_version = inputs.settings[VERSION_SETTING].clone();
            request.encode_to_vec()
        });
        stage.send(answer.unwrap_or_default()).await;
        Ok(())
    }
}

/// The setting with the version that the peer stamps. The exercise's function never sees the settings.
const VERSION_SETTING: &str = "stamp";

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "nothing-sent",
        seen: |evidence| {
            let shows = !evidence.stopped() && evidence.sent().next().is_none();
            shows.then(String::new)
        },
        usually: "No bytes reached the peer. Encode the request with its method `encode_to_vec` and hand the bytes to \
                 `peer.send(...)`. Only then call `peer.receive()`: the peer answers what you sent, and waits for it.",
    },
    Diagnosis {
        name: "length-in-front",
        seen: |evidence| {
            let shows = first(evidence).is_some_and(begins_with_its_length);
            shows.then(String::new)
        },
        usually: "Your bytes begin with the length of the message. `encode_length_delimited` is for several messages in \
                 one stream of bytes; one message alone is written with `encode` or `encode_to_vec`.",
    },
    Diagnosis {
        name: "answer-not-decoded",
        seen: |evidence| {
            let shows = {
                sent_request(evidence).is_some()
                    && evidence.reported().any(|line| line == "model_version: ")
            };
            shows.then(String::new)
        },
        usually: "The request that you returned has no model_version, and the peer's has one: it looks as if you \
                 returned your own request. Decode the bytes that `peer.receive()` gives you.",
    },
    Diagnosis {
        name: "fields-swapped",
        seen: |evidence| {
            let shows = {
                let documents = &evidence.run.inputs.documents;
                sent_request(evidence).is_some_and(|request| {
                    let swapped = |(id, text): &(String, String)| {
                        request.text == *id && request.document_id == *text
                    };
                    documents.iter().any(swapped)
                })
            };
            shows.then(String::new)
        },
        usually: "The document's id is in field 1, and its text in field 2: they changed places. Both are a `String`, \
                 so the compiler cannot tell. `text` is field 1, `document_id` is field 2.",
    },
    Diagnosis {
        name: "result-count-missing",
        seen: |evidence| {
            let shows =
                { sent_request(evidence).is_some_and(|request| request.max_results.is_none()) };
            shows.then(String::new)
        },
        usually: "There is no field 4 in your bytes. `max_results` is `optional` in the contract, so in Rust it is an \
                 `Option<i32>`: `None` is not written at all, `Some(3)` is.",
    },
    Diagnosis {
        name: "id-missing",
        seen: |evidence| {
            let shows =
                { sent_request(evidence).is_some_and(|request| request.document_id.is_empty()) };
            shows.then(String::new)
        },
        usually: "There is no field 2 in your bytes. A string that is empty is not written, so a field that you leave \
                 to `..Default::default()` is simply not there. Set `document_id`.",
    },
];

fn begins_with_its_length(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    decode_varint(&mut rest).is_ok_and(|length| length == rest.len() as u64)
}

fn first<'a>(evidence: &Evidence<'a>) -> Option<&'a [u8]> {
    evidence.sent().next()
}

fn sent_request(evidence: &Evidence<'_>) -> Option<ClassifyRequest> {
    ClassifyRequest::decode(first(evidence)?).ok()
}
