//! unary.3: an answer under a deadline, one without, and what must be refused.

use anyhow::Result;
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyRequest, ClassifyResponse};
use stage::{
    Inputs, Peer, Scenario, Source, Stage,
    hop::{CLIENT_EDGE, EDGE_HOST},
};
use tap::{Count, Deadline as DeadlineRule, Rules, Side};
use tonic::Request;

use super::{CORRELATION_ID, FAR};
use crate::diagnosis::{Diagnosis, message};

/// unary.3: an answer under a deadline, one without, and what must be refused.
pub(crate) struct EdgeClassify;

/// A text of this many characters is one too long.
const TOO_LONG: usize = 100_001;

#[tonic::async_trait]
impl Scenario for EdgeClassify {
    fn peer(&self) -> Peer {
        Peer::Edge
    }

    fn rules(&self) -> Vec<Rules> {
        vec![
            Rules {
                metadata: &[CORRELATION_ID],
                ..Rules::new(CLIENT_EDGE)
            },
            Rules {
                deadline: DeadlineRule::Shortened,
                connections: Count::AtMost(1),
                ..Rules::new(EDGE_HOST)
            },
        ]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut documents = source.documents(2).await?;
        // Under the limit in characters and over it in bytes. A dash is no word, and three bytes.
        let wide = source
            .documents_made(1, |text| format!("{text}{}", " \u{2014}".repeat(30_000)))
            .await?;
        documents.extend(wide);
        let mut inputs = Inputs {
            documents,
            ..Inputs::default()
        };
        inputs
            .settings
            .insert("model_version".to_owned(), source.model_version().await?);
        let id = format!("edge-{:04}", source.seed.draw(20, 10_000));
        inputs.settings.insert(CORRELATION_ID.to_owned(), id);
        Ok(inputs)
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let mut client = DocumentClassifierClient::new(stage.edge()?);
        let ask = |index: usize| {
            let (id, text) = &inputs.documents[index];
            ClassifyRequest {
                document_id: id.clone(),
                text: text.clone(),
                ..Default::default()
            }
        };
        let mut request = Request::new(ClassifyRequest {
            max_results: Some(2),
            ..ask(0)
        });
        request.set_timeout(FAR);
        request
            .metadata_mut()
            .insert(CORRELATION_ID, inputs.settings[CORRELATION_ID].parse()?);
        // What the edge answers is in the tap's record; here nothing is done with it.
        let _ = client.classify(request).await;
        for request in [
            ask(1),
            ask(2),
            ClassifyRequest {
                text: String::new(),
                ..ask(0)
            },
            ClassifyRequest {
                text: "x".repeat(TOO_LONG),
                ..ask(0)
            },
            ClassifyRequest {
                max_results: Some(0),
                ..ask(0)
            },
            ClassifyRequest {
                model_version: "1999.1".to_owned(),
                ..ask(0)
            },
        ] {
            let _ = client.classify(request).await;
        }
        Ok(())
    }
}

