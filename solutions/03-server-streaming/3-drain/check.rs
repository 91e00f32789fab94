//! Sixteen batches: one that the reference server answers, and fifteen whose calls end in other ways.

use std::ops::Range;
use std::time::Duration;

use anyhow::Result;
use prost::Message;
use proto::classification::v1::ClassifyBatchResponse;
use stage::{
    Inputs, Peer, Scenario, Seed, Source, Stage, State, faults::whole_status, hop::CLIENT_SERVER,
};
use tap::{
    CallInfo, CallPlan, Code, Conversation, Fault, FaultKind, ResetCode, Rules, Script, Step,
};

use crate::common::BATCH_METHOD;
use crate::common::clients::{
    OTHER_CODES, answer, answered, ended, failed, half_closed, nth_call, ok, set_lengths, split,
};

mod diagnoses;

pub(crate) use diagnoses::DIAGNOSES;

/// One batch after the other.
pub(crate) struct Drain;

/// What was drawn.
struct Batches {
    seed: Seed,
    /// The documents of each batch, as places among all of them.
    documents: Vec<Range<usize>>,
    ends: Vec<End>,
    /// What is played in each call. That of the first is not: the call reaches the reference server.
    scripts: Vec<Script>,
}

/// How the call about a batch ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// As the reference server answers.
    Served,
    /// With OK. The answers come in an order that no server should have, and one of them twice: also behind the one that says
    /// that it is the last.
    Whole,
    /// With a status behind so many answers. `headers`: the headers come before it, also where there is no answer.
    Failed {
        behind: usize,
        code: Code,
        headers: bool,
    },
    /// With a status in place of answers, since there is nothing to answer.
    NoDocuments,
    /// With a status behind the last answer.
    FailedBehindLast(Code),
    /// With OK behind so many answers, none of which says that it is the last.
    Early(usize),
    /// With a reset behind two answers.
    Reset,
    /// With an answer that is not a message, behind one that is.
    NotAMessage,
    /// With the connection, behind two answers.
    Disconnected,
}

impl End {
    /// How many documents its batch has.
    fn length(self) -> usize {
        match self {
            Self::Served | Self::Whole => 4,
            Self::Failed { behind, .. } => behind + 1,
            Self::NoDocuments => 0,
            Self::FailedBehindLast(_) | Self::NotAMessage => 2,
            // All answers are there, or one is missing.
            Self::Early(answers) => answers.max(2),
            Self::Reset | Self::Disconnected => 3,
        }
    }
}

/// How long a call stays open behind its last answer, for a program that gives it up there to be seen.
const OPEN_BEHIND_LAST: Duration = Duration::from_millis(400);

/// The gate of the batch that the reference server answers.
const SERVED_GATE: &str = "behind the last answer";

#[stage::async_trait]
impl Scenario for Drain {
    fn peer(&self) -> Peer {
        Peer::Server
    }

