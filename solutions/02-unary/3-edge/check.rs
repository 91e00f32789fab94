//! An answer under a deadline, one without, and what must be refused.

use std::time::Duration;

use anyhow::Result;
use prost::Message;
use proto::classification::v1::{ClassifyRequest, ClassifyResponse};
use proto::model::v1::{RankRequest, RankResponse};
use stage::{
    CallOptions, Inputs, Peer, Scenario, Source, Stage,
    hop::{CLIENT_EDGE, EDGE_HOST},
};
use tap::{Call, Code, Count, Deadline as DeadlineRule, Rules, Side};

use crate::common::{CLASSIFY_METHOD, CORRELATION_ID, FAR_DEADLINE};
use checks::{Diagnosis, Evidence, message};

/// An answer under a deadline, one without, and what must be refused.
pub(crate) struct Edge;

/// A text of this many characters has one too many.
const TOO_LONG_CHARACTERS: usize = 100_001;

#[stage::async_trait]
impl Scenario for Edge {
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
                deadline: DeadlineRule::Left {
                    spent: Duration::ZERO,
                },
                connections: Count::AtMost(1),
                ..Rules::new(EDGE_HOST)
            },
        ]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut documents = source.documents(2).await?;
        // Under the limit in characters and over it in bytes. A dash is three bytes, and not a word.
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
        let client = stage.client()?;
        let ask = |index: usize| {
            let (id, text) = &inputs.documents[index];
            ClassifyRequest {
                document_id: id.clone(),
                text: text.clone(),
                ..Default::default()
            }
        };
        let request = ClassifyRequest {
            max_results: Some(2),
            ..ask(0)
        };
        let options = CallOptions {
            timeout: Some(FAR_DEADLINE),
            metadata: vec![(CORRELATION_ID, inputs.settings[CORRELATION_ID].clone())],
        };
        let call = client.unary(CLASSIFY_METHOD, request.encode_to_vec(), options);
        // The tap records what the edge answers, and nothing else needs it.
        let _ = call.await;
        for request in [
            ask(1),
            ask(2),
            ClassifyRequest {
                text: String::new(),
                ..ask(0)
            },
            ClassifyRequest {
                text: "x".repeat(TOO_LONG_CHARACTERS),
                ..ask(0)
            },
            ClassifyRequest {
                max_results: Some(0),
                ..ask(0)
            },
            ClassifyRequest {
                max_results: Some(6),
                ..ask(0)
            },
            ClassifyRequest {
                model_version: "1999.1".to_owned(),
                ..ask(0)
            },
        ] {
            let request = request.encode_to_vec();
            let call = client.unary(CLASSIFY_METHOD, request, CallOptions::default());
            let _ = call.await;
        }
        Ok(())
    }
}

/// One call of a client, and what the edge made of it.
struct Answered<'a> {
    call: Call<'a>,
    request: ClassifyRequest,
    response: ClassifyResponse,
    /// What the edge asked the host for it.
    asked: Vec<Call<'a>>,
    /// The code that the contract wants.
    code: Code,
}

impl Answered<'_> {
    /// The code of the answer, where it is not the one that the contract wants.
    fn wrong_code(&self) -> Option<Code> {
        self.call.status().filter(|code| *code != self.code)
    }

    /// Whether a good request was answered with OK.
    fn answered(&self) -> bool {
        self.code == Code::OK && self.call.status() == Some(Code::OK)
    }

    fn id(&self) -> Option<&str> {
        let named = |(key, _): &&(String, String)| key == CORRELATION_ID;
        let pair = self.call.metadata.iter().find(named);
        pair.map(|(_, value)| value.as_str())
    }

    fn echoed(&self) -> bool {
        let mut answered = self.call.answered_metadata();
        self.id()
            .is_none_or(|id| answered.any(|(key, value)| key == CORRELATION_ID && value == id))
    }

    fn ranking(&self) -> RankResponse {
        let ranking = self
            .asked
            .first()
            .and_then(|call| message(call, Side::Server));
        ranking.unwrap_or_default()
    }

    fn limit(&self) -> usize {
        usize::try_from(self.request.max_results.unwrap_or(3)).unwrap_or(0)
    }

    /// Whether all is as it should be, as far as the diagnoses look at it.
    fn right(&self) -> bool {
        if self.code != Code::OK {
            return self.asked.is_empty() && self.call.status() == Some(self.code);
        }
        let [asked] = self.asked.as_slice() else {
            return false;
        };
        let request: RankRequest = message(asked, Side::Client).unwrap_or_default();
        let ranking = self.ranking();
        request.text == self.request.text
            && match (self.call.timeout, asked.timeout) {
                (Some(caller), Some(host)) => host < caller,
                (caller, host) => caller == host,
            }
            && self.call.status() == Some(Code::OK)
            && self.echoed()
            && self.response.document_id == self.request.document_id
            && self.response.results.len() == self.limit().min(ranking.scores.len())
            && self.response.model_version == ranking.model_version
    }
}