pub(crate) const EDGE_CLASSIFY: &[Diagnosis] = &[
    Diagnosis {
        name: "panic-for-bad-input",
        shows: |evidence| evidence.panicked(),
        advice: "Your handler panicked. tonic does not turn a panic into a status: the caller sees a protocol error, and \
                 cannot tell its own mistake from your crash. Return an `Err(Status)` for what the caller sent.",
    },
    Diagnosis {
        name: "bytes-for-characters",
        shows: |evidence| {
            evidence.calls(CLIENT_EDGE).iter().any(|call| {
                let request: Option<ClassifyRequest> = message(call, Side::Client);
                let text = request.unwrap_or_default().text;
                text.len() >= TOO_LONG
                    && text.chars().count() < TOO_LONG
                    && call.status() == Some(3)
            })
        },
        advice: "You refused a text that is under the limit. `len()` of a string is its bytes in UTF-8; the contract \
                 counts characters: `text.chars().count()`.",
    },
    Diagnosis {
        name: "deadline-not-passed-on",
        shows: |evidence| {
            let calls = evidence.all_calls();
            let parent =
                |call: &tap::Call<'_>| call.parent.and_then(|parent| calls[parent].timeout);
            let forgot = |call: &tap::Call<'_>| parent(call).is_some() && call.timeout.is_none();
            calls
                .iter()
                .any(|call| call.hop == EDGE_HOST && forgot(call))
        },
        advice: "The caller gave you a deadline and you gave the host none: it would work on after everyone has left. \
                 Deadlines do not travel by themselves; set one on the request to the host.",
    },
    Diagnosis {
        name: "deadline-not-shortened",
        shows: |evidence| {
            let calls = evidence.all_calls();
            let parent =
                |call: &tap::Call<'_>| call.parent.and_then(|parent| calls[parent].timeout);
            let copied = |call: &tap::Call<'_>| {
                call.timeout
                    .is_some_and(|own| parent(call).is_some_and(|p| own >= p))
            };
            calls
                .iter()
                .any(|call| call.hop == EDGE_HOST && copied(call))
        },
        advice: "You passed the caller's deadline on as it came. Some of that time is spent already, so the host would \
                 believe that it has longer than the caller waits: subtract `arrived.elapsed()`.",
    },
    Diagnosis {
        name: "not-refused",
        shows: |evidence| {
            evidence.calls(CLIENT_EDGE).iter().any(|call| {
                let request: ClassifyRequest = message(call, Side::Client).unwrap_or_default();
                let bad = request.text.is_empty()
                    || request.text.chars().count() >= TOO_LONG
                    || request.max_results == Some(0)
                    || request.model_version == "1999.1";
                bad && call.status() == Some(0)
            })
        },
        advice: "A request that the contract forbids got an answer. The comments in \
                 proto/classification/v1/classification.proto say what must be refused, and with which code.",
    },
    Diagnosis {
        name: "asked-before-checked",
        shows: |evidence| {
            let calls = evidence.all_calls();
            calls.iter().any(|call| {
                call.hop == EDGE_HOST
                    && call
                        .parent
                        .is_some_and(|parent| matches!(calls[parent].status(), Some(3 | 5)))
            })
        },
        advice: "You asked the host about a request that you then refused. Check first: a bad request should cost no more \
                 than the check.",
    },
    Diagnosis {
        name: "wrong-code",
        shows: |evidence| {
            evidence
                .calls(CLIENT_EDGE)
                .iter()
                .any(|call| !matches!(call.status(), Some(0 | 3 | 5)))
        },
        advice: "A refusal has a code that tells the caller nothing it can act on. INVALID_ARGUMENT: the request is wrong \
                 whatever the state of the system. NOT_FOUND: what it names does not exist.",
    },
    Diagnosis {
        name: "result-count-ignored",
        shows: |evidence| {
            evidence.calls(CLIENT_EDGE).iter().any(|call| {
                let request: ClassifyRequest = message(call, Side::Client).unwrap_or_default();
                let response: ClassifyResponse = message(call, Side::Server).unwrap_or_default();
                let limit = request.max_results.unwrap_or(3);
                i32::try_from(response.results.len()).is_ok_and(|count| count > limit)
            })
        },
        advice: "An answer has more results than were asked for. The host always ranks all labels; the edge keeps the \
                 first `max_results`, and 3 where that is not set.",
    },
    Diagnosis {
        name: "correlation-id-not-echoed",
        shows: |evidence| {
            evidence.calls(CLIENT_EDGE).iter().any(|call| {
                let asked = call.metadata.iter().any(|(key, _)| key == CORRELATION_ID);
                asked
                    && call
                        .answered_metadata()
                        .all(|(key, _)| key != CORRELATION_ID)
            })
        },
        advice: "The call carried x-correlation-id and the answer does not. Insert it into the metadata of the \
                 `Response`, where the caller and every proxy between you can read it.",
    },
];
