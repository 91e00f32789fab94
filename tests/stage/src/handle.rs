//! The handle through which a scenario acts while the program runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use proto::control::v1::{Bytes, Release, Stop, from_program, to_program};
use tap::{Address, CallInfo, CallPlan, Event, Options, Recorder, Tap};
use tokio::sync::{Mutex, watch};
use tonic::transport::Endpoint;

use crate::blocked::Blocked;
use crate::client::Client;
use crate::control::Writer;
use crate::cpu_time::cpu_time_if_blocked;
use crate::hop;
use crate::run_log::RunLog;

/// How often [`Stage::settled`] looks.
const SETTLED_LOOK: Duration = Duration::from_millis(10);

/// How many times as long [`Stage::settled`] waits for a program that is never seen blocked.
const LONGER: u32 = 5;

/// What a scenario acts through while the program runs.
pub struct Stage {
    log: watch::Sender<RunLog>,
    writer: Arc<Mutex<Option<Writer>>>,
    recorder: Recorder,
    edge: Option<Edge>,
    /// The process of the program.
    program: Option<u32>,
    /// How many messages [`Stage::next_message`] has returned.
    received: usize,
}

/// A program that serves.
struct Edge {
    client: Client,
    tap: Tap,
}

impl Stage {
    /// The handle of a run that records into these two.
    pub(crate) fn new(
        log: watch::Sender<RunLog>,
        recorder: Recorder,
        program: Option<u32>,
    ) -> Self {
        Self {
            log,
            writer: Arc::default(),
            recorder,
            edge: None,
            program,
            received: 0,
        }
    }

    /// In a lesson without a network: waits for the program's next message. `None` when it has ended without one.
    pub async fn next_message(&mut self) -> Option<Vec<u8>> {
        let position = self.received;
        let mut log = self.log.subscribe();
        let log = log
            .wait_for(|log| log.sent_by_program(position).is_some() || log.end.is_some())
            .await
            .ok()?;
        let data = log.sent_by_program(position)?.to_vec();
        self.received += 1;
        Some(data)
    }

    /// In a lesson without a network: sends the program a message, which answers what [`Stage::next_message`] returned
    /// last.
    pub async fn send(&self, data: Vec<u8>) {
        self.send_before(self.received, data).await;
    }

    /// Sends the program a message now, and has the transcript show it before the program's message at `position`, from
    /// 0. For a peer that does not wait for answers, so that a program which owes one is not kept waiting for ever.
    pub async fn send_before(&self, position: usize, data: Vec<u8>) {
        // Before the program has dialled there is nobody to send it to.
        let dialled = |log: &RunLog| !log.messages.is_empty() || log.end.is_some();
        if self.log.subscribe().wait_for(dialled).await.is_err() {
            return;
        }
        self.log
            .send_modify(|log| log.peer_sent(position, data.clone()));
        self.control(to_program::Kind::Received(Bytes { data }))
            .await;
    }

    /// A client of the program, behind the tap.
    ///
    /// # Errors
    ///
    /// When the program is not a server.
    pub fn client(&self) -> Result<Client> {
        let edge = self.edge.as_ref();
        Ok(edge.context("this program is not a server")?.client.clone())
    }

    /// What has crossed the wires so far.
    pub fn events(&self) -> Vec<Event> {
        self.recorder.snapshot()
    }

    /// Waits until what has crossed the wires satisfies this, and returns it. It has no limit in time: the stage ends
    /// the wait with the run.
    pub async fn until(&self, predicate: impl FnMut(&[Event]) -> bool) -> Vec<Event> {
        self.recorder.until(predicate).await
    }

    /// Returns when the program has had its chance: nothing has crossed the wires for this long, in which the program was
    /// blocked all the time. For a wait before which a program that goes too far is to have gone too far, however busy the
    /// machine is; nothing may depend on it for one that does not. One that is at work again and again without anything
    /// crossing the wires, or of which the system does not tell, is given five times as long.
    pub async fn settled(&self, quiet: Duration) {
        let cpu_time = || self.program.and_then(|it| cpu_time_if_blocked(&[it]));
        let (mut count, mut silent_since) = (self.recorder.len(), Instant::now());
        let mut blocked = Blocked::new(cpu_time());
        loop {
            tokio::time::sleep(SETTLED_LOOK).await;
            let count_now = self.recorder.len();
            let happened = count_now != count;
            if happened {
                (count, silent_since) = (count_now, Instant::now());
            }
            blocked.look(cpu_time(), happened);
            let quietly = blocked.time().is_some_and(|time| time >= quiet);
            if quietly || silent_since.elapsed() >= quiet * LONGER {
                return;
            }
        }
    }

