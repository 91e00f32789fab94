//! Programs that hold many ways to do an exercise, chosen by name: what the course tests its checks with.

use std::process::ExitCode;

use crate::program::{Start, main_of};

/// A variant of an exercise: the name of its function, and how it is run.
pub type Variant = (&'static str, Start);

/// Lists the variants of an exercise as `pub const VARIANTS`. First comes the function that runs the exercise, then the
/// variants. The name of each is what a test knows it by, so that a function cannot be listed under another's name.
///
/// - `name`: the function of this name is run as the exercise.
/// - `name = expression`: the expression is run, for example a closure.
/// - `name => |session| future`: for a variant that needs the [`Session`](crate::Session). It calls the running
///   function itself, or does without.
///
/// ```
/// # async fn run(_: kit::Session, _: impl Fn(i32) -> i32) -> Result<(), kit::Error> { Ok(()) }
/// fn right_sum(number: i32) -> i32 {
///     number + number
/// }
///
/// kit::variants! {
///     run;
///     right_sum,
///     right_product = |number| 2 * number,
///     mutant_no_call => |_session| async { Ok(()) },
/// }
/// # assert_eq!(VARIANTS.len(), 3);
/// ```
#[macro_export]
macro_rules! variants {
    (@start $run:path, $name:ident) => {
        |session| ::std::boxed::Box::pin($run(session, $name))
    };
    (@start $run:path, $name:ident = $exercise:expr) => {
        |session| ::std::boxed::Box::pin($run(session, $exercise))
    };
    (@start $run:path, $name:ident => |$session:pat_param| $future:expr) => {
        |$session| ::std::boxed::Box::pin($future)
    };
    ($run:path; $(
        $name:ident $(= $exercise:expr)? $(=> |$session:pat_param| $future:expr)?
    ),+ $(,)?) => {
        /// Each variant's name, and how it is run.
        pub const VARIANTS: &[$crate::Variant] = &[$((
            stringify!($name),
            $crate::variants!(
                @start $run, $name $(= $exercise)? $(=> |$session| $future)?
            ),
        )),+];
    };
}

/// The `main` of a program of variants, given by exercise. A variant goes by the names of both, with a hyphen for each
/// underscore: `right_thread` of `"unary.4"` is `unary.4/right-thread`. Otherwise as [`crate::main`].
pub fn variants_main(exercises: &[(&str, &[Variant])]) -> ExitCode {
    main_of(&named(exercises))
}

/// All variants under their composed names.
fn named(exercises: &[(&str, &[Variant])]) -> Vec<(String, Start)> {
    let mut named = Vec::new();
    for (exercise, variants) in exercises {
        for (name, start) in *variants {
            named.push((format!("{exercise}/{}", name.replace('_', "-")), *start));
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use proto::control::v1::Task;

    use super::*;
    use crate::session::Session;

    /// Runs an exercise that makes a text, and fails with the text.
    async fn run(session: Session, exercise: impl Fn(&str) -> String) -> Result<(), crate::Error> {
        Err(exercise(session.setting("name")?).into())
    }

    fn right_greeting(name: &str) -> String {
        format!("hello, {name}")
    }

    crate::variants! {
        run;
        right_greeting,
        mutant_hard_coded = |_| "hello, you".to_owned(),
        setting_unread => |_session| async { Err("no setting was read".into()) },
        twice_greeted => |session| run(session, |name| right_greeting(&right_greeting(name))),
    }

    async fn outcome(start: Start) -> String {
        let (_, inbox) = tokio::sync::mpsc::unbounded_channel();
        let settings = [("name".to_owned(), "world".to_owned())].into();
        let task = Task {
            settings,
            ..Task::default()
        };
        let outcome = start(Session::new(task, inbox)).await;
        outcome.expect_err("it fails with its text").to_string()
    }

    #[test]
    fn names_are_composed_with_hyphens() {
        let named = named(&[("a.1", VARIANTS), ("a.2", &VARIANTS[..1])]);
        let names: Vec<_> = named.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "a.1/right-greeting",
                "a.1/mutant-hard-coded",
                "a.1/setting-unread",
                "a.1/twice-greeted",
                "a.2/right-greeting",
            ]
        );
    }

    #[tokio::test]
    async fn each_name_runs_what_is_listed_under_it() {
        let mut outcomes = Vec::new();
        for (_, start) in VARIANTS {
            outcomes.push(outcome(*start).await);
        }
        let expected = [
            "hello, world",
            "hello, you",
            "no setting was read",
            "hello, hello, world",
        ];
        assert_eq!(outcomes, expected);
    }
}
