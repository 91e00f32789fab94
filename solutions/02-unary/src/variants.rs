//! Other programs for the exercises of this lesson, chosen by name. Written by `cargo xtask sync`: do not edit.
//!
//! `right-...`: as right as the solution, and written differently. `mutant-...`: what no check may let pass. All others
//! are known mistakes, each written in two ways: the name is that of the diagnosis that it must get, and a number.

#[path = "../given/answers.rs"]
mod answers;
#[path = "../given/edge.rs"]
mod edge;
#[path = "../1-classify/variants.rs"]
mod ex1_classify;
#[path = "../2-deadline/variants.rs"]
mod ex2_deadline;
#[path = "../3-edge/variants.rs"]
mod ex3_edge;
#[path = "../4-blocking/variants.rs"]
mod ex4_blocking;
#[path = "../5-health/variants.rs"]
mod ex5_health;
#[path = "../6-at-once/variants.rs"]
mod ex6_at_once;
#[path = "../7-failures/variants.rs"]
mod ex7_failures;
mod run;

kit::all_variants! {
    "unary.1": ex1_classify;
    "unary.2": ex2_deadline;
    "unary.3": ex3_edge;
    "unary.4": ex4_blocking;
    "unary.5": ex5_health;
    "unary.6": ex6_at_once;
    "unary.7": ex7_failures;
}
