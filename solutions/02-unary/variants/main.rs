//! Other programs for the exercises of this lesson, chosen by name.
//!
//! `right-...`: as right as the solution, and written differently. `mutant-...`: what no check may let pass. All others
//! are usual mistakes, each written in two ways: the name is that of the diagnosis that it must get, and a number.

#[path = "../src/edge.rs"]
mod edge;
mod ex1;
mod ex2;
mod ex3;
mod ex4;
mod ex5;
mod ex6;
mod ex7;
#[path = "../src/run.rs"]
mod run;

fn main() -> std::process::ExitCode {
    kit::variants_main(&[
        ("unary.1", ex1::VARIANTS),
        ("unary.2", ex2::VARIANTS),
        ("unary.3", ex3::VARIANTS),
        ("unary.4", ex4::VARIANTS),
        ("unary.5", ex5::VARIANTS),
        ("unary.6", ex6::VARIANTS),
        ("unary.7", ex7::VARIANTS),
    ])
}
