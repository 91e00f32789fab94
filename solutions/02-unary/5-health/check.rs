//! A host that is asked for its health three times, and what the edge says of its own health before and after.

use anyhow::Result;
use prost::Message;
use proto::classification::v1::ClassifyRequest;
use proto::classification::v1::document_classifier_server::SERVICE_NAME;
use proto::control::v1::from_program;
use proto::model::v1::model_host_server;
use stage::{
    CallOptions, Inputs, Peer, Scenario, Source, Stage, State,
    hop::{CLIENT_EDGE, EDGE_HOST},
};
use tap::{After, Call, CallInfo, CallPlan, Code, Count, Event, EventKind, Fault, Rules, Side};

use crate::common::CLASSIFY_METHOD;
use crate::common::health::{
    CHECK_METHOD, HealthCheckRequest, HealthCheckResponse, NOT_SERVING, SERVING, check,
};
use checks::{Diagnosis, Evidence, message};

/// The host's health is asked for three times. The first answer is an error, the second NOT_SERVING, the third
/// SERVING. While each of them is held, and once more at the end, the stage asks the edge for its own health.
pub(crate) struct Health;

/// How often the host's health is asked for.
const HEALTH_QUERIES: u32 = 3;

/// The code of the host's first answer.
struct FirstFailure(Code);

/// The classifier's name without its package: what a beginner reports.
const SHORT_NAME: &str = "DocumentClassifier";

#[stage::async_trait]
impl Scenario for Health {
    fn peer(&self) -> Peer {
        Peer::Edge
    }

    fn rules(&self) -> Vec<Rules> {
        vec![
            Rules::new(CLIENT_EDGE),
            Rules {
                connections: Count::AtMost(1),
                ..Rules::new(EDGE_HOST)
            },
        ]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut inputs = Inputs {
            documents: source.documents(1).await?,
            ..Inputs::default()
        };
        let failures = [
            Code::RESOURCE_EXHAUSTED,
            Code::UNAVAILABLE,
            Code::DEADLINE_EXCEEDED,
        ];
        let failure = failures[source.seed.draw(40, 3) as usize];
        inputs.state = State::new(FirstFailure(failure));
        Ok(inputs)
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        let not_serving = HealthCheckResponse {
            status: NOT_SERVING,
        };
        let fault = match call.nth {
            1 => {
                let failure = inputs.state.get();
                failure.map(|FirstFailure(code)| Fault::status(*code, "not yet"))
            }
            2 => Some(Fault::answer(not_serving.encode_to_vec())),
            _ => None,
        };
        let fault = fault.map(|fault| fault.after(After::Answers(0)));
        CallPlan {
            // Whatever the edge asks for: an answer that is not held may come before or after the stage's own question.
            hold_answer: (call.nth <= HEALTH_QUERIES)
                .then(|| inputs.gates.named(&call.nth.to_string())),
            fault: fault.filter(|_| call.path == CHECK_METHOD),
            ..CallPlan::default()
        }
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let client = stage.client()?;
        for time in 1..=HEALTH_QUERIES as usize {
            // Until the host is asked, or will not be.
            let asked =
                |event: &&Event| event.hop == EDGE_HOST && event.kind == EventKind::HalfClose;
            tokio::select! {
                _ = stage.until(|events| events.iter().filter(asked).count() >= time) => {}
                () = stage.until_messages(|messages| reports(messages) >= time) => {}
            }
            check(&client, SERVICE_NAME).await;
            inputs.gates.named(&time.to_string()).open();
            stage
                .until_messages(|messages| reports(messages) >= time)
                .await;
        }
        let serving = check(&client, SERVICE_NAME).await;
        if !serving {
            // It may have reported the short name. A right program is never asked about that.
            check(&client, SHORT_NAME).await;
        }
        let (id, text) = inputs.documents[0].clone();
        let request = ClassifyRequest {
            text,
            document_id: id,
            max_results: Some(1),
            ..Default::default()
        };
        let request = request.encode_to_vec();
        let call = client.unary(CLASSIFY_METHOD, request, CallOptions::default());
        // What the edge answers is in the tap's record.
        let _ = call.await;
        Ok(())
    }
}

/// How often the exercise's function has returned.
fn reports(messages: &[from_program::Kind]) -> usize {
    let reported = |kind: &&from_program::Kind| matches!(kind, from_program::Kind::Reported(_));
    messages.iter().filter(reported).count()
}

/// The names under which the host was asked for its health.
fn asked(evidence: &Evidence<'_>) -> Vec<String> {
    let mut calls = evidence.calls(EDGE_HOST);
    calls.retain(|call| call.path == CHECK_METHOD);
    calls
        .iter()
        .filter_map(|call| message(call, Side::Client))
        .map(|request: HealthCheckRequest| request.service)
        .collect()
}

/// When the edge was first seen to say SERVING under this name.
fn first_serving(evidence: &Evidence<'_>, name: &str) -> Option<u64> {
    evidence.calls(CLIENT_EDGE).iter().find_map(|call| {
        let request: HealthCheckRequest = message(call, Side::Client)?;
        let response: HealthCheckResponse = message(call, Side::Server)?;
        let serving = call.path == CHECK_METHOD && response.status == SERVING;
        (serving && request.service == name).then(|| call.events.last().map(|event| event.seq))?
    })
}

/// One of the host's answers about its health.
struct Answer {
    /// When it arrived.
    seq: u64,
    /// The code of its status.
    code: Code,
    /// The health in it, where it has one.
    status: Option<i32>,
}

