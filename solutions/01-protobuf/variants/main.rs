//! Other programs for the exercises of this lesson, chosen by name.
//!
//! `right-...`: as right as the solution, and written differently. `mutant-...`: what no check may let pass. All others
//! are usual mistakes, each written in two ways: the name is that of the diagnosis that it must get, and a number.

mod ex1;
mod ex2;
mod ex3;
mod ex4;
mod ex5;
mod ex6;
#[path = "../src/run.rs"]
mod run;

fn main() -> std::process::ExitCode {
    kit::variants_main(&[
        ("protobuf.1", ex1::VARIANTS),
        ("protobuf.2", ex2::VARIANTS),
        ("protobuf.3", ex3::VARIANTS),
        ("protobuf.4", ex4::VARIANTS),
        ("protobuf.5", ex5::VARIANTS),
        ("protobuf.6", ex6::VARIANTS),
    ])
}
