//! Other programs for the exercises of this lesson, chosen by name. Written by `cargo xtask sync`: do not edit.
//!
//! `right-...`: as right as the solution, and written differently. `mutant-...`: what no check may let pass. All others
//! are known mistakes, each written in two ways: the name is that of the diagnosis that it must get, and a number.

#[path = "../given/batch.rs"]
mod batch;
#[path = "../1-first-results/variants.rs"]
mod ex1_first_results;
#[path = "../2-bad-document/variants.rs"]
mod ex2_bad_document;
#[path = "../3-drain/variants.rs"]
mod ex3_drain;
#[path = "../4-caller-leaves/variants.rs"]
mod ex4_caller_leaves;
#[path = "../5-slow-reader/variants.rs"]
mod ex5_slow_reader;
#[path = "../6-whole-deadline/variants.rs"]
mod ex6_whole_deadline;
#[path = "../given/host.rs"]
mod host;
mod run;

kit::all_variants! {
    "server-streaming.1": ex1_first_results;
    "server-streaming.2": ex2_bad_document;
    "server-streaming.3": ex3_drain;
    "server-streaming.4": ex4_caller_leaves;
    "server-streaming.5": ex5_slow_reader;
    "server-streaming.6": ex6_whole_deadline;
}
