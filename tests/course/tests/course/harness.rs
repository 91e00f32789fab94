//! Building the course's programs once, and running them.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use build::{Overlay, Progress, build_reference};
use catalogue::Course;
use checks::{Exercise, Lesson};
use course::Programs;
use stage::{Program, Reference, Run, Seed, run};

/// The seeds on which right programs are tried: the published one, and two that no snapshot knows.
pub const SEEDS: [Seed; 3] = [Seed::PUBLISHED, Seed(20_26), Seed(7_919)];

pub fn root() -> PathBuf {
    build::workspace_root()
}

/// The texts of the course.
pub fn catalogue() -> &'static Course {
    static COURSE: LazyLock<Course> =
        LazyLock::new(|| Course::read(&root()).unwrap_or_else(|error| panic!("{error}")));
    &COURSE
}

/// The solutions and variants of a lesson.
pub fn programs(lesson: &Lesson) -> &'static Programs {
    static PROGRAMS: LazyLock<Vec<Programs>> = LazyLock::new(|| {
        course::build_programs(catalogue()).unwrap_or_else(|error| panic!("{error:#}"))
    });
    let mut programs = PROGRAMS.iter();
    let programs = programs.find(|programs| programs.lesson == lesson.name);
    programs.expect("every lesson has programs")
}

/// The starters as a learner gets them, built in a folder of their own: the folder, and a program for each lesson.
pub fn starters() -> &'static (Overlay, Vec<PathBuf>) {
    static STARTERS: LazyLock<(Overlay, Vec<PathBuf>)> = LazyLock::new(|| {
        let starters = course::build_starters(catalogue(), "starters");
        starters.unwrap_or_else(|error| panic!("{error:#}"))
    });
    &STARTERS
}

/// A running reference server.
pub async fn reference() -> Reference {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
        let mut progress = |progress| {
            if let Progress::Line(line) | Progress::Compiling(line) = progress {
                eprintln!("{line}");
            }
        };
        build_reference(&root(), &mut progress).expect("the reference server builds")
    });
    Reference::start(&PROGRAM)
        .await
        .expect("the reference server starts")
}

/// The names of a program's exercises.
pub fn names(program: &Path) -> Vec<String> {
    course::names(program).expect("a lesson program runs")
}

/// Runs the program's exercise or variant `name` as this exercise.
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
