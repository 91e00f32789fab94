//! `cargo xtask reset`.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use build::workspace_root;
use catalogue::{Course, Exercise, Lesson};

use crate::arguments::{Given, Syntax};
use crate::exit;
use crate::kept::Kept;
use crate::subcommand::{Audience, Subcommand};
use crate::terminal::say;

pub(super) const RESET: Subcommand = Subcommand {
    name: "reset",
    about: "Begin an exercise again: puts the starter into its file, and keeps a copy of what you had",
    details: "  NAME     An exercise, for example unary.2. Or a lesson, for example unary: then the files are put back that the\n\
              \x20          course provides in it and that you have changed, and your exercises stay as they are.\n  \
              --undo   Put back what the last reset of the exercise kept.\n\n\
              Copies are in .wirebook/kept. No command deletes them.",
    examples: &["reset unary.2", "reset unary.2 --undo", "reset unary"],
    audience: Audience::Everyone,
    syntax: Syntax {
        values: &["NAME"],
        flags: &["undo"],
        options: &[],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    let name = given.value(0)?.context("a name")?;
    let undo = given.has("undo");
    let course = Course::read(&workspace_root())?;
    let found = course.select(Some(name)).map_err(|error| anyhow!(error))?;
    if let Some((lesson, exercise)) = course.find(name) {
        return match undo {
            true => put_back(&course, lesson, exercise),
            false => begin_again(&course, lesson, exercise),
        };
    }
    if undo {
        bail!("--undo is for an exercise; all that was kept is in .wirebook/kept");
    }
    let lesson = found.first().map(|(lesson, _)| *lesson);
    restore_given(&course, lesson.context("a lesson has exercises")?)
}

/// Puts the starter into an exercise's file.
fn begin_again(course: &Course, lesson: &Lesson, exercise: &Exercise) -> Result<u8> {
    let file = lesson.lesson_file(exercise);
    let starter = build::starter(lesson, exercise)?;
    let kept = Kept::of(&course.root, Path::new(&file));
    if kept.is(starter.as_bytes()) {
        say(&format!("{file} is the starter already."));
        return Ok(exit::PASSED);
    }
    let copy = kept.replace(starter.as_bytes())?;
    say(&format!("{file} is the starter again."));
    if let Some(copy) = copy {
        say(&format!("What you had is kept: {}", copy.display()));
        say(&format!(
            "`cargo xtask reset {} --undo` puts it back.",
            exercise.id
        ));
    }
    Ok(exit::PASSED)
}

/// Puts what was kept last into an exercise's file.
fn put_back(course: &Course, lesson: &Lesson, exercise: &Exercise) -> Result<u8> {
    let file = lesson.lesson_file(exercise);
    let kept = Kept::of(&course.root, Path::new(&file));
    let Some((last, content)) = kept.last()? else {
        bail!("no reset of {} has kept anything", exercise.id);
    };
    if kept.is(&content) {
        say(&format!(
            "{file} is what was kept last, {}, already.",
            last.display()
        ));
        return Ok(exit::PASSED);
    }
    let copy = match kept.is(build::starter(lesson, exercise)?.as_bytes()) {
        // Nothing of a learner's is in a starter.
        true => kept.overwrite(&content).map(|()| None)?,
        false => kept.replace(&content)?,
    };
    say(&format!("{file} is what was kept: {}", last.display()));
    if let Some(copy) = copy {
        say(&format!(
            "What was there until now is kept too: {}",
            copy.display()
        ));
    }
    Ok(exit::PASSED)
}

/// Puts back the given files of a lesson that were changed.
fn restore_given(course: &Course, lesson: &Lesson) -> Result<u8> {
    let changed = build::changed_given(course, lesson)?;
    if changed.is_empty() {
        say(&format!(
            "All files that the course provides in lessons/{} are as they were.",
            lesson.folder
        ));
    }
    for (file, text) in build::given_files(lesson)? {
        if !changed.contains(&file) {
            continue;
        }
        let copy = Kept::of(&course.root, &file).replace(text.as_bytes())?;
        say(&format!(
            "{} is as the course has it again.",
            file.display()
        ));
        if let Some(copy) = copy {
            say(&format!("What was there is kept: {}", copy.display()));
        }
    }
    Ok(exit::PASSED)
}
