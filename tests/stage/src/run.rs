//! One run of one program between its peers.
//!
//! The stage starts the program as a process, puts a tap on every wire, gives it its task, lets the scenario act, and
//! gathers what crossed the wires and what the program reported. It waits for events, never for time; the one limit in
//! time is for a program that does nothing any more.

use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;

use anyhow::{Context, Result};
use proto::control::v1::{Bytes, Document, Release, Stop, Task, from_program, to_program};
use tap::{Address, Event, Options, Recorder, Side, Tap, Transcript};
use tokio::process::Child;
use tokio::sync::{Mutex as AsyncMutex, watch};
use tonic::transport::{Channel, Endpoint};

use crate::control::{Listener, Writer};
use crate::heard::Heard;
use crate::hop;
use crate::inputs::{Seed, Source};
use crate::patience;
use crate::process::{Printed, Process};
use crate::reference::Reference;
use crate::scenario::{Inputs, Peer, Scenario};
use crate::transcript::transcript;

/// A program that runs exercises.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its path.
    pub path: PathBuf,
    /// The exercise, or the variant of it, as the program names it: `unary.1` or `unary.1/own-name`.
    pub exercise: String,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Run {
    /// What it was run on.
    pub inputs: Inputs,
    /// Everything that crossed the wires.
    pub events: Vec<Event>,
    /// What the program said on the control channel.
    pub said: Vec<from_program::Kind>,
    /// In a lesson without a network: the messages that the program, as the client, and its peer sent. Each side's are
    /// in order; those of the peer stand where the scenario says that they belong, whenever they went out.
    pub bytes: Vec<(Side, Vec<u8>)>,
    /// How it ended.
    pub end: End,
    /// What it printed.
    pub output: Printed,
    /// The canonical form of the run.
    pub transcript: Transcript,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The exercise's function returned. The text is its error, empty where there is none.
    Finished(String),
    /// It reached a gap.
    Unfinished {
        /// The task of the gap.
        task: String,
        /// Where, relative to the workspace.
        file: String,
        /// The line, from 1.
        line: u32,
    },
    /// The process ended without a word.
    Exited(String),
    /// Nothing happened any more.
    Hung,
    /// It went on and on.
    Endless,
}

/// What a scenario acts through while the program runs.
pub struct Stage {
    hear: watch::Sender<Heard>,
    heard: watch::Receiver<Heard>,
    writer: Arc<AsyncMutex<Option<Writer>>>,
    recorder: Recorder,
    edge: Option<Edge>,
    /// How many of the program's messages [`Stage::sent`] has returned.
    taken: usize,
}

struct Edge {
    channel: Channel,
    tap: Tap,
}

impl Stage {
    /// Waits for the program's next message. `None` when it has ended without one.
    pub async fn sent(&mut self) -> Option<Vec<u8>> {
        let next = self.taken;
        let ready = |heard: &Heard| heard.sent(next).is_some() || heard.end.is_some();
        let heard = self.heard.wait_for(ready).await.ok()?;
        let data = heard.sent(next)?.to_vec();
        self.taken += 1;
        Some(data)
    }

    /// Sends the program a message, which answers what [`Stage::sent`] returned last.
    pub async fn give(&self, data: Vec<u8>) {
        self.give_before(self.taken, data).await;
    }

    /// Sends the program a message now, and has it shown before the program's `turn`th one, from 0: for a peer that does
    /// not wait for answers, so that a program which owes one is not kept waiting for ever.
    pub async fn give_before(&self, turn: usize, data: Vec<u8>) {
        // Before the program has dialled there is nobody to give it to.
        let there = |heard: &Heard| !heard.said.is_empty() || heard.end.is_some();
        if self.heard.clone().wait_for(there).await.is_err() {
            return;
        }
        self.hear
            .send_modify(|heard| heard.peer_sent(turn, data.clone()));
        self.say(to_program::Kind::Received(Bytes { data })).await;
    }

    /// A channel to the program, through the tap.
    ///
    /// # Errors
    ///
    /// When the program is no server.
    pub fn edge(&self) -> Result<Channel> {
        Ok(self
            .edge
            .as_ref()
            .context("this program is no server")?
            .channel
            .clone())
    }

    /// Waits until this holds of what crossed the wires. For as long as it takes: the stage ends it with the run.
    pub async fn until(&self, predicate: impl FnMut(&[Event]) -> bool) -> Vec<Event> {
        self.recorder.until(predicate).await
    }

