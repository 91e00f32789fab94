//! Lesson bidirectional, solved. Written by `cargo xtask sync`: do not edit.

#[path = "../1-lock-step/solution.rs"]
mod ex1_lock_step;
#[path = "../2-both-ways/solution.rs"]
mod ex2_both_ways;
#[path = "../3-out-of-order/solution.rs"]
mod ex3_out_of_order;
#[path = "../4-failed-event/solution.rs"]
mod ex4_failed_event;
#[path = "../5-half-close/solution.rs"]
mod ex5_half_close;
#[path = "../6-in-flight/solution.rs"]
mod ex6_in_flight;
#[path = "../given/host.rs"]
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