/// The first call that is not as it should be. The transcripts differ there first, so the mistake that is named is the
/// one that the screen shows.
fn first_wrong<'a>(evidence: &Evidence<'a>) -> Option<Answered<'a>> {
    let all = evidence.all_calls();
    let served = evidence.run.inputs.settings.get("model_version");
    let answered = all
        .iter()
        .enumerate()
        .filter(|(_, call)| call.hop == CLIENT_EDGE);
    let mut answered = answered.map(|(index, call)| {
        let request: ClassifyRequest = message(call, Side::Client).unwrap_or_default();
        let asked = all.iter().filter(|nested| nested.parent == Some(index));
        Answered {
            response: message(call, Side::Server).unwrap_or_default(),
            asked: asked.cloned().collect(),
            code: code(&request, served.map_or("", String::as_str)),
            request,
            call: call.clone(),
        }
    });
    answered.find(|answered| !answered.right())
}

/// The code that the contract wants for a request.
fn code(request: &ClassifyRequest, served: &str) -> Code {
    let version = &request.model_version;
    if !(1..TOO_LONG_CHARACTERS).contains(&request.text.chars().count())
        || !(1..=5).contains(&request.max_results.unwrap_or(3))
    {
        Code::INVALID_ARGUMENT
    } else if !version.is_empty() && version != served {
        Code::NOT_FOUND
    } else {
        Code::OK
    }
}

/// Whether this holds for the first call that is not as it should be.
fn first(evidence: &Evidence<'_>, holds: impl FnOnce(&Answered<'_>) -> bool) -> bool {
    first_wrong(evidence).as_ref().is_some_and(holds)
}

