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
#[path = "../src/run.rs"]
mod run;

fn main() -> std::process::ExitCode {
    let all = [ex1::VARIANTS, ex2::VARIANTS, ex3::VARIANTS, ex4::VARIANTS].concat();
    kit::main(&all)
}