/// What the host answered, in order.
fn answers(evidence: &Evidence<'_>) -> Vec<Answer> {
    let mut calls = evidence.calls(EDGE_HOST);
    calls.retain(|call| call.path == CHECK_METHOD);
    let answer = |call: &Call<'_>| {
        let response: Option<HealthCheckResponse> = message(call, Side::Server);
        call.events.iter().find_map(|event| match event.kind {
            EventKind::Status { code, .. } => Some(Answer {
                seq: event.seq,
                code,
                status: response.as_ref().map(|response| response.status),
            }),
            _ => None,
        })
    };
    calls.iter().filter_map(answer).collect()
}

/// The host's last answer before the edge was first seen to say SERVING. `None` where the edge did not say it, the
/// inner one where there was no answer yet.
fn known_when_serving(evidence: &Evidence<'_>) -> Option<Option<Answer>> {
    let serving = first_serving(evidence, SERVICE_NAME)?;
    let mut answers = answers(evidence);
    answers.retain(|answer| answer.seq < serving);
    Some(answers.pop())
}

/// What the function returned the first time: `done`, or the name of a code. `None` where it did not return.
fn returned_first(evidence: &Evidence<'_>) -> Option<String> {
    let line = evidence.reported().next()?;
    Some(line.strip_prefix("first time: ")?.to_owned())
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "health-never-asked",
        seen: |evidence| {
            let shows = !evidence.cut_short() && asked(evidence).is_empty();
            shows.then(String::new)
        },
        usually: "The host was never asked for its health. An edge whose host is not there cannot serve, and says so \
                 only if it has looked: `HealthClient::new(host).check(request).await?`.",
    },
    Diagnosis {
        name: "whole-server-asked",
        seen: |evidence| {
            let shows = asked(evidence).iter().any(String::is_empty);
            shows.then(String::new)
        },
        usually: "You asked the host under the empty name, which stands for the server as a whole. It may be up while \
                 the one service that you need is not: set `service` to the service's full name.",
    },
    Diagnosis {
        name: "short-name-asked",
        seen: |evidence| {
            let shows = {
                let full = model_host_server::SERVICE_NAME;
                asked(evidence).iter().any(|name| name != full)
            };
            shows.then(String::new)
        },
        usually: "You asked the host under a name that it does not know. A service's full name has its package in \
                 front: `model.v1.ModelHost`. The generated code has it as `model_host_server::SERVICE_NAME`.",
    },
    Diagnosis {
        name: "serving-too-early",
        seen: |evidence| {
            let shows = known_when_serving(evidence).is_some_and(|known| known.is_none());
            shows.then(String::new)
        },
        usually: "Your edge said SERVING while the host had not answered yet. A load balancer sends calls from that \
                 moment on: ask first, await the answer, and report after that.",
    },
    Diagnosis {
        name: "asked-again",
        seen: |evidence| {
            let shows = {
                evidence.did_not_finish() && asked(evidence).len() > evidence.reported().count() + 1
            };
            shows.then(String::new)
        },
        usually: "Your function asked the host again before it had returned the result of the last answer. The caller \
                 decides when to ask again: ask once, and return the error if there is one.",
    },
    Diagnosis {
        name: "failure-ignored",
        seen: |evidence| {
            let shows = {
                let known = known_when_serving(evidence).flatten();
                known.is_some_and(|known| known.code != Code::OK)
            };
            shows.then(String::new)
        },
        usually: "The host answered with an error, and your edge said SERVING all the same. An answer counts only if it \
                 is one: `?` passes the error on before anything is reported.",
    },
    Diagnosis {
        name: "not-serving-ignored",
        seen: |evidence| {
            let shows = {
                let known = known_when_serving(evidence).flatten();
                known.is_some_and(|known| known.status == Some(NOT_SERVING))
            };
            shows.then(String::new)
        },
        usually: "The host answered NOT_SERVING, and your edge said SERVING all the same. NOT_SERVING is not an error, \
                 so `?` lets it through: the call went well, and what it says is in the message. Look at \
                 `answer.status()`.",
    },
    Diagnosis {
        name: "error-not-returned",
        seen: |evidence| {
            let shows = {
                let code = answers(evidence).first().map(|answer| answer.code);
                let code = code.filter(|code| *code != Code::OK);
                let code = code.map(|code| tonic::Code::from_i32(code.number()));
                let returned = returned_first(evidence);
                code.zip(returned)
                    .is_some_and(|(code, returned)| returned != format!("{code:?}"))
            };
            shows.then(String::new)
        },
        usually: "The host answered with an error, and your function returned something else the first time: see the \
                 end of the transcript. The caller must know that nothing is known of the host. `?` returns the status \
                 as it came.",
    },
    Diagnosis {
        name: "short-name-reported",
        seen: |evidence| {
            let shows = first_serving(evidence, SHORT_NAME).is_some();
            shows.then(String::new)
        },
        usually: "You reported SERVING under \"DocumentClassifier\", and whoever asks under the full name gets another \
                 answer. The name has its package in front; `set_serving::<DocumentClassifierServer<Edge>>()` takes it \
                 from the generated code, where nobody can misspell it.",
    },
    Diagnosis {
        name: "never-serving",
        seen: |evidence| {
            let shows = {
                let serves = |answer: &Answer| answer.status == Some(SERVING);
                first_serving(evidence, SERVICE_NAME).is_none()
                    && answers(evidence).iter().any(serves)
            };
            shows.then(String::new)
        },
        usually: "The host said that it serves, and your edge still says NOT_SERVING: no load balancer would send it a \
                 call. Report it with `reporter.set_serving::<DocumentClassifierServer<Edge>>().await`.",
    },
];
