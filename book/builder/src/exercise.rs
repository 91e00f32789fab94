//! An exercise on its page: what to do, the command that checks it, and behind a fold the solution and the note.
//!
//! All of it comes from the exercise's folder, and is written as Markdown into the chapter.

use std::path::Path;

use crate::facts::{self, unit};
use crate::problem::Problem;

/// The section of an exercise, for the chapter in this file.
pub(crate) fn section(root: &Path, chapter: &Path, id: &str) -> Result<String, Problem> {
    let course = facts::course(root)?;
    let (lesson, exercise) = facts::exercise(&course, id)?;
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
    let anchor = anchor(id);
    let more = match exercise.more.as_str() {
        "" => String::new(),
        more => format!("\n{more}\n"),
    };
    Ok(format!(
        "## Exercise {id}: {title} {{#{anchor}}}\n\
         \n\
         <section class=\"exercise\" aria-labelledby=\"{anchor}\">\n\
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
        title = exercise.title,
        minutes = unit(exercise.minutes, "minute"),
        points = unit(exercise.points, "point"),
        file = lesson.lesson_file(exercise),
        task = exercise.task,
        code = exercise.gap.solution(),
        note = exercise.note,
    ))
}

/// The id of an exercise's heading on its page.
pub(crate) fn anchor(id: &str) -> String {
    format!("exercise-{}", id.replace('.', "-"))
}
