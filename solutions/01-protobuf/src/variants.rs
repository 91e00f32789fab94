//! Other programs for the exercises of this lesson, chosen by name. Written by `cargo xtask sync`: do not edit.
//!
//! `right-...`: as right as the solution, and written differently. `mutant-...`: what no check may let pass. All others
//! are known mistakes, each written in two ways: the name is that of the diagnosis that it must get, and a number.

#[path = "../1-round-trip/variants.rs"]
mod ex1_round_trip;
#[path = "../2-presence/variants.rs"]
mod ex2_presence;
#[path = "../3-events/variants.rs"]
mod ex3_events;
#[path = "../4-varint/variants.rs"]
mod ex4_varint;
#[path = "../5-evolution/variants.rs"]
mod ex5_evolution;
#[path = "../6-onnx/variants.rs"]
mod ex6_onnx;
mod run;

kit::all_variants! {
    "protobuf.1": ex1_round_trip;
    "protobuf.2": ex2_presence;
    "protobuf.3": ex3_events;
    "protobuf.4": ex4_varint;
    "protobuf.5": ex5_evolution;
    "protobuf.6": ex6_onnx;
}
