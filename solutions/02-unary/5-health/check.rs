//! A host that is asked for its health nine times, and what the edge says of its own health before and after.

use anyhow::Result;
use prost::Message;
use proto::classification::v1::ClassifyRequest;
use proto::classification::v1::document_classifier_server::SERVICE_NAME;
use proto::control::v1::from_program;
use stage::{
    CallOptions, Inputs, Peer, Scenario, Seed, Source, Stage, State,
    hop::{CLIENT_EDGE, EDGE_HOST},
};
use tap::{After, CallInfo, CallPlan, Code, Count, Event, EventKind, Fault, Rules};

use crate::common::health::{CHECK_METHOD, HealthCheckResponse, NOT_SERVING, SERVING, check};
use crate::common::{CLASSIFY_METHOD, whole_status};

mod diagnoses;

pub(crate) use diagnoses::DIAGNOSES;

/// The host's health is asked for nine times. The last answer is SERVING. Before it come, in an order that is drawn,
/// errors, states that are not SERVING, and what cannot be read. While each of them is held, and once more at the end, the
/// stage asks the edge for its own health.
pub(crate) struct Health;

/// How often the host's health is asked for.
const HEALTH_QUERIES: usize = 9;

/// `ServingStatus.SERVICE_UNKNOWN`, which only `Watch` answers with.
const SERVICE_UNKNOWN: i32 = 3;

/// A `ServingStatus` that nobody knows yet.
const NEWER: i32 = 9;

/// The classifier's name without its package: what a beginner reports.
const SHORT_NAME: &str = "DocumentClassifier";

/// The host's answers, in order.
struct Answers(Vec<Answer>);

/// What the host answers.
#[derive(Clone, Debug)]
enum Answer {
    /// With an error.
    Fails { code: Code, ticket: String },
    /// With the number of a `ServingStatus`.
    Says(i32),
    /// With bytes that are no message.
    Garbage,
}

impl Answer {
    fn fault(&self) -> Option<Fault> {
        Some(match self {
            // The host's own answer.
            Self::Says(SERVING) => return None,
            Self::Says(status) => {
                let answer = HealthCheckResponse { status: *status };
                Fault::answer(answer.encode_to_vec())
            }
            // A varint that does not end.
            Self::Garbage => Fault::answer(vec![0x08, 0xff]),
            Self::Fails { code, ticket } => whole_status(*code, ticket),
        })
    }
}

fn draw(seed: Seed) -> Vec<Answer> {
    let mut generator = seed.generator(40);
    // One that may pass, one that says that the host does not have the service, one that it has no health.
    let passing = [
        Code::RESOURCE_EXHAUSTED,
        Code::UNAVAILABLE,
        Code::DEADLINE_EXCEEDED,
    ];
    let codes = [
        passing[generator.usize(..passing.len())],
        Code::NOT_FOUND,
        Code::UNIMPLEMENTED,
    ];
    let mut answers: Vec<_> = codes
        .into_iter()
        .map(|code| Answer::Fails {
            code,
            ticket: generator.u16(1_000..).to_string(),
        })
        .collect();
    // UNKNOWN is the default: its message is empty.
    answers.extend([0, NOT_SERVING, SERVICE_UNKNOWN, NEWER].map(Answer::Says));
    answers.push(Answer::Garbage);
    generator.shuffle(&mut answers);
    answers.push(Answer::Says(SERVING));
    answers
}

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
        Ok(Inputs {
            documents: source.documents(1).await?,
            state: State::new(Answers(draw(source.seed))),
            ..Inputs::default()
        })
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        if call.hop != EDGE_HOST {
            return CallPlan::default();
        }
        let answers: Option<&Answers> = inputs.state.get();
        let nth = call.nth as usize;
        let answer = answers.and_then(|Answers(answers)| answers.get(nth.checked_sub(1)?));
        let fault = answer.and_then(Answer::fault);
        CallPlan {
            // Whatever the edge asks for: an answer that is not held may come before or after the stage's own question.
            hold_answer: (nth <= HEALTH_QUERIES).then(|| inputs.gates.named(&nth.to_string())),
            fault: fault
                .map(|fault| fault.after(After::Answers(0)))
                .filter(|_| call.path == CHECK_METHOD),
            ..CallPlan::default()
        }
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let client = stage.client()?;
        for time in 1..=HEALTH_QUERIES {
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
