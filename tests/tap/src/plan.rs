//! What a tap does with a call beyond forwarding it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::event::Metadata;
use crate::fault::Fault;
use crate::gate::Gate;
use crate::hop::Hop;
use crate::script::Script;

/// What is known of a call when its headers have come.
#[derive(Clone, Debug)]
pub struct CallInfo {
    /// The tap's hop.
    pub hop: Hop,
    /// The connection, counted from 1 for this tap.
    pub connection: u32,
    /// The call, counted from 1 for this tap.
    pub call: u32,
    /// Which call of this path it is, counted from 1 for this tap: the attempt, where a client retries.
    pub nth: u32,
    /// `/package.Service/Method`.
    pub path: String,
    /// The caller's metadata, as [`EventKind::Request`](crate::EventKind::Request) has it.
    pub metadata: Metadata,
    /// The deadline that the client sent.
    pub timeout: Option<Duration>,
}

/// What to do with one call. The default forwards it and does nothing else.
#[derive(Clone, Debug, Default)]
pub struct CallPlan {
    /// Record the client's `grpc-timeout`, and do not pass it on: the server never gives up by itself.
    pub strip_timeout: bool,
    /// The call does not reach the server until the gate is open. What the client sends in the meantime, up to the
    /// flow-control window of 65,535 bytes, is recorded as it comes and passed on afterwards.
    pub hold_request: Option<Gate>,
    /// Nothing that the server answers is read, so nothing is recorded or passed on, until the gate is open. The
    /// request goes through. A client that gives up meanwhile is seen at once.
    pub hold_answer: Option<Gate>,
    /// The headers of the answer go through, and nothing that comes behind them is read until the gate is open. An answer
    /// that is over with its headers is not held. A client that gives up meanwhile is seen at once.
    pub hold_messages: Option<Gate>,
    /// After so many messages of the answer, nothing more of it is read until the gate is open: a client that reads so far
    /// and then stops. The server can send as much as the flow-control window has, 65,535 bytes, and is then stopped. A
    /// client that gives up meanwhile is seen at once.
    pub hold_after: Option<(u32, Gate)>,
    /// Something that goes wrong.
    pub fault: Option<Fault>,
    /// What is done in place of the server, which the call does not reach. All of the above is for calls that do.
    pub script: Option<Script>,
}

/// Decides on each call as its headers come. Clones share one function.
#[derive(Clone)]
pub struct Plan(Arc<dyn Fn(&CallInfo) -> CallPlan + Send + Sync>);

impl Plan {
    /// Asks `decide` once for each call, in the order in which the calls come to the tap. It must not block.
    pub fn new(decide: impl Fn(&CallInfo) -> CallPlan + Send + Sync + 'static) -> Self {
        Self(Arc::new(decide))
    }

    pub(crate) fn decide(&self, info: &CallInfo) -> CallPlan {
        (self.0)(info)
    }
}

impl Default for Plan {
    fn default() -> Self {
        Self::new(|_| CallPlan::default())
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plan")
    }
}