    /// Waits until this holds of what the program said. As patient.
    pub async fn until_said(&self, mut predicate: impl FnMut(&[from_program::Kind]) -> bool) {
        // It fails when the run is over, and then nobody waits for this any more.
        let mut heard = self.heard.clone();
        let _ = heard.wait_for(|heard| predicate(&heard.said)).await;
    }

    /// What the program said so far.
    pub fn said(&self) -> Vec<from_program::Kind> {
        self.heard.borrow().said.clone()
    }

    /// Lets a piece of given work come to its end.
    pub async fn release(&self, gate: String) {
        self.say(to_program::Kind::Release(Release { gate })).await;
    }

    /// Where the program listens, once it does. `None` when it has ended before.
    async fn listening(&mut self) -> Option<Address> {
        let address = |heard: &Heard| {
            heard.said.iter().find_map(|kind| match kind {
                from_program::Kind::Listening(listening) => listening.address.parse().ok(),
                _ => None,
            })
        };
        let heard = self
            .heard
            .wait_for(|heard| address(heard).is_some() || heard.end.is_some());
        heard.await.ok().and_then(|heard| address(&heard))
    }

    async fn say(&self, kind: to_program::Kind) {
        if let Some(writer) = self.writer.lock().await.as_mut() {
            writer.say(kind).await;
        }
    }
}

/// Runs a program once.
///
/// # Errors
///
/// When the stage itself fails: a socket, a process, or the reference server. What the program does wrong is no error.
pub async fn run(
    program: &Program,
    scenario: &'static dyn Scenario,
    seed: Seed,
    reference: Option<&Reference>,
) -> Result<Run> {
    let reference = reference.filter(|_| scenario.peer() != Peer::Bytes);
    let inputs = scenario.inputs(&mut Source::new(seed, reference)).await?;
    let folder = temp_dir::TempDir::new().context("make a folder for the run")?;
    let listener = Listener::bind(folder.path())
        .await
        .context("listen for the program")?;
    let recorder = Recorder::new();
    let upstream = upstream_tap(scenario, &inputs, reference, &recorder)?;
    let mut process = Process::spawn(program, &listener.address)?;
    let program_id = process.child.id();

    let (hear, heard) = watch::channel(Heard::default());
    let mut stage = Stage {
        hear: hear.clone(),
        heard,
        writer: Arc::default(),
        recorder: recorder.clone(),
        edge: None,
        taken: 0,
    };
    let writer = stage.writer.clone();
    let listening = async {
        let task = task(&inputs, upstream.as_ref());
        let end = listen(listener, task, &mut process.child, &writer, &hear).await;
        // The program waits in its gap. Soon the stage lets go of its own calls, which would show as given up.
        let gap = matches!(end, End::Unfinished { .. });
        let before_gap = gap.then(|| of_calls_that_are_over(recorder.snapshot()));
        hear.send_modify(|heard| heard.end = Some(end));
        before_gap
    };
    let acting = act(scenario, &inputs, &recorder, &mut stage);
    let processes: Vec<_> = program_id
        .into_iter()
        .chain(reference.map(Reference::id))
        .collect();
    let hung = async {
        let end = patience::runs_out(&recorder, hear.subscribe(), &processes).await;
        // Before the stage lets go of its own calls, which would show as given up.
        (end, recorder.snapshot())
    };
    let (cut, stopped_with, acted) = tokio::select! {
        (events, acted) = async { tokio::join!(listening, acting) } => (None, events, acted),
        (end, events) = hung => (Some(end), Some(events), Ok(())),
    };
    let mut heard = stage.heard.borrow().clone();
    let end = heard.end.take().or(cut).unwrap_or(End::Hung);
    let output = match end {
        End::Finished(_) | End::Exited(_) => process.end().await,
        // It waits at its gap, or for what never comes.
        End::Unfinished { .. } | End::Hung | End::Endless => process.kill().await,
    };
    if let Some(edge) = stage.edge.take() {
        edge.tap.shutdown().await;
    }
    if let Some(tap) = upstream {
        tap.shutdown().await;
    }
    acted?;
    let mut events = stopped_with.unwrap_or_else(|| recorder.snapshot());
    let mut bytes = heard.in_order();
    events.truncate(patience::MOST);
    heard.said.truncate(patience::MOST);
    bytes.truncate(patience::MOST);
    let mut transcript = transcript(scenario, &inputs, &events, &heard.said, &bytes)?;
    transcript.lines.truncate(patience::MOST);
    Ok(Run {
        inputs,
        events,
        said: heard.said,
        bytes,
        end,
        output,
        transcript,
    })
}

