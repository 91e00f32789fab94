//! Lesson 5, bidirectional: many requests, many responses.
//!
//! Events both ways: in step, at the same time, out of order, failed, half-closed, and bounded.
//!
//! Provided by the course: do not edit. Each exercise has a file of its own, `ex1_...` to `ex6_...`, and `run.rs` with
//! its folder shows how the course calls it.

mod ex1_lock_step;
mod ex2_both_ways;
mod ex3_out_of_order;
mod ex4_failed_event;
mod ex5_half_close;
mod ex6_in_flight;
mod host;
mod run;

kit::exercises! {
    "bidirectional.1": run::lock_step(ex1_lock_step::lock_step);
    "bidirectional.2": run::both_ways(ex2_both_ways::both_ways);
    "bidirectional.3": run::out_of_order(ex3_out_of_order::out_of_order);
    "bidirectional.4": run::failed_event(ex4_failed_event::failed_event);
    "bidirectional.5": run::half_close(ex5_half_close::half_close);
    "bidirectional.6": run::in_flight(ex6_in_flight::in_flight);
}
