//! Other programs for the exercises of this lesson, chosen by name. Written by `cargo xtask sync`: do not edit.
//!
//! `right-...`: as right as the solution, and written differently. `mutant-...`: what no check may let pass. All others
//! are known mistakes, each written in two ways: the name is that of the diagnosis that it must get, and a number.

#[path = "../1-lock-step/variants.rs"]
mod ex1_lock_step;
#[path = "../2-both-ways/variants.rs"]
mod ex2_both_ways;
#[path = "../3-out-of-order/variants.rs"]
mod ex3_out_of_order;
#[path = "../4-failed-event/variants.rs"]
mod ex4_failed_event;
#[path = "../5-half-close/variants.rs"]
mod ex5_half_close;
#[path = "../6-in-flight/variants.rs"]
mod ex6_in_flight;
#[path = "../given/host.rs"]
mod host;
mod run;

kit::all_variants! {
    "bidirectional.1": ex1_lock_step;
    "bidirectional.2": ex2_both_ways;
    "bidirectional.3": ex3_out_of_order;
    "bidirectional.4": ex4_failed_event;
    "bidirectional.5": ex5_half_close;
    "bidirectional.6": ex6_in_flight;
}
