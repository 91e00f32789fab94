//! Lesson 1: bytes, and no network.

mod ex1_round_trip;
mod ex2_presence;
mod ex3_events;
mod ex4_varint;
mod ex5_evolution;
mod ex6_onnx;

pub(crate) use ex1_round_trip::{ROUND_TRIP, RoundTrip};
pub(crate) use ex2_presence::{PRESENCE, Presence};
pub(crate) use ex3_events::{EVENTS, Events};
pub(crate) use ex4_varint::{VARINT, Varint};
pub(crate) use ex5_evolution::{EVOLUTION, Evolution};
pub(crate) use ex6_onnx::{ONNX, Onnx};
