//! How the forwarding of one call comes to its end.

use crate::event::Side;
use crate::stream::StreamError;

/// How a call ended.
pub(crate) enum End {
    /// The answer was forwarded to its end.
    Answered,
    /// One side of the call is gone.
    Gone(Side, StreamError),
    /// It is time for the fault of the call's plan.
    Fault,
    /// The server answered with more than may cross, which was recorded. The text is what is told to the client.
    TooLarge(String),
    /// It was stopped from outside.
    Stopped(StopReason),
}

/// Why a call has to stop, from outside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum StopReason {
    /// Another call's fault closes their connection.
    Disconnect,
    /// The tap shuts down.
    Shutdown,
}

/// What a connection learns of a call that is over. `C` is what is left of the call.
pub(crate) enum Outcome<C> {
    /// Both sides know that it is over.
    Over,
    /// A connection died under it. To be dropped only after both connections: to drop it before would send a reset,
    /// where the other side should see the connection die.
    Broken(C),
    /// Its fault is to close the connection. To be dropped as late.
    Disconnect(C),
}
