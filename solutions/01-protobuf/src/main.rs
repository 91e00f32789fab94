//! Lesson protobuf, solved. Written by `cargo xtask sync`: do not edit.

#[path = "../1-round-trip/solution.rs"]
mod ex1_round_trip;
#[path = "../2-presence/solution.rs"]
mod ex2_presence;
#[path = "../3-events/solution.rs"]
mod ex3_events;
#[path = "../4-varint/solution.rs"]
mod ex4_varint;
#[path = "../5-evolution/solution.rs"]
mod ex5_evolution;
#[path = "../6-onnx/solution.rs"]
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
