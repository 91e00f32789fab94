//! Sixteen batches with a limit each: one that the reference server answers, nine that fail, two that end with OK too early,
//! three whose limit passes, and one more.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use stage::{Inputs, Peer, Scenario, Seed, Source, Stage, State, hop::CLIENT_SERVER};
use tap::{
    CallInfo, CallPlan, Code, Conversation, Deadline, Event, EventKind, Fault, Order, Rules,
    Script, Side,
};

use crate::common::BATCH_METHOD;
use crate::common::clients::{OTHER_CODES, ended, half_closed, set_lengths, split};

mod diagnoses;
mod server;

pub(crate) use diagnoses::DIAGNOSES;
use server::Server;

/// One batch after the other, and three at the same time.
pub(crate) struct WholeDeadline;

/// What was drawn.
struct Batches {
    seed: Seed,
    /// The documents of each batch, as places among all of them.
    documents: Vec<Range<usize>>,
    ends: Vec<End>,
    limits: Vec<Duration>,
    /// What is played in each call. That of the first is not: the call reaches the reference server.
    scripts: Vec<Script>,
    /// The number of each batch's first call on its tap.
    calls: Mutex<Vec<Option<u32>>>,
}

/// How the call about a batch ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// As the reference server answers.
    Served,
    /// With a status behind so many answers. `headers`: the headers come before it, also where there is no answer.
    Failed {
        behind: usize,
        code: Code,
        headers: bool,
    },
    /// With what tonic's own timer says, in place of answers. It is the server's: it comes within the limit.
    TonicsWords,
    /// With OK behind so many answers, none of which says that it is the last.
    Early(usize),
    /// With a reset behind two answers.
    Reset,
    /// By the client: two answers come at once and one within the limit. What comes behind it comes too late.
    TooLong,
    /// By the client: the headers come late, and nothing behind them within the limit.
    LateHeaders,
    /// By the client: not even the headers come.
    NoHeaders,
    /// With OK, when those whose limit passes are over. With a failure where one of them was given up before its limit.
    Whole,
}

/// Those whose limit passes.
const PASSING: [End; 3] = [End::TooLong, End::LateHeaders, End::NoHeaders];

impl End {
    /// How many documents its batch has.
    fn length(self) -> usize {
        match self {
            Self::Served => 3,
            Self::Failed { behind, .. } => behind + 1,
            Self::TooLong => 5,
            Self::TonicsWords => 1,
            Self::Reset | Self::Early(_) => 3,
            Self::LateHeaders | Self::NoHeaders | Self::Whole => 2,
        }
    }
}

/// How much too early a timer may be: it counts in milliseconds.
const ROUNDED: Duration = Duration::from_millis(2);

#[stage::async_trait]
impl Scenario for WholeDeadline {
    fn peer(&self) -> Peer {
        Peer::Server
    }