/// In the order in which a call shows them: what the host is asked, the metadata of the answer, its message, its
/// status.
pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "panic-for-bad-input",
        seen: |evidence| {
            let shows = evidence.panicked() && first(evidence, |wrong| wrong.code != Code::OK);
            shows.then(String::new)
        },
        usually: "Your handler panicked on a request that must be refused. tonic does not turn a panic into a status: \
                 it resets the call, and the caller cannot tell its own mistake from your crash. Return an \
                 `Err(Status)` for what the caller sent.",
    },
    Diagnosis {
        name: "unset-unwrapped",
        seen: |evidence| {
            let shows = {
                evidence.panicked()
                    && first(evidence, |wrong| {
                        wrong.code == Code::OK
                            && (wrong.call.timeout.is_none() || wrong.id().is_none())
                    })
            };
            shows.then(String::new)
        },
        usually: "Your handler panicked on a good request that has no deadline, no x-correlation-id and no \
                 `max_results`. A caller may leave out each of them, and then it is None: no `unwrap` and no `expect` \
                 on these.",
    },
    Diagnosis {
        name: "asked-before-checked",
        seen: |evidence| {
            let shows = {
                first(evidence, |wrong| {
                    wrong.code != Code::OK && wrong.wrong_code().is_none()
                })
            };
            shows.then(String::new)
        },
        usually: "You asked the host about a request that you then refused. Check first: a bad request should cost no \
                 more than the check.",
    },
    Diagnosis {
        name: "not-refused",
        seen: |evidence| {
            let shows = first(evidence, |wrong| wrong.wrong_code() == Some(Code::OK));
            shows.then(String::new)
        },
        usually: "A request that the contract forbids got an answer: it is the first call that differs. A text has 1 to \
                 100,000 characters, `max_results` is 1 to 5, and a `model_version` that is not empty is the one that \
                 you serve.",
    },
    Diagnosis {
        name: "deadline-not-passed-on",
        seen: |evidence| {
            let shows = {
                first(evidence, |wrong| {
                    let forgot = |asked: &Call<'_>| asked.timeout.is_none();
                    wrong.call.timeout.is_some() && wrong.asked.iter().any(forgot)
                })
            };
            shows.then(String::new)
        },
        usually: "The caller gave you a deadline and you gave the host none: it would work on after everyone has left. \
                 Deadlines do not travel by themselves; set one on the request to the host.",
    },
    Diagnosis {
        name: "deadline-not-shortened",
        seen: |evidence| {
            let shows = {
                first(evidence, |wrong| {
                    let copied = |asked: &Call<'_>| asked.timeout >= wrong.call.timeout;
                    wrong.call.timeout.is_some() && wrong.asked.iter().any(copied)
                })
            };
            shows.then(String::new)
        },
        usually: "You passed the caller's deadline on as it came. Some of that time is spent already, so the host would \
                 believe that it has longer than the caller waits: subtract `arrived.elapsed()`.",
    },
    Diagnosis {
        name: "correlation-id-not-echoed",
        seen: |evidence| {
            let shows = first(evidence, |wrong| wrong.answered() && !wrong.echoed());
            shows.then(String::new)
        },
        usually: "The call carried x-correlation-id and the answer does not. Insert it into the metadata of the \
                 `Response`, where the caller and every proxy between you can read it.",
    },
    Diagnosis {
        name: "document-id-missing",
        seen: |evidence| {
            let shows = {
                first(evidence, |wrong| {
                    wrong.answered() && wrong.response.document_id != wrong.request.document_id
                })
            };
            shows.then(String::new)
        },
        usually: "The answer does not have the `document_id` of its request. Callers tell answers apart by it: put the \
                 request's own into every answer, as `to_response` does with its first argument.",
    },
    Diagnosis {
        name: "result-count-ignored",
        seen: |evidence| {
            let shows = {
                first(evidence, |wrong| {
                    wrong.answered() && wrong.response.results.len() > wrong.limit()
                })
            };
            shows.then(String::new)
        },
        usually: "An answer has more results than were asked for. The host always ranks all labels; the edge keeps the \
                 first `max_results`, and 3 where that is not set.",
    },
    Diagnosis {
        name: "model-version-missing",
        seen: |evidence| {
            let shows = {
                first(evidence, |wrong| {
                    wrong.answered()
                        && wrong.response.model_version != wrong.ranking().model_version
                })
            };
            shows.then(String::new)
        },
        usually: "The answer does not say which model gave it. The contract's `model_version` is the host's, from its \
                 `RankResponse`; `to_response` copies it.",
    },
    Diagnosis {
        name: "empty-version-refused",
        seen: |evidence| {
            let shows = {
                first(evidence, |wrong| {
                    wrong.request.model_version.is_empty()
                        && wrong.wrong_code() == Some(Code::NOT_FOUND)
                })
            };
            shows.then(String::new)
        },
        usually: "You answered NOT_FOUND to a good request whose `model_version` is empty. Empty means the version that \
                 the server has, so only a version that is not empty can be unknown.",
    },
    Diagnosis {
        name: "bytes-for-characters",
        seen: |evidence| {
            let shows = {
                first(evidence, |wrong| {
                    let long = wrong.request.text.len() >= TOO_LONG_CHARACTERS;
                    long && wrong.code == Code::OK
                        && wrong.wrong_code() == Some(Code::INVALID_ARGUMENT)
                })
            };
            shows.then(String::new)
        },
        usually: "You refused a text that is under the limit. `len()` of a string is its bytes in UTF-8; the contract \
                 counts characters: `text.chars().count()`.",
    },
    Diagnosis {
        name: "unset-count-refused",
        seen: |evidence| {
            let shows = {
                first(evidence, |wrong| {
                    let unset = wrong.request.max_results.is_none();
                    unset
                        && wrong.code == Code::OK
                        && wrong.wrong_code() == Some(Code::INVALID_ARGUMENT)
                })
            };
            shows.then(String::new)
        },
        usually: "You refused a good request that does not set `max_results`. Unset means 3, and the method \
                 `max_results()` returns 0 for it: take the field, `request.max_results.unwrap_or(3)`.",
    },
    Diagnosis {
        name: "unknown-version-code",
        seen: |evidence| {
            let shows = {
                first(evidence, |wrong| {
                    wrong.code == Code::NOT_FOUND && wrong.wrong_code().is_some()
                })
            };
            shows.then(String::new)
        },
        usually: "You refused a model version that you do not have, but not with NOT_FOUND. The request is \
                 well formed; what it names does not exist here, and that is what NOT_FOUND says.",
    },
    Diagnosis {
        name: "wrong-code",
        seen: |evidence| {
            let shows = {
                first(evidence, |wrong| {
                    wrong.code == Code::INVALID_ARGUMENT && wrong.wrong_code().is_some()
                })
            };
            shows.then(String::new)
        },
        usually: "You refused a request whose text or `max_results` is out of range, but not with \
                 INVALID_ARGUMENT. That code says that the request is wrong whatever the state of the system, so that \
                 the caller changes it and does not send it again.",
    },
];
