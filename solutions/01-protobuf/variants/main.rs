//! Other programs for the exercises of this lesson, chosen by name.
//!
//! `right-...`: as right as the solution, and written differently. `mutant-...`: what no check may let pass. All others
//! are usual mistakes, each written in two ways: the name is that of the diagnosis that it must get, and a number.

/// The variants of an exercise: `run` is the function of `run.rs` that runs it.
macro_rules! variants {
    ($exercise:literal, $run:ident; $($kind:literal $function:ident),+ $(,)?) => {
        pub const VARIANTS: &[kit::Exercise] = &[$((
            concat!($exercise, "/", $kind),
            |session| Box::pin(crate::run::$run(session, $function)),
        )),+];
    };
}

mod ex1;
mod ex2;
mod ex3;
mod ex4;
mod ex5;
mod ex6;
#[path = "../src/run.rs"]
mod run;

fn main() -> std::process::ExitCode {
    let all = [
        ex1::VARIANTS,
        ex2::VARIANTS,
        ex3::VARIANTS,
        ex4::VARIANTS,
        ex5::VARIANTS,
        ex6::VARIANTS,
    ];
    kit::main(&all.concat())
}
