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
    // Added one by one, so that a new exercise is one new line.
    let mut all = Vec::new();
    all.extend_from_slice(ex1::VARIANTS);
    all.extend_from_slice(ex2::VARIANTS);
    all.extend_from_slice(ex3::VARIANTS);
    all.extend_from_slice(ex4::VARIANTS);
    all.extend_from_slice(ex5::VARIANTS);
    all.extend_from_slice(ex6::VARIANTS);
    all.extend_from_slice(ex7::VARIANTS);
    kit::main(&all)
}
