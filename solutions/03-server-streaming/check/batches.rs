//! Batches for an edge, and the host's part, which the course plays.
//!
//! A call to the host has no id: nobody knows what it asks about before its text is there. So each gets a script when it
//! begins, and what the host says is decided when the scenario has read the text.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use prost::Message;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyRequest};
use proto::model::v1::{RankRequest, RankResponse};
use stage::hop::{CLIENT_EDGE, EDGE_HOST};
use stage::{CallOptions, Client, Stage, StreamingCall};
use tap::{CallInfo, CallPlan, Event, EventKind, FaultKind, Gate, Script, Side};

use super::replies::Reply;
use super::{BATCH_METHOD, RANK_METHOD};

/// The host's part of the calls of [`RANK_METHOD`], by [`CallInfo::nth`].
#[derive(Debug, Default)]
pub(crate) struct Host(Mutex<BTreeMap<u32, Turn>>);

/// What the host waits for before it answers one call: the gate if the reference server answers, and the script if the
/// course does.
#[derive(Clone, Debug, Default)]
struct Turn {
    gate: Gate,
    script: Script,
}

impl Host {
    /// The plan for a call whose answer is the course's: none comes before [`Host::reply`] is called. Calls of other
    /// methods are left alone.
    pub(crate) fn play(&self, call: &CallInfo) -> CallPlan {
        CallPlan {
            script: is_rank(call).then(|| self.turn(call.nth).script),
            ..CallPlan::default()
        }
    }

    /// The plan for a call whose answer is the reference server's, which does not come through before [`Host::reply`] is
    /// called.
    pub(crate) fn hold(&self, call: &CallInfo) -> CallPlan {
        CallPlan {
            hold_answer: is_rank(call).then(|| self.turn(call.nth).gate),
            ..CallPlan::default()
        }
    }

    /// Lets a call have its answer. `nth` is [`Asked::nth`].
    pub(crate) fn reply(&self, nth: u32, reply: &Reply) {
        let Turn { gate, script } = self.turn(nth);
        gate.open();
        match reply {
            Reply::Reference => {}
            Reply::Ranks(ranking) => script.end(FaultKind::Answer(ranking.encode_to_vec().into())),
            Reply::Fails(kind) => script.end(kind.clone()),
        }
    }

    fn turn(&self, nth: u32) -> Turn {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        turns.entry(nth).or_default().clone()
    }
}

fn is_rank(call: &CallInfo) -> bool {
    call.hop == EDGE_HOST && call.path == RANK_METHOD
}

/// A call of [`RANK_METHOD`] whose request is there as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Which call of the method it is, as [`CallInfo::nth`].
    pub(crate) nth: u32,
    /// The text that it asks about. `None` where the request does not decode.
    pub(crate) text: Option<String>,
    /// Whether the call is over.
    pub(crate) ended: bool,
}

/// The calls of [`RANK_METHOD`] whose requests are there as a whole, in the order in which they began.
pub(crate) fn asked(events: &[Event]) -> Vec<Asked> {
    let mut calls: Vec<(Asked, bool)> = Vec::new();
    let mut index_of = HashMap::new();
    for event in events.iter().filter(|event| event.hop == EDGE_HOST) {
        if let EventKind::Request { path, .. } = &event.kind {
            if path == RANK_METHOD {
                index_of.insert(event.call, calls.len());
                let asked = Asked {
                    nth: u32::try_from(calls.len() + 1).unwrap_or(u32::MAX),
                    text: None,
                    ended: false,
                };
                calls.push((asked, false));
            }
            continue;
        }
        let Some(index) = index_of.get(&event.call) else {
            continue;
        };
        let (asked, whole) = &mut calls[*index];
        match &event.kind {
            EventKind::Message {
                from: Side::Client,
                bytes,
                ..
            } => {
                let request = RankRequest::decode(bytes.clone());
                asked.text = request.ok().map(|request| request.text);
            }
            EventKind::HalfClose => *whole = true,
            kind => asked.ended |= kind.ends_call(),
        }
    }
    let whole = calls.into_iter().filter(|(_, whole)| *whole);
    whole.map(|(asked, _)| asked).collect()
}

/// Calls the edge with a batch. To drop the call is to cancel it.
pub(crate) fn call(client: &Client, request: &ClassifyBatchRequest) -> StreamingCall {
    call_with(client, request, CallOptions::default())
}

