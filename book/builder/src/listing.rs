//! Lists of exercises, from their folders: all of a lesson or of the course with their pages, and at the end of a lesson
//! what its reader can do now and what each exercise is worth.

use std::fmt::Write as _;
use std::path::Path;

use catalogue::{Exercise, Lesson};

use crate::exercise::anchor;
use crate::facts::{self, hours, sum, unit};
use crate::include::include;
use crate::problem::Problem;
use crate::summary;

/// The page that says, for each lesson between anchors of its name, what a reader can do after it.
const ABILITIES_PAGE: &str = "index.md";

/// The exercises of a lesson or of the course: a table for each lesson, as Markdown.
pub(crate) fn exercises(root: &Path, name: &str) -> Result<String, Problem> {
    let course = facts::course(root)?;
    let titles = summary::titles(root);
    let mut out = String::new();
    for lesson in facts::lessons(&course, name)? {
        let all: Vec<_> = lesson.exercises.iter().collect();
        let _ = writeln!(
            out,
            "Lesson {}, `{}`: {}. Its {} take {} and are worth {}.\n",
            lesson.number,
            lesson.name,
            lesson.title,
            unit(all.len() as u32, "exercise"),
            hours(sum(&all, |it| it.minutes)),
            unit(sum(&all, |it| it.points), "point"),
        );
        out.push_str(&table(lesson, true, |exercise| {
            let page = exercise.page.as_str();
            let title = titles.get(page).map_or(page, String::as_str);
            format!("<br>on [{title}]({page})")
        }));
    }
    Ok(out)
}

/// The end of a lesson: what its reader can do now, and the points of its exercises.
pub(crate) fn points(root: &Path, name: &str) -> Result<String, Problem> {
    let course = facts::course(root)?;
    let lessons = facts::lessons(&course, name)?;
    let [lesson] = lessons.as_slice() else {
        return Err(Problem::new(
            format!("{name:?} is more than one lesson"),
            "points are listed at the end of each lesson",
            "name the lesson",
        ));
    };
    let folder = root.join("book/src");
    let abilities = include(root, &folder, &format!("{ABILITIES_PAGE}:{}", lesson.name))?;
    let all: Vec<_> = lesson.exercises.iter().collect();
    let table = table(lesson, false, |_| String::new());
    Ok(format!(
        "## What you can do now\n\n\
         You can\n\n\
         {abilities}\n\n\
         These exercises made you do it. A grade counts their points, {} in all; `cargo xtask list` shows which have \
         passed.\n\n\
         {table}",
        sum(&all, |it| it.points)
    ))
}

/// A table of a lesson's exercises, with their minutes or without, and `more` below each title.
fn table(lesson: &Lesson, minutes: bool, more: impl Fn(&Exercise) -> String) -> String {
    let mut out = String::from(match minutes {
        true => "| exercise | title | minutes | points |\n|---|---|---|---|\n",
        false => "| exercise | title | points |\n|---|---|---|\n",
    });
    for exercise in &lesson.exercises {
        let minutes = match minutes {
            true => format!(" {} |", exercise.minutes),
            false => String::new(),
        };
        let _ = writeln!(
            out,
            "| [`{id}`]({page}#{anchor}) | {title}{more} |{minutes} {points} |",
            id = exercise.id,
            page = exercise.page,
            anchor = anchor(&exercise.id),
            title = exercise.title.replace('|', "\\|"),
            more = more(exercise),
            points = exercise.points,
        );
    }
    out.push('\n');
    out
}
