//! Lesson 1, protobuf: what a message is on the wire.
//!
//! Given: nothing here is yours to edit. Each exercise has a file of its own, `ex1_...` to `ex6_...`, and `run.rs` shows how the
//! course calls it.

mod ex1_round_trip;
mod ex2_presence;
mod ex3_events;
mod ex4_varint;
mod ex5_evolution;
mod ex6_onnx;
mod run;

fn main() -> std::process::ExitCode {
    kit::main(&[
        ("protobuf.1", |session| {
            Box::pin(run::round_trip(session, ex1_round_trip::round_trip))
        }),
        ("protobuf.2", |session| {
            Box::pin(run::presence(session, ex2_presence::answer))
        }),
        ("protobuf.3", |session| {
            Box::pin(run::events(session, ex3_events::classify))
        }),
        ("protobuf.4", |session| {
            Box::pin(run::varint(session, ex4_varint::zigzag))
        }),
        ("protobuf.5", |session| {
            Box::pin(run::evolution(session, ex5_evolution::pass_on))
        }),
        ("protobuf.6", |session| {
            Box::pin(run::onnx(session, ex6_onnx::inputs))
        }),
    ])
}