/// The same with options.
pub(crate) fn call_with(
    client: &Client,
    request: &ClassifyBatchRequest,
    options: CallOptions,
) -> StreamingCall {
    let mut call = client.stream(BATCH_METHOD, options);
    call.send(request.encode_to_vec());
    call.half_close();
    call
}

/// How far a call of [`BATCH_METHOD`] has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// How many messages have come back.
    pub(crate) answers: usize,
    /// Whether it is over, whoever ended it.
    pub(crate) ended: bool,
}

impl Progress {
    /// Whether so many messages have come back, or no more will.
    fn has(self, answers: usize) -> bool {
        self.answers >= answers || self.ended
    }
}

/// How far the `nth` call of [`BATCH_METHOD`] has come, from 1.
pub(crate) fn progress(events: &[Event], nth: usize) -> Progress {
    let of_edge = || events.iter().filter(|event| event.hop == CLIENT_EDGE);
    let mut begun = of_edge().filter(
        |event| matches!(&event.kind, EventKind::Request { path, .. } if path == BATCH_METHOD),
    );
    let call = nth.checked_sub(1).and_then(|index| begun.nth(index));
    let Some(call) = call.map(|event| event.call) else {
        return Progress::default();
    };
    let of_call = || of_edge().filter(|event| event.call == call);
    let is_answer = |event: &&Event| {
        matches!(
            event.kind,
            EventKind::Message {
                from: Side::Server,
                ..
            }
        )
    };
    Progress {
        answers: of_call().filter(is_answer).count(),
        ended: of_call().any(|event| event.kind.ends_call()),
    }
}

/// A batch, and what the host does about each of its documents.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) request: ClassifyBatchRequest,
    /// In the order of the documents.
    pub(crate) replies: Vec<Reply>,
}

impl Batch {
    /// A batch of these documents. The caller wants keywords, so that an edge may leave them out where nobody wants them.
    pub(crate) fn new(documents: Vec<(ClassifyRequest, Reply)>) -> Self {
        let (requests, replies) = documents.into_iter().unzip();
        Self {
            request: ClassifyBatchRequest {
                requests,
                include_keywords: true,
            },
            replies,
        }
    }

    /// The place of the document that has this text: of several, the first that was not asked about.
    pub(crate) fn place(&self, text: Option<&str>, asked: &[bool]) -> Option<usize> {
        let same = |place: &usize| Some(self.request.requests[*place].text.as_str()) == text;
        let mut places: Vec<_> = (0..self.replies.len()).filter(same).collect();
        places.sort_by_key(|place| asked[*place]);
        places.first().copied()
    }
}

/// Calls the edge with one batch after the other, and answers the edge's calls to the host.
pub(crate) struct Player<'a> {
    stage: &'a Stage,
    client: Client,
    host: &'a Host,
    /// How many calls to the host have their answers.
    replied: usize,
    /// How many batches were sent.
    sent: usize,
}

impl<'a> Player<'a> {
    /// # Errors
    ///
    /// When the program is not a server.
    pub(crate) fn new(stage: &'a Stage, host: &'a Host) -> anyhow::Result<Self> {
        Ok(Self {
            stage,
            client: stage.client()?,
            host,
            replied: 0,
            sent: 0,
        })
    }

    /// Sends a batch and returns when it is over. The host answers about one document when the client has an answer about
    /// each before it: an edge that keeps answers back gets no more of the host's.
    ///
    /// A call to the host about no document of the batch, or about one that was asked about before, is answered at once:
    /// it is a mistake already.
    pub(crate) async fn play(&mut self, batch: &Batch) {
        let mut call = call(&self.client, &batch.request);
        self.sent += 1;
        let (nth, mut due) = (self.sent, 0);
        let mut seen = vec![false; batch.replies.len()];
        loop {
            let next = |events: &[Event]| asked(events).into_iter().nth(self.replied);
            let events = self
                .stage
                .until(|events| progress(events, nth).ended || next(events).is_some())
                .await;
            if progress(&events, nth).ended {
                break;
            }
            let Some(asked) = next(&events) else { continue };
            let place = batch.place(asked.text.as_deref(), &seen);
            let reply = match place {
                Some(place) if !seen[place] => {
                    let stage = self.stage;
                    stage.until(|events| progress(events, nth).has(due)).await;
                    seen[place] = true;
                    due += 1;
                    batch.replies[place].clone()
                }
                Some(place) => batch.replies[place].clone(),
                None => Reply::Ranks(RankResponse::default()),
            };
            self.host.reply(asked.nth, &reply);
            self.replied += 1;
        }
        // The tap has its record; the client lets go of the call.
        call.drain().await;
    }
}
