//! `cargo xtask new`.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use build::workspace_root;
use catalogue::{Course, Lesson, check_name};

use super::sync;
use crate::arguments::{Given, Syntax};
use crate::exit;
use crate::subcommand::{Audience, Subcommand};
use crate::sync::State;

/// The files of an exercise: name and text, with a sentence `FILL: ...` in each place that its author fills.
const EXERCISE_TEMPLATES: [(&str, &str); 5] = [
    ("exercise.md", include_str!("../template/exercise.md")),
    ("solution.rs", include_str!("../template/solution.rs")),
    ("given.rs", include_str!("../template/given.rs")),
    ("check.rs", include_str!("../template/check.rs")),
    ("variants.rs", include_str!("../template/variants.rs")),
];

/// The files of a lesson that has no exercise yet.
const LESSON_TEMPLATES: [(&str, &str); 3] = [
    ("Cargo.toml", include_str!("../template/solution.toml")),
    ("lesson.md", include_str!("../template/lesson.md")),
    ("check/Cargo.toml", include_str!("../template/check.toml")),
];

pub(super) const NEW: Subcommand = Subcommand {
    name: "new",
    about: "Make the folder of a new exercise, and of its lesson where that is new",
    details: "  EXERCISE   A lesson and the next number in it, for example unary.8.\n  \
              SLUG       Its one name, in lower case with dashes: that of its folder, files and modules.\n\n\
              There is a sentence `FILL: ...` in each place that is to be filled. CONTRIBUTING.md goes on from there.",
    examples: &["new unary.8 last-call"],
    audience: Audience::Authors,
    syntax: Syntax {
        values: &["EXERCISE", "SLUG"],
        flags: &[],
        options: &[],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    let id = given.value(0)?.context("an exercise")?;
    let slug = given.value(1)?.context("a slug")?;
    let (lesson, number) = id
        .split_once('.')
        .and_then(|(lesson, number)| Some((lesson, number.parse::<u32>().ok()?)))
        .with_context(|| format!("{id:?} is not an exercise; one is named like unary.8"))?;
    check_name(lesson).map_err(|error| anyhow!(error))?;
    let root = workspace_root();
    let course = Course::read(&root)?;
    // Before anything is made, so that a refusal leaves nothing half done.
    let state = State::of(&course)?;
    if !state.edited.is_empty() {
        return sync::write(&course, &state);
    }
    let known = course.lessons.iter().find(|known| known.name == lesson);
    let next = known.map_or(1, |lesson| lesson.exercises.len() as u32 + 1);
    let free = known.map_or_else(|| check_name(slug), |lesson| lesson.check_slug(slug));
    free.map_err(|error| anyhow!(error))?;
    if number != next {
        bail!("the next exercise of {lesson} is {lesson}.{next}");
    }
    let folder = match known {
        Some(Lesson { path, .. }) => path.clone(),
        None => {
            let folder = format!("{:02}-{lesson}", course.lessons.len() + 1);
            let folder = root.join("solutions").join(folder);
            write(&folder, &LESSON_TEMPLATES, &|text| {
                text.replace("LESSON", lesson)
            })?;
            folder
        }
    };
    let page = known.and_then(|lesson| lesson.exercises.last());
    let page = page.map_or(
        "FILL: the page that has {{#exercise ...}}, below book/src",
        |last| &last.page,
    );
    let folder = folder.join(format!("{number}-{slug}"));
    let filled = |text: &str| {
        let module = slug.replace('-', "_");
        let parts = slug
            .split('-')
            .map(|part| part[..1].to_uppercase() + &part[1..]);
        text.replace("SLUG_TYPE", &parts.collect::<String>())
            .replace("SLUG", &module)
            .replace("PAGE", page)
    };
    write(&folder, &EXERCISE_TEMPLATES, &filled)?;
    let shown = folder.strip_prefix(&root).unwrap_or(&folder).display();
    eprintln!("made {shown}");
    let course = Course::read(&root)?;
    let code = sync::write(&course, &State::of(&course)?)?;
    if code == exit::PASSED {
        eprintln!(
            "Next   fill each `FILL: ...` in {shown}, as CONTRIBUTING.md says; `cargo xtask sync` after each change"
        );
    }
    Ok(code)
}

fn write(folder: &Path, files: &[(&str, &str)], filled: &dyn Fn(&str) -> String) -> Result<()> {
    for (name, text) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("make {}", parent.display()))?;
        }
        // Nothing that is there already is overwritten.
        let file = fs::File::create_new(&path);
        let written = file.and_then(|mut file| file.write_all(filled(text).as_bytes()));
        written.with_context(|| format!("write {}", path.display()))?;
    }
    Ok(())
}