    /// What the program has sent on the control channel so far.
    pub fn messages(&self) -> Vec<from_program::Kind> {
        self.log.borrow().messages.clone()
    }

    /// Waits until what the program has sent on the control channel satisfies this. Without a limit in time, as
    /// [`Stage::until`].
    pub async fn until_messages(&self, mut predicate: impl FnMut(&[from_program::Kind]) -> bool) {
        let mut log = self.log.subscribe();
        // The channel is open as long as this handle is there.
        let _ = log.wait_for(|log| predicate(&log.messages)).await;
    }

    /// Opens a gate of the program: the blocking job of this name ends.
    pub async fn release(&self, gate: String) {
        self.control(to_program::Kind::Release(Release { gate }))
            .await;
    }

    /// Where to put the program's control channel once the program has dialled.
    pub(crate) fn writer(&self) -> Arc<Mutex<Option<Writer>>> {
        self.writer.clone()
    }

    /// Waits until the program serves, and puts a tap in front of it. `false` when it has ended before.
    pub(crate) async fn open_edge(
        &mut self,
        plan: impl Fn(&CallInfo) -> CallPlan + Send + Sync + 'static,
    ) -> Result<bool> {
        let Some(address) = self.listening().await else {
            return Ok(false);
        };
        let options = Options::new(hop::CLIENT_EDGE, address, &self.recorder).plan(plan);
        let tap = Tap::start(options).context("start the tap in front of the program")?;
        let channel = Endpoint::from_shared(tap.address().to_string())?.connect_lazy();
        let client = Client::new(channel);
        self.edge = Some(Edge { client, tap });
        Ok(true)
    }

    /// Tells the program to stop serving.
    pub(crate) async fn stop_program(&self) {
        self.log.send_modify(|log| log.told_to_stop = true);
        self.control(to_program::Kind::Stop(Stop {})).await;
    }

    /// Gives up the calls to the program, and closes the tap in front of it.
    pub(crate) async fn close_edge(&mut self) {
        if let Some(edge) = self.edge.take() {
            edge.tap.shutdown().await;
        }
    }

    /// Where the program listens, once it does. `None` when it has ended before.
    async fn listening(&self) -> Option<Address> {
        let address = |log: &RunLog| {
            log.messages.iter().find_map(|message| match message {
                from_program::Kind::Listening(listening) => listening.address.parse().ok(),
                _ => None,
            })
        };
        let mut log = self.log.subscribe();
        let log = log.wait_for(|log| address(log).is_some() || log.end.is_some());
        log.await.ok().and_then(|log| address(&log))
    }

    /// Sends a message on the control channel, once the program has dialled.
    async fn control(&self, kind: to_program::Kind) {
        if let Some(writer) = self.writer.lock().await.as_mut() {
            writer.send(kind).await;
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    const QUIET: Duration = Duration::from_millis(200);

    /// For how long a program that does nothing but this is waited for.
    async fn settled(script: &str) -> Duration {
        let mut child = Command::new("sh")
            .args(["-c", script])
            .stdin(Stdio::piped())
            .spawn()
            .expect("it starts");
        let (log, _) = watch::channel(RunLog::default());
        let stage = Stage::new(log, Recorder::new(), Some(child.id()));
        let begun = Instant::now();
        stage.settled(QUIET).await;
        let time = begun.elapsed();
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        time
    }

    #[tokio::test]
    async fn program_at_work_is_given_longer_than_one_that_is_blocked() {
        let blocked = settled("read line").await;
        assert!(blocked >= QUIET, "{blocked:?}");
        let at_work = settled("while :; do :; done").await;
        assert!(at_work >= QUIET * LONGER, "{at_work:?}");
        assert!(blocked < at_work, "{blocked:?} {at_work:?}");
    }
}
