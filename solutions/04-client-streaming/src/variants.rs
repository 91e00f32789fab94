//! Other programs for the exercises of this lesson, chosen by name. Written by `cargo xtask sync`: do not edit.
//!
//! `right-...`: as right as the solution, and written differently. `mutant-...`: what no check may let pass. All others
//! are known mistakes, each written in two ways: the name is that of the diagnosis that it must get, and a number.

#[path = "../given/edge.rs"]
mod edge;
#[path = "../1-in-chunks/variants.rs"]
mod ex1_in_chunks;
#[path = "../2-receive/variants.rs"]
mod ex2_receive;
#[path = "../3-limit/variants.rs"]
mod ex3_limit;
#[path = "../4-commit/variants.rs"]
mod ex4_commit;
#[path = "../5-early-answer/variants.rs"]
mod ex5_early_answer;
#[path = "../given/file.rs"]
mod file;
#[path = "../given/order.rs"]
mod order;
mod run;

kit::all_variants! {
    "client-streaming.1": ex1_in_chunks;
    "client-streaming.2": ex2_receive;
    "client-streaming.3": ex3_limit;
    "client-streaming.4": ex4_commit;
    "client-streaming.5": ex5_early_answer;
}
