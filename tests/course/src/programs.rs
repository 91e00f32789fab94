//! The programs that the course checks itself with: solutions, variants, starters.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use build::{Built, Overlay, Progress, Target, build_all, target_dir};
use catalogue::{Course, Lesson};

/// The programs of one lesson.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The lesson's name.
    pub lesson: String,
    /// All of its exercises, solved.
    pub solution: PathBuf,
    /// Its other programs, named `unary.4/right-thread`.
    pub variants: PathBuf,
}

/// Builds the solutions and the variants of all lessons, with one call of cargo.
///
/// # Errors
///
/// When one does not compile, or compiles with a warning: the course's own code has none.
pub fn build_programs(course: &Course) -> Result<Vec<Programs>> {
    let target = |lesson: &Lesson, bin: String| Target {
        root: course.root.clone(),
        package: lesson.solution_package(),
        bin,
        target_dir: None,
    };
    let targets: Vec<_> = course
        .lessons
        .iter()
        .flat_map(|lesson| {
            [lesson.solution_package(), lesson.variants_program()].map(|bin| target(lesson, bin))
        })
        .collect();
    let mut paths = build(&targets)?.into_iter();
    let mut programs = Vec::new();
    for lesson in &course.lessons {
        programs.push(Programs {
            lesson: lesson.name.clone(),
            solution: paths.next().context("a solution was built")?,
            variants: paths.next().context("variants were built")?,
        });
    }
    Ok(programs)
}

/// Builds the starters of all lessons as learners get them, rendered into a workspace of this name, and returns it with
/// their programs. What learners write into `lessons/` has no part in it.
///
/// # Errors
///
/// As for [`build_programs`].
pub fn build_starters(course: &Course, name: &str) -> Result<(Overlay, Vec<PathBuf>)> {
    let folder = target_dir(&course.root)?.join("overlays").join(name);
    let overlay = Overlay::new(course, &folder, name, &course.lessons)?;
    for lesson in &course.lessons {
        overlay.write_lesson(lesson, &BTreeMap::new())?;
    }
    let targets: Vec<_> = course
        .lessons
        .iter()
        .map(|lesson| overlay.target(lesson))
        .collect();
    let programs = build(&targets)?;
    Ok((overlay, programs))
}

fn build(targets: &[Target]) -> Result<Vec<PathBuf>> {
    let mut progress = |progress| {
        if let Progress::Line(line) | Progress::Compiling(line) = progress {
            eprintln!("{line}");
        }
    };
    let built = build_all(targets, &mut progress)?;
    let path = |(built, target): (Built, &Target)| match built {
        Built::Program { path, warnings } if warnings.is_empty() => Ok(path),
        Built::Program { warnings, .. } => {
            let warnings: Vec<_> = warnings.into_values().flatten().collect();
            bail!("{} has warnings:\n{}", target.bin, warnings.join("\n"))
        }
        Built::Errors(errors) => {
            let errors: Vec<_> = errors.into_values().flatten().collect();
            bail!("{} does not build:\n{}", target.bin, errors.join("\n"))
        }
    };
    built.into_iter().zip(targets).map(path).collect()
}

/// The names of a program's exercises.
///
/// # Errors
///
/// When it cannot be run.
pub fn names(program: &Path) -> Result<Vec<String>> {
    let output = Command::new(program).arg("--list").output();
    let output = output.with_context(|| format!("run {}", program.display()))?;
    let text = String::from_utf8(output.stdout).context("names are UTF-8")?;
    Ok(text.lines().map(str::to_owned).collect())
}
