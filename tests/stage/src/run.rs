//! One run of one program between its peers: setup, race, teardown.
//!
//! The stage starts the program as a process, puts a tap on every wire, gives it its task, lets the scenario act, and
//! gathers what crossed the wires and what the program reported. It waits for events, never for time; the watchdog's
//! limits are for a program that will never finish.

use anyhow::{Context, Result};
use proto::control::v1::{Document, Task, from_program};
use tap::{CallInfo, Event, Options, Recorder, Side, Tap, Transcript};
use tokio::sync::watch;

use crate::control::Listener;
use crate::cut;
use crate::end::{End, Hang};
use crate::folder::PrivateFolder;
use crate::gap;
use crate::handle::Stage;
use crate::hop;
use crate::inputs::{Seed, Source};
use crate::limits::MAX_EVENTS;
use crate::memory;
use crate::printed::Printed;
use crate::process::{Process, Program};
use crate::program_log;
use crate::reference::Reference;
use crate::run_log::RunLog;
use crate::scenario::{Inputs, Peer, Scenario};
use crate::traffic::Traffic;
use crate::transcript::transcript;
use crate::watchdog::{self, Watched};

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Run {
    /// What the program was run on.
    pub inputs: Inputs,
    /// Everything that crossed the wires.
    pub events: Vec<Event>,
    /// What the program sent on the control channel.
    pub messages: Vec<from_program::Kind>,
    /// In a lesson without a network: what the program, as the client, and its peer sent. Each side's messages are in
    /// order; those of the peer stand where the scenario says that they belong, whenever they were sent.
    pub bytes: Vec<(Side, Vec<u8>)>,
    /// How the run ended.
    pub end: End,
    /// What the program printed.
    pub output: Printed,
    /// The canonical form of the run.
    pub transcript: Transcript,
}

impl Run {
    /// The canonical form of what was recorded, for whoever has changed the record.
    ///
    /// # Errors
    ///
    /// When the contracts' descriptors are broken.
    pub fn transcribed(&self, scenario: &dyn Scenario) -> Result<Transcript> {
        let mut transcript = transcript(
            scenario,
            &self.inputs,
            &self.events,
            &self.messages,
            &self.bytes,
        )?;
        cut::transcript(&mut transcript);
        Ok(transcript)
    }
}

/// Runs a program once.
///
/// # Errors
///
/// When the stage itself fails: a socket, a process, or the reference server. A mistake of the program is not an error.
pub async fn run(
    program: &Program,
    scenario: &'static dyn Scenario,
    seed: Seed,
    reference: Option<&Reference>,
) -> Result<Run> {
    let reference = reference.filter(|_| scenario.peer() != Peer::Bytes);
    let inputs = scenario.inputs(&mut Source::new(seed, reference)).await?;
    let mut running = set_up(program, scenario, &inputs, reference)?;
    let raced = race(&mut running, scenario, &inputs).await;
    let Ended {
        mut log,
        mut events,
        end,
        output,
    } = tear_down(running, raced).await?;
    let mut bytes = log.bytes_in_order();
    // A run that is ended since it has too many has a few more by then.
    events.truncate(MAX_EVENTS);
    log.messages.truncate(MAX_EVENTS);
    bytes.truncate(MAX_EVENTS);
    let mut transcript = transcript(scenario, &inputs, &events, &log.messages, &bytes)?;
    cut::transcript(&mut transcript);
    Ok(Run {
        inputs,
        events,
        messages: log.messages,
        bytes,
        end,
        output,
        transcript,
    })
}

/// Everything that takes part in a run.
struct Running {
    listener: Listener,
    process: Process,
    /// The tap between the program and the reference server.
    upstream: Option<Tap>,
    recorder: Recorder,
    log: watch::Sender<RunLog>,
    stage: Stage,
    /// The processes that the watchdog looks at.
    watched: Watched,
    /// Holds the control channel's socket.
    _folder: PrivateFolder,
}

/// Starts the taps and the program. Nothing has been received from it yet.
fn set_up(
    program: &Program,
    scenario: &'static dyn Scenario,
    inputs: &Inputs,
    reference: Option<&Reference>,
) -> Result<Running> {
    let folder = PrivateFolder::new().context("make a folder for the run")?;
    let listener = Listener::bind(folder.path()).context("listen for the program")?;
    let recorder = Recorder::new();
    let upstream = upstream_tap(scenario, inputs, reference, &recorder)?;
    let process = Process::spawn(program, &listener.path)?;
    let watched = Watched {
        program: process.child.id(),
        reference: reference.map(Reference::id),
    };
    let (log, _) = watch::channel(RunLog::default());
    Ok(Running {
        listener,
        process,
        upstream,
        stage: Stage::new(log.clone(), recorder.clone(), watched.program),
        recorder,
        log,
        watched,
        _folder: folder,
    })
}