    fn rules(&self) -> Vec<Rules> {
        vec![Rules {
            // Three are made at the same time.
            calls: Order::Set,
            conversation: Conversation::Interleaved,
            deadline: Deadline::Exact,
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
        set_lengths(&mut inputs, &documents);
        let limits: Vec<_> = ends
            .iter()
            .enumerate()
            .map(|(place, end)| limit(seed, place as u64, *end))
            .collect();
        let mut set = |name: String, value: String| inputs.settings.insert(name, value);
        for (number, limit) in (1..).zip(&limits) {
            let milliseconds = limit.as_millis().to_string();
            set(format!("batch {number} limit_ms"), milliseconds);
        }
        let number = |is: &dyn Fn(&End) -> bool| ends.iter().position(is).map_or(0, |it| it + 1);
        let no_headers = number(&|end| *end == End::NoHeaders);
        let first_at_once = number(&|end| PASSING.contains(end));
        set("no_headers".to_owned(), no_headers.to_string());
        set("first_at_once".to_owned(), first_at_once.to_string());
        set("at_once".to_owned(), PASSING.len().to_string());
        inputs.state = State::new(Batches {
            seed,
            documents,
            scripts: ends.iter().map(|_| Script::new()).collect(),
            calls: Mutex::new(vec![None; ends.len()]),
            ends,
            limits,
        });
        Ok(inputs)
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        let batches = inputs.state.get::<Batches>();
        let batches = batches.filter(|_| call.path == BATCH_METHOD);
        let place = batches.and_then(|batches| batches.place_of(call));
        let (Some(batches), Some(place)) = (batches, place) else {
            return CallPlan::default();
        };
        if batches.ends[place] == End::Served {
            return CallPlan::default();
        }
        if batches.first_call(place, call.call) != call.call {
            let fault = Fault::status(Code::ALREADY_EXISTS, "this batch was asked about before");
            return CallPlan {
                fault: Some(fault),
                ..CallPlan::default()
            };
        }
        CallPlan {
            script: Some(batches.scripts[place].clone()),
            ..CallPlan::default()
        }
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let server = Server {
            stage,
            batches: inputs.state()?,
            inputs,
        };
        tokio::join!(
            server.end_soon(),
            server.take_too_long(),
            server.send_headers_late(),
            server.end_at_last(),
        );
        Ok(())
    }
}

impl Batches {
    /// The place of the batch that a call is about: by its deadline, of which each has its own. A call without one that is
    /// known is taken for that of its number.
    fn place_of(&self, call: &CallInfo) -> Option<usize> {
        let mut limits = self.limits.iter();
        let known = limits.position(|limit| Some(*limit) == call.timeout);
        let place = (call.nth as usize).checked_sub(1);
        known.or(place.filter(|place| *place < self.ends.len()))
    }

    /// The first call about a batch, which is this one if there was none before.
    fn first_call(&self, place: usize, call: u32) -> u32 {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        *calls[place].get_or_insert(call)
    }

    /// The call about a batch, if there is one.
    fn call(&self, place: usize) -> Option<u32> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls[place]
    }

    /// The place of the first batch that was given up before its limit. None where that is not sure: the time is counted from the end of the batch before those whose limit passes, and they are
    /// asked about after it, however busy the machine is.
    fn cut_short(&self, events: &[Event]) -> Option<usize> {
        let first = self.ends.iter().position(|end| PASSING.contains(end))?;
        let before = self.call(first.checked_sub(1)?)?;
        let mut ended = events.iter().filter(|event| event.call == before);
        let begun = ended.find(|event| event.kind.ends_call())?.at;
        let given_up = |place: usize| {
            let call = self.call(place)?;
            let by_client = |event: &&Event| {
                let cancelled = matches!(
                    event.kind,
                    EventKind::Cancelled {
                        by: Side::Client,
                        ..
                    }
                );
                event.call == call && cancelled
            };
            events.iter().find(by_client)?.at.checked_sub(begun)
        };
        let too_early = |place: &usize| {
            given_up(*place).is_some_and(|within| within + ROUNDED < self.limits[*place])
        };
        (first..first + PASSING.len()).find(too_early)
    }

    fn place(&self, end: End) -> usize {
        let mut ends = self.ends.iter();
        ends.position(|it| *it == end).unwrap_or_default()
    }

    /// Whether the request of a batch is there as a whole.
    fn is_asked(&self, place: usize, events: &[Event]) -> bool {
        self.call(place).is_some_and(|it| half_closed(events, it))
    }

    fn is_over(&self, place: usize, events: &[Event]) -> bool {
        self.call(place).is_some_and(|it| ended(events, it))
    }
}

/// How the call about each batch ends, in their order.
fn ends(seed: Seed) -> Vec<End> {
    let mut codes = OTHER_CODES;
    seed.generator(60).shuffle(&mut codes);
    let failed = |behind, code, headers| End::Failed {
        behind,
        code,
        headers,
    };
    let mut ends = vec![
        failed(1, Code::DEADLINE_EXCEEDED, true),
        failed(0, Code::DEADLINE_EXCEEDED, false),
        failed(2, Code::CANCELLED, true),
        failed(0, Code::CANCELLED, false),
        // What invites to ask again, before there is an answer.
        failed(0, Code::UNAVAILABLE, false),
        failed(1, codes[0], true),
        failed(0, codes[1], true),
        End::TonicsWords,
        End::Early(0),
        End::Early(2),
        End::Reset,
    ];
    seed.generator(61).shuffle(&mut ends);
    let mut passing = PASSING;
    seed.generator(62).shuffle(&mut passing);
    // The program is still there when it has given up a call before the last.
    let before_last = ends.len() - 1;
    ends.splice(
        before_last..before_last,
        [passing.as_slice(), &[End::Whole]].concat(),
    );
    ends.insert(0, End::Served);
    ends
}

/// The limit of a batch at a place. No two are the same, they do not rise, and no busy machine lets one of seconds pass.
fn limit(seed: Seed, place: u64, end: End) -> Duration {
    let milliseconds = match end {
        End::TooLong => 2_400 + 10 * seed.draw(63, 21),
        End::LateHeaders => 2_200 + 10 * seed.draw(64, 20),
        End::NoHeaders => 1_200 + 10 * seed.draw(65, 21),
        // 7 and 16 have no common divisor.
        _ => 1_000 * (20 + 2 * ((7 * place + seed.draw(66, 16)) % 16)),
    };
    Duration::from_millis(milliseconds)
}