/// The events of calls that have ended, and of their connections. How far all else has come when a gap is reached is up to
/// chance, and says nothing about what the learner has written.
fn of_calls_that_are_over(mut events: Vec<Event>) -> Vec<Event> {
    let over = |event: &&Event| event.kind.ends_call();
    let over: Vec<_> = events
        .iter()
        .filter(over)
        .map(|event| (event.hop, event.connection, event.call))
        .collect();
    events.retain(|event| {
        over.iter().any(|(hop, connection, call)| {
            let same = (event.hop, event.connection) == (*hop, *connection);
            same && (event.call == *call || event.call == 0)
        })
    });
    events
}

/// The tap in front of the reference server, where the program has that for a peer.
fn upstream_tap(
    scenario: &'static dyn Scenario,
    inputs: &Inputs,
    reference: Option<&Reference>,
    recorder: &Recorder,
) -> Result<Option<Tap>> {
    let hop = match scenario.peer() {
        Peer::Bytes => return Ok(None),
        Peer::Server => hop::CLIENT_SERVER,
        Peer::Edge => hop::EDGE_HOST,
    };
    let reference = reference.context("this exercise needs the reference server")?;
    let inputs = inputs.clone();
    let options = Options::new(hop, reference.address().clone(), recorder)
        .plan(move |call| scenario.plan(&inputs, call));
    Ok(Some(Tap::start(options).context(
        "start the tap in front of the reference server",
    )?))
}

fn task(inputs: &Inputs, upstream: Option<&Tap>) -> Task {
    let own = |(id, text): &(String, String)| Document {
        id: id.clone(),
        text: text.clone(),
    };
    Task {
        peer: upstream
            .map(|tap| tap.address().to_string())
            .unwrap_or_default(),
        documents: inputs.documents.iter().map(own).collect(),
        settings: inputs.settings.clone().into_iter().collect(),
        listen: String::new(),
    }
}

/// Hears the program until it says how it ended. One that hangs up without a word is about to exit, which says more; all
/// that it had said is heard before.
async fn listen(
    listener: Listener,
    task: Task,
    child: &mut Child,
    writer: &AsyncMutex<Option<Writer>>,
    hear: &watch::Sender<Heard>,
) -> End {
    let accepted = tokio::select! {
        accepted = listener.accept() => accepted,
        status = child.wait() => return exited(status),
    };
    if let Ok((mut reader, mut own)) = accepted {
        own.say(to_program::Kind::Task(task)).await;
        *writer.lock().await = Some(own);
        while let Some(kind) = reader.next().await {
            let end = match &kind {
                from_program::Kind::Finished(finished) => {
                    Some(End::Finished(finished.error.clone()))
                }
                from_program::Kind::Unfinished(gap) => Some(End::Unfinished {
                    task: gap.task.clone(),
                    file: gap.file.replace('\\', "/"),
                    line: gap.line,
                }),
                _ => None,
            };
            hear.send_modify(|heard| match kind {
                from_program::Kind::Sent(bytes) => heard.program_sent(bytes.data),
                kind => heard.said.push(kind),
            });
            if let Some(end) = end {
                return end;
            }
        }
    }
    exited(child.wait().await)
}

fn exited(status: std::io::Result<ExitStatus>) -> End {
    End::Exited(status.map_or_else(|error| error.to_string(), |status| status.to_string()))
}

/// Lets the scenario act. For an edge: waits until it listens, puts the second tap in front of it, and tells it to stop
/// afterwards. Ends early when the program has ended.
async fn act(
    scenario: &dyn Scenario,
    inputs: &Inputs,
    recorder: &Recorder,
    stage: &mut Stage,
) -> Result<()> {
    let mut heard = stage.heard.clone();
    let ended = heard.wait_for(|heard| heard.end.is_some());
    let acting = async {
        if scenario.peer() == Peer::Edge {
            let Some(address) = stage.listening().await else {
                return Ok(());
            };
            let options = Options::new(hop::CLIENT_EDGE, address, recorder);
            let tap = Tap::start(options).context("start the tap in front of the program")?;
            let channel = Endpoint::from_shared(tap.address().to_string())?.connect_lazy();
            stage.edge = Some(Edge { channel, tap });
        }
        scenario.drive(stage, inputs).await?;
        if scenario.peer() == Peer::Edge {
            stage.say(to_program::Kind::Stop(Stop {})).await;
        }
        Ok(())
    };
    tokio::select! {
        // What the program did before its end is answered all the same, so that its transcript is the same every time.
        biased;
        result = acting => result,
        _ = ended => Ok(()),
    }
}
