//! unary.5: a host that is asked for its health twice, and what the edge says of its own health before and after.

use anyhow::Result;
use proto::classification::v1::ClassifyRequest;
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::document_classifier_server::SERVICE_NAME;
use proto::control::v1::from_program;
use proto::model::v1::model_host_server;
use stage::{
    Inputs, Peer, Scenario, Source, Stage,
    hop::{CLIENT_EDGE, EDGE_HOST},
};
use tap::{After, CallInfo, CallPlan, Count, Event, Fault, Kind, Rules, Side};

use crate::diagnosis::{Diagnosis, Evidence, message};
use crate::health::{CHECK, HealthCheckRequest, HealthCheckResponse, SERVING, check};

/// unary.5: the host's health is asked for twice. The first answer is an error, the second SERVING. While each of them is
/// held, and once more at the end, the stage asks the edge for its own health.
pub(crate) struct Health;

/// How the host's first answer ends, as a number.
const FAILURE: &str = "failure";

/// The classifier's name without its package: what a beginner reports.
const SHORT_NAME: &str = "DocumentClassifier";

#[tonic::async_trait]
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
        let failures = [8, 14, 4];
        let failure = failures[source.seed.draw(40, 3) as usize];
        inputs
            .hidden
            .insert(FAILURE.to_owned(), failure.to_string());
        Ok(inputs)
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        let failure = inputs.hidden.get(FAILURE);
        let failure = failure.and_then(|code| code.parse().ok()).unwrap_or(14);
        let fault = Fault::status(failure, "not yet").after(After::Answers(0));
        CallPlan {
            // Whatever the edge asks: an answer that is not held may come before the stage's own question or after it.
            hold_answer: (call.nth <= 2).then(|| inputs.gates.named(&call.nth.to_string())),
            fault: (call.path == CHECK && call.nth == 1).then_some(fault),
            ..CallPlan::default()
        }
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        for time in 1..=2 {
            // Until the host is asked, or will not be.
            let asked = |event: &&Event| event.hop == EDGE_HOST && event.kind == Kind::HalfClose;
            tokio::select! {
                _ = stage.until(|events| events.iter().filter(asked).count() >= time) => {}
                () = stage.until_said(|said| reports(said) >= time) => {}
            }
            check(stage.edge()?, SERVICE_NAME).await?;
            inputs.gates.named(&time.to_string()).open();
            stage.until_said(|said| reports(said) >= time).await;
        }
        let serving = check(stage.edge()?, SERVICE_NAME).await?;
        if !serving {
            // What else may it have reported? No right program is asked this.
            check(stage.edge()?, SHORT_NAME).await?;
        }
        let (id, text) = inputs.documents[0].clone();
        let request = ClassifyRequest {
            text,
            document_id: id,
            max_results: Some(1),
            ..Default::default()
        };
        // What the edge answers is in the tap's record.
        let _ = DocumentClassifierClient::new(stage.edge()?)
            .classify(request)
            .await;
        Ok(())
    }
}

/// How often the exercise's function has returned.
fn reports(said: &[from_program::Kind]) -> usize {
    let reported = |kind: &&from_program::Kind| matches!(kind, from_program::Kind::Reported(_));
    said.iter().filter(reported).count()
}

/// The names under which the host was asked for its health.
fn asked(evidence: &Evidence<'_>) -> Vec<String> {
    let mut calls = evidence.calls(EDGE_HOST);
    calls.retain(|call| call.path == CHECK);
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
        let serving = call.path == CHECK && response.status == SERVING;
        (serving && request.service == name).then(|| call.events.last().map(|event| event.seq))?
    })
}

/// When the host first answered that it serves, and when it first answered at all.
fn host_answered(evidence: &Evidence<'_>) -> (Option<u64>, Option<u64>) {
    let mut calls = evidence.calls(EDGE_HOST);
    calls.retain(|call| call.path == CHECK);
    let status = |ok: bool| {
        calls.iter().find_map(|call| {
            call.events.iter().find_map(|event| match event.kind {
                Kind::Status { code, .. } if code == 0 || !ok => Some(event.seq),
                _ => None,
            })
        })
    };
    (status(true), status(false))
}

pub(crate) const HEALTH: &[Diagnosis] = &[
    Diagnosis {
        name: "health-never-asked",
        shows: |evidence| asked(evidence).is_empty(),
        advice: "The host was never asked for its health. An edge whose host is not there cannot serve, and says so only \
                 if it has looked: `HealthClient::new(host).check(request).await?`.",
    },
    Diagnosis {
        name: "whole-server-asked",
        shows: |evidence| asked(evidence).iter().any(String::is_empty),
        advice: "You asked the host under the empty name, which stands for the server as a whole. It may be up while the \
                 one service that you need is not: set `service` to the service's full name.",
    },
    Diagnosis {
        name: "short-name-asked",
        shows: |evidence| {
            let full = model_host_server::SERVICE_NAME;
            asked(evidence).iter().any(|name| name != full)
        },
        advice: "You asked the host under a name that it does not know, and it answered NOT_FOUND. A service's full name \
                 has its package in front: `model.v1.ModelHost`. The generated code has it as \
                 `model_host_server::SERVICE_NAME`.",
    },
    Diagnosis {
        name: "serving-too-early",
        shows: |evidence| {
            let (_, answered) = host_answered(evidence);
            first_serving(evidence, SERVICE_NAME)
                .is_some_and(|serving| answered.is_none_or(|answered| serving < answered))
        },
        advice: "Your edge said SERVING while the host had not answered yet. A load balancer sends calls from that moment \
                 on: ask first, await the answer, and report after that.",
    },
    Diagnosis {
        name: "failure-ignored",
        shows: |evidence| {
            let (ok, _) = host_answered(evidence);
            first_serving(evidence, SERVICE_NAME)
                .is_some_and(|serving| ok.is_none_or(|ok| serving < ok))
        },
        advice: "The host answered with an error, and your edge said SERVING all the same. An answer counts only if it is \
                 one: `?` passes the error on before anything is reported.",
    },
    Diagnosis {
        name: "short-name-reported",
        shows: |evidence| first_serving(evidence, SHORT_NAME).is_some(),
        advice: "You reported SERVING under \"DocumentClassifier\", and whoever asks under the full name hears otherwise. \
                 The name has its package in front; `set_serving::<DocumentClassifierServer<Edge>>()` takes it from the \
                 generated code, where nobody can misspell it.",
    },
    Diagnosis {
        name: "never-serving",
        shows: |evidence| {
            first_serving(evidence, SERVICE_NAME).is_none() && host_answered(evidence).0.is_some()
        },
        advice: "The host said that it serves, and your edge still says NOT_SERVING: no load balancer would send it a call. \
                 Report it with `reporter.set_serving::<DocumentClassifierServer<Edge>>().await`.",
    },
];
