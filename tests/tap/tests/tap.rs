//! A tap between peers that do exactly what a test tells them to.

#[path = "tap/canonical.rs"]
mod canonical;
#[path = "tap/ends.rs"]
mod ends;
#[path = "tap/forwarding.rs"]
mod forwarding;
#[path = "tap/harness.rs"]
mod harness;
#[path = "tap/malformed.rs"]
mod malformed;
#[path = "tap/plans.rs"]
mod plans;
#[path = "tap/pressure.rs"]
mod pressure;
#[path = "tap/tonic_peers.rs"]
mod tonic_peers;
