//! Lesson 1, protobuf: what a message is on the wire.
//!
//! Tags, lengths, values, and what they cannot say. There is no network yet: the transcript is the bytes.
//!
//! Provided by the course: do not edit. Each exercise has a file of its own, `ex1_...` to `ex6_...`, and `run.rs` with
//! its folder shows how the course calls it.

mod ex1_round_trip;
mod ex2_presence;
mod ex3_events;
mod ex4_varint;
mod ex5_evolution;
mod ex6_onnx;
mod run;

kit::exercises! {
    "protobuf.1": run::round_trip(ex1_round_trip::round_trip);
    "protobuf.2": run::presence(ex2_presence::answer);
    "protobuf.3": run::events(ex3_events::classify);
    "protobuf.4": run::varint(ex4_varint::zigzag);
    "protobuf.5": run::evolution(ex5_evolution::pass_on);
    "protobuf.6": run::onnx(ex6_onnx::inputs);
}
