//! How much a program may use and say before its run is ended.
//!
//! Each is many times what any exercise needs, and little enough that a check of a program that goes on for ever ends
//! within seconds, in a checker that stays small.

use std::time::Duration;

/// How long a run may take, whatever happens in it: a program that makes calls for ever is never idle. Generous, since
/// a machine under load is slow.
pub(crate) const RUN_TIMEOUT: Duration = Duration::from_secs(60);

/// How many events a run may have, how many messages the program may send on the control channel, and how many lines
/// the transcript may have. Few enough to be compared in no time.
pub(crate) const MAX_EVENTS: usize = 5_000;

/// How many bytes a program may send on the control channel in one run. One message of it is bounded by
/// [`kit::protocol::MAX_FROM_PROGRAM_BYTES`].
pub(crate) const MAX_REPORTED_BYTES: usize = 8 << 20;

/// How many bytes of messages and metadata the wires of one run may carry.
pub(crate) const MAX_WIRE_BYTES: usize = 32 << 20;

/// How much memory of its own, in bytes, a program may have in use. A lesson program in its debug build uses about 20 MiB.
pub(crate) const MAX_MEMORY_BYTES: u64 = 256 << 20;

/// How much memory, in bytes, a program may ask the system for. Much of that is never used: each thread reserves 2 MiB
/// for its stack. A request beyond it fails at once; [`MAX_MEMORY_BYTES`] ends a program that grows step by step.
#[cfg(target_os = "linux")]
pub(crate) const MAX_RESERVED_BYTES: u64 = 2 << 30;
