//! Lesson 1: bytes, and no network.

mod ex1_round_trip;

pub(crate) use ex1_round_trip::{ROUND_TRIP, RoundTrip};