    fn rules(&self) -> Vec<Rules> {
        vec![Rules {
            conversation: Conversation::Interleaved,
            uncounted_calls: &["/grpc.health.v1.Health/"],
            ..Rules::new(CLIENT_SERVER)
        }]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let seed = source.seed;
        let ends = ends(seed);
        let documents = split(ends.iter().map(|end| end.length()));
        let count = documents.last().map_or(0, |batch| batch.end);
        let mut inputs = Inputs {
            documents: source.documents(count).await?,
            ..Inputs::default()
        };
        // Texts that the reference server refuses: the last, and one before it.
        for place in [3, seed.draw(50, 3) as usize] {
            inputs.documents[place].1.clear();
        }
        set_lengths(&mut inputs, &documents);
        // Of these the program's own status is reported, of which the task says the code and nothing else.
        let early = (1..)
            .zip(&ends)
            .filter(|(_, end)| matches!(end, End::Early(_)));
        let early: Vec<_> = early.map(|(number, _)| number.to_string()).collect();
        inputs
            .settings
            .insert("ends_early".to_owned(), early.join(" "));
        let scripts = ends.iter().map(|_| Script::new()).collect();
        inputs.state = State::new(Batches {
            seed,
            documents,
            ends,
            scripts,
        });
        Ok(inputs)
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        let place = (call.nth as usize).saturating_sub(1);
        let Some(batches) = inputs.state.get::<Batches>() else {
            return CallPlan::default();
        };
        match batches.ends.get(place) {
            Some(End::Served) if call.path == BATCH_METHOD => CallPlan {
                hold_after: Some((4, inputs.gates.named(SERVED_GATE))),
                ..CallPlan::default()
            },
            Some(_) if call.path == BATCH_METHOD => CallPlan {
                script: Some(batches.scripts[place].clone()),
                ..CallPlan::default()
            },
            _ => CallPlan::default(),
        }
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let batches = inputs.state::<Batches>()?;
        for (place, end) in batches.ends.iter().enumerate() {
            let (nth, script) = (place + 1, &batches.scripts[place]);
            // A server that knows what it is asked.
            stage
                .until(|events| nth_call(events, nth).is_some_and(|it| half_closed(events, it)))
                .await;
            let documents = &inputs.documents[batches.documents[place].clone()];
            let ids: Vec<_> = documents.iter().map(|(id, _)| id.as_str()).collect();
            play(script, batches.seed, *end, &ids);
            match end {
                End::Served => {
                    behind_last(stage, nth, end.length()).await;
                    inputs.gates.named(SERVED_GATE).open();
                }
                End::FailedBehindLast(code) => {
                    behind_last(stage, nth, end.length()).await;
                    script.end(whole_status(*code, ids[0]).kind);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Waits until the nth call has so many answers, and then for a client that gives it up there.
async fn behind_last(stage: &Stage, nth: usize, count: usize) {
    stage
        .until(|events| nth_call(events, nth).is_some_and(|it| answered(events, it) >= count))
        .await;
    let given_up = stage.until(|events| nth_call(events, nth).is_some_and(|it| ended(events, it)));
    let _ = tokio::time::timeout(OPEN_BEHIND_LAST, given_up).await;
}

/// How the call about each batch ends, in their order.
fn ends(seed: Seed) -> Vec<End> {
    let mut codes = OTHER_CODES;
    seed.generator(51).shuffle(&mut codes);
    let failed = |behind, code, headers| End::Failed {
        behind,
        code,
        headers,
    };
    let mut ends = vec![
        End::Whole,
        failed(2, Code::UNAVAILABLE, true),
        // With the code that an early end has. It is the server's all the same.
        failed(1, Code::DATA_LOSS, true),
        // What invites to ask again, before there is an answer.
        failed(0, Code::UNAVAILABLE, false),
        failed(0, Code::UNAVAILABLE, true),
        failed(0, codes[0], false),
        End::NoDocuments,
        // What a client says that has given up. This one is the server's.
        failed(1, Code::CANCELLED, true),
        End::FailedBehindLast(codes[1]),
        End::Early(0),
        End::Early(1),
        End::Early(3),
        End::Reset,
        End::NotAMessage,
    ];
    seed.generator(52).shuffle(&mut ends);
    ends.insert(0, End::Served);
    // Whatever came behind it would need another connection.
    ends.push(End::Disconnected);
    ends
}

/// Plays the server's part in the call about a batch of these documents.
fn play(script: &Script, seed: Seed, end: End, ids: &[&str]) {
    let send = |answer: ClassifyBatchResponse| script.message(answer.encode_to_vec());
    let last = |answer: ClassifyBatchResponse| ClassifyBatchResponse {
        is_last: true,
        ..answer
    };
    let first = |count: usize| {
        for (place, id) in ids.iter().take(count).enumerate() {
            send(answer(seed, id, place));
        }
    };
    match end {
        End::Served => {}
        End::Whole => {
            let mut places = [0, 1, 2];
            seed.generator(53).shuffle(&mut places);
            // Never in order.
            if places.is_sorted() {
                places.reverse();
            }
            for place in places {
                send(answer(seed, ids[place], place));
            }
            send(last(failed(seed, ids[3], 3)));
            send(answer(seed, ids[places[2]], places[2]));
            script.end(ok());
        }
        End::Failed {
            behind,
            code,
            headers,
        } => {
            if headers {
                script.step(Step::Headers(Vec::new()));
            }
            first(behind);
            script.end(whole_status(code, ids[0]).kind);
        }
        End::NoDocuments => {
            let ticket = format!("batch-{}", seed.draw(54, 900));
            script.end(whole_status(Code::INVALID_ARGUMENT, &ticket).kind);
        }
        // Its end is added when the client has seen the last answer.
        End::FailedBehindLast(_) => {
            send(failed(seed, ids[0], 0));
            send(last(answer(seed, ids[1], 1)));
        }
        End::Early(count) => {
            first(count);
            script.end(ok());
        }
        End::Reset => {
            first(2);
            script.end(FaultKind::Reset(ResetCode::INTERNAL_ERROR));
        }
        End::NotAMessage => {
            first(1);
            // Its first field is longer than the message. The end is one step with it: a client may leave as soon as
            // it has seen the message.
            script.end(Fault::answer(vec![0x0a, 120, 1, 2, 3]).kind);
        }
        End::Disconnected => {
            first(2);
            script.end(FaultKind::Disconnect);
        }
    }
}
