//! The server's part of a call, played from outside: for peers that no real server would be, and for answers that come in
//! an order of the test's own.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::event::Metadata;
use crate::fault::FaultKind;

/// What the server does in one call. Clones are the same script. It is played in the first call that is planned with it; in
/// a second one the server does nothing.
#[derive(Clone, Debug)]
pub struct Script {
    steps: UnboundedSender<Step>,
    /// Taken by the call that plays it.
    played: Arc<Mutex<Option<UnboundedReceiver<Step>>>>,
}

/// One thing that the server does.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Its headers, with this metadata. Without this step they go out before its first message, and without metadata.
    Headers(Metadata),
    /// A message, without its 5-byte prefix.
    Message(Bytes),
    /// It reads no more of the request, of which the client can then send as much as the flow-control window has, 65,535
    /// bytes. What is not read is not recorded.
    StopReading,
    /// It reads the request again. It does from the beginning.
    GoOnReading,
    /// The end of the call.
    End(FaultKind),
}

impl Default for Script {
    fn default() -> Self {
        let (steps, received) = unbounded_channel();
        let played = Arc::new(Mutex::new(Some(received)));
        Self { steps, played }
    }
}

impl Script {
    /// A script without a step.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a step. It is taken once those before it are done, and the call has begun.
    pub fn step(&self, step: Step) {
        // It fails once the call is over, when nobody is left to see it.
        let _ = self.steps.send(step);
    }

    /// Adds a message.
    pub fn message(&self, message: impl Into<Bytes>) {
        self.step(Step::Message(message.into()));
    }

    /// Adds the end.
    pub fn end(&self, kind: FaultKind) {
        self.step(Step::End(kind));
    }

    /// The steps, for the first who asks.
    pub(crate) fn take(&self) -> Option<UnboundedReceiver<Step>> {
        let mut played = self.played.lock().unwrap_or_else(PoisonError::into_inner);
        played.take()
    }
}
