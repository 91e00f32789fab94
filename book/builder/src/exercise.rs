//! An exercise on its page: what to do, the command that checks it, and behind a fold the solution and the note.
//!
//! All of it comes from the exercise's folder, and is written as Markdown into the chapter.

use std::path::Path;

use catalogue::Course;

use crate::problem::Problem;

/// The section of an exercise, for the chapter in this file.
pub(crate) fn section(root: &Path, chapter: &Path, id: &str) -> Result<String, Problem> {
    let course = Course::read(root).map_err(|error| {
        Problem::new(
            format!("cannot read the exercises: {error}"),
            "a file of an exercise was edited, and is malformed",
            "mend it; `cargo xtask list` says the same",
        )
    })?;
    let (lesson, exercise) = course.find(id).ok_or_else(|| {
        Problem::new(
            format!("there is no exercise {id:?}"),
            "it is misspelt, or has no folder in solutions/",
            "name another; `cargo xtask list` lists them",
        )
    })?;
    let page = root.join("book/src").join(&exercise.page);
    if page != chapter {
        return Err(Problem::new(
            format!(
                "{id} says that it stands on another page, {}",
                exercise.page
            ),
            "the exercise or the page was moved",
            "put the directive there, or name this page in the head of its exercise.md",
        ));
    }
    let anchor = format!("exercise-{}", id.replace('.', "-"));
    let unit = |count: u32, unit: &str| match count {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    };
    let more = match exercise.more.as_str() {
        "" => String::new(),
        more => format!("\n{more}\n"),
    };
    Ok(format!(
        "## Exercise {number}: {title}\n\
         \n\
         <section class=\"exercise\" aria-labelledby=\"{anchor}\">\n\
         <h3 id=\"{anchor}\">Exercise {id}: {heading}</h3>\n\
         <p class=\"meta\"><span class=\"minutes\">{minutes}</span> <span class=\"points\">{points}</span></p>\n\
         \n\
         Open `{file}`. {task}\n\
         \n\
         ```console\n$ cargo xtask check {id}\n```\n\
         {more}\n\
         </section>\n\
         \n\
         <details>\n\
         <summary>After it passes: the course's own solution, and another way</summary>\n\
         \n\
         ```rust\n{code}```\n\
         \n\
         {note}\n\
         \n\
         </details>",
        number = exercise.number,
        title = exercise.title,
        heading = crate::html::escape(&exercise.title),
        minutes = unit(exercise.minutes, "minute"),
        points = unit(exercise.points, "point"),
        file = lesson.lesson_file(exercise),
        task = exercise.task,
        code = exercise.gap.code,
        note = exercise.note,
    ))
}