/// How the race of the program against the watchdog came out.
struct Raced {
    /// Why the watchdog ended the run, if it did.
    expired: Option<End>,
    /// The events at the moment when the run ended early, if it did.
    events: Option<Vec<Event>>,
    /// What the scenario came to.
    acted: Result<()>,
}

/// Lets the program run and the scenario act until both have ended, or until the watchdog ends the run.
async fn race(running: &mut Running, scenario: &'static dyn Scenario, inputs: &Inputs) -> Raced {
    let Running {
        listener,
        process,
        upstream,
        recorder,
        log,
        stage,
        watched,
        ..
    } = running;
    let writer = stage.writer();
    let receiving = async {
        let task = task(inputs, upstream.as_ref());
        let end = program_log::record(listener, task, &mut process.child, &writer, log).await;
        // The program waits at its gap. Soon the stage gives up its calls, which would show as cancelled.
        let at_gap = matches!(end, End::Unfinished { .. });
        let events = at_gap.then(|| gap::of_ended_calls(recorder.snapshot()));
        log.send_modify(|log| log.end = Some(end));
        events
    };
    let acting = act(scenario, inputs, stage, log.subscribe());
    let watching = async {
        let end = watchdog::expired(recorder, log.subscribe(), *watched).await;
        // Before the stage gives up its calls, which would show as cancelled.
        (end, recorder.snapshot())
    };
    tokio::select! {
        (events, acted) = async { tokio::join!(receiving, acting) } => Raced {
            expired: None,
            events,
            acted,
        },
        (end, events) = watching => Raced {
            expired: Some(end),
            events: Some(events),
            acted: Ok(()),
        },
    }
}

/// Lets the scenario act, and tells a program that serves to stop afterwards. Ends early when the program has ended.
async fn act(
    scenario: &'static dyn Scenario,
    inputs: &Inputs,
    stage: &mut Stage,
    mut log: watch::Receiver<RunLog>,
) -> Result<()> {
    let acting = async {
        let serves = scenario.peer() == Peer::Edge;
        if serves {
            let drawn = inputs.clone();
            let plan = move |call: &CallInfo| scenario.plan(&drawn, call);
            if !stage.open_edge(plan).await? {
                return Ok(());
            }
        }
        scenario.drive(stage, inputs).await?;
        if serves {
            stage.stop_program().await;
        }
        Ok(())
    };
    tokio::select! {
        // What the program did before its end is answered all the same, so that its transcript is the same every time.
        biased;
        result = acting => result,
        _ = log.wait_for(|log| log.end.is_some()) => Ok(()),
    }
}

/// What is left of a run when everything that took part in it has gone.
struct Ended {
    log: RunLog,
    events: Vec<Event>,
    end: End,
    output: Printed,
}

/// Ends the process and closes the taps, in this order, so that the taps record how the program let go of its
/// connections.
///
/// # Errors
///
/// When the scenario failed.
async fn tear_down(running: Running, raced: Raced) -> Result<Ended> {
    let Running {
        process,
        upstream,
        recorder,
        log,
        mut stage,
        ..
    } = running;
    let mut log = log.borrow().clone();
    let end = log
        .end
        .take()
        .or(raced.expired)
        .unwrap_or(End::Hung(Hang::default()));
    let output = match end {
        End::Finished(_) | End::Exited(_) => process.end().await,
        // It waits at its gap, or for something that never comes, or goes on for ever.
        End::Unfinished { .. } | End::Hung(_) | End::Runaway(_) => process.kill().await,
    };
    stage.close_edge().await;
    if let Some(tap) = upstream {
        tap.shutdown().await;
    }
    raced.acted?;
    let events = raced.events.unwrap_or_else(|| recorder.snapshot());
    // A program may finish in the moment in which it passes a limit. Then it has passed it all the same.
    let excess = Traffic::default().excess(&events);
    let end = memory::end_of(excess.map_or(end, End::Runaway), &output);
    Ok(Ended {
        log,
        events,
        end,
        output,
    })
}

/// The tap in front of the reference server, if the reference server is the program's peer.
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
    let tap = Tap::start(options).context("start the tap in front of the reference server")?;
    Ok(Some(tap))
}

fn task(inputs: &Inputs, upstream: Option<&Tap>) -> Task {
    let documents = inputs.documents.iter().map(|(id, text)| Document {
        id: id.clone(),
        text: text.clone(),
    });
    Task {
        peer: upstream.map_or_else(String::new, |tap| tap.address().to_string()),
        documents: documents.collect(),
        settings: inputs.settings.clone().into_iter().collect(),
    }
}
