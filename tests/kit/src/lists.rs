//! The lists of exercises that a lesson's programs consist of.

/// The `main` of a lesson's program: each exercise's name, the function that runs it, and the learner's code that it
/// runs.
#[macro_export]
macro_rules! exercises {
    ($($name:literal: $first:ident :: $run:ident ($entry:expr);)+) => {
        fn main() -> std::process::ExitCode {
            $crate::main(&[$(($name, |session| Box::pin($first::$run(session, $entry)))),+])
        }
    };
}

/// The `main` of a program of variants: each exercise's name, and the module with its `VARIANTS`.
#[macro_export]
macro_rules! all_variants {
    ($($name:literal: $module:ident;)+) => {
        fn main() -> std::process::ExitCode {
            $crate::variants_main(&[$(($name, $module::VARIANTS)),+])
        }
    };
}
