//! Building the course's programs once, and running them.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use checks::{
    Built, Exercise, Lesson, Program, Reference, Run, Seed, Target, build_reference, compile, run,
};

/// The seeds on which right programs are tried: the published one, and two that no snapshot knows.
pub const SEEDS: [Seed; 3] = [Seed::PUBLISHED, Seed(20_26), Seed(7_919)];

pub fn root() -> PathBuf {
    checks::workspace_root()
}

/// Builds a program of the workspace and returns its path. The course's own code has no warnings.
pub fn build(package: &str, bin: &str) -> PathBuf {
    let target = Target {
        root: root(),
        package: package.to_owned(),
        bin: bin.to_owned(),
        target_dir: None,
        env: Vec::new(),
    };
    match compile(&target, &mut |line| eprintln!("{line}")) {
        Ok(Built::Program { path, warnings }) => {
            assert!(
                warnings.is_empty(),
                "{bin} has warnings:\n{}",
                warnings.join("\n")
            );
            path
        }
        Ok(Built::Errors(errors)) => panic!("{bin} does not build: {errors:#?}"),
        Err(error) => panic!("{error:#}"),
    }
}

/// A running reference server.
pub async fn reference() -> Reference {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let build = || build_reference(&root(), &mut |line| eprintln!("{line}"));
    let program = PROGRAM.get_or_init(|| build().expect("the reference server builds"));
    Reference::start(program)
        .await
        .expect("the reference server starts")
}

pub fn solution(lesson: &Lesson) -> PathBuf {
    let package = format!("solution-{}", lesson.name);
    build(&package, &package)
}

pub fn variants(lesson: &Lesson) -> PathBuf {
    build(
        &format!("solution-{}", lesson.name),
        &format!("variants-{}", lesson.name),
    )
}

/// The names of a program's exercises.
pub fn names(program: &Path) -> Vec<String> {
    let output = std::process::Command::new(program).arg("--list").output();
    let output = output.expect("a lesson program runs");
    String::from_utf8(output.stdout)
        .expect("names are UTF-8")
        .lines()
        .map(str::to_owned)
        .collect()
}

/// Runs what a program calls `name` as this exercise.
pub async fn try_out(
    path: &Path,
    name: &str,
    exercise: &Exercise,
    seed: Seed,
    reference: &Reference,
) -> Run {
    let program = Program {
        path: path.to_path_buf(),
        exercise: name.to_owned(),
    };
    let begun = std::time::Instant::now();
    let run = run(&program, exercise.scenario, seed, Some(reference)).await;
    eprintln!("{name} on {seed:?}: {:.2?}", begun.elapsed());
    run.unwrap_or_else(|error| panic!("{name}: {error:#}"))
}
