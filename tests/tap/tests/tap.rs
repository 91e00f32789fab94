//! A tap between peers that do exactly what a test tells them to, and the text form of what it records.

#[path = "tap/canonical.rs"]
mod canonical;
#[path = "tap/ends.rs"]
mod ends;
#[path = "tap/forwarding.rs"]
mod forwarding;
#[path = "tap/golden.rs"]
mod golden;
#[path = "tap/golden_sections.rs"]
mod golden_sections;
#[path = "tap/grammar.rs"]
mod grammar;
#[path = "tap/harness.rs"]
mod harness;
#[path = "tap/inverse.rs"]
mod inverse;
#[path = "tap/malformed.rs"]
mod malformed;
#[path = "tap/plans.rs"]
mod plans;
#[path = "tap/pressure.rs"]
mod pressure;
#[path = "tap/scripts.rs"]
mod scripts;
#[path = "../src/testing.rs"]
mod testing;
#[path = "tap/tonic_peers.rs"]
mod tonic_peers;
