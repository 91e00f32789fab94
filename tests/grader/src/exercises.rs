//! What the course asks for: its lessons and exercises, and where the files of an exercise are.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result};
use catalogue::plain_lines;

/// A lesson.
#[derive(Debug)]
pub struct Lesson {
    /// Its name, `unary`.
    pub name: String,
    /// Its folder below `lessons/`, `02-unary`.
    pub folder: String,
    /// Its exercises, in order.
    pub exercises: Vec<Exercise>,
    pub(crate) text: catalogue::Lesson,
}

/// An exercise: its text and its check.
#[derive(Debug)]
pub struct Exercise {
    /// `unary.4`.
    pub id: &'static str,
    /// What it is about, in a few words.
    pub title: String,
    /// The file with the gap, below the lesson's `src`.
    pub file: String,
    /// What it is worth.
    pub points: u32,
    pub(crate) text: catalogue::Exercise,
    pub(crate) check: &'static checks::Exercise,
    /// The lesson of that check.
    pub(crate) lesson: &'static checks::Lesson,
}

/// The folder of the course that this program was built from.
pub fn course_folder() -> PathBuf {
    build::workspace_root()
}

/// The course's texts.
pub(crate) fn course() -> &'static catalogue::Course {
    static COURSE: LazyLock<catalogue::Course> = LazyLock::new(|| {
        // A course whose texts cannot be read was not tested: its own suite reads them first.
        catalogue::Course::read(&course_folder()).unwrap_or_else(|error| panic!("{error}"))
    });
    &COURSE
}

/// The lessons, in the order of the course.
pub fn lessons() -> &'static [Lesson] {
    static LESSONS: LazyLock<Vec<Lesson>> =
        LazyLock::new(|| course().lessons.iter().filter_map(lesson).collect());
    &LESSONS
}

fn lesson(text: &catalogue::Lesson) -> Option<Lesson> {
    let lesson: &'static checks::Lesson = course::LESSONS.iter().find(|it| it.name == text.name)?;
    let exercise = |text: &catalogue::Exercise| {
        let check = lesson.find(&text.id)?;
        Some(Exercise {
            id: check.id,
            title: text.title.clone(),
            file: text.file(),
            points: text.points,
            text: text.clone(),
            check,
            lesson,
        })
    };
    Some(Lesson {
        name: text.name.clone(),
        folder: text.folder.clone(),
        exercises: text.exercises.iter().filter_map(exercise).collect(),
        text: text.clone(),
    })
}

/// Every exercise with its lesson, in the order of the course.
pub fn all() -> impl Iterator<Item = (&'static Lesson, &'static Exercise)> {
    lessons().iter().flat_map(|lesson| {
        let exercises = lesson.exercises.iter();
        exercises.map(move |exercise| (lesson, exercise))
    })
}

/// The points that the exercises of a lesson are worth together.
pub fn max_points(lesson: &Lesson) -> u32 {
    let points = lesson.exercises.iter().map(|exercise| exercise.points);
    points.sum()
}

/// The file that a learner edits, relative to the course, with slashes.
pub fn file(lesson: &Lesson, exercise: &Exercise) -> String {
    lesson.text.lesson_file(&exercise.text)
}

/// Where the solution is, relative to the course.
pub fn solution_file(lesson: &Lesson, exercise: &Exercise) -> String {
    lesson.text.solution_file(&exercise.text)
}

/// What a learner begins an exercise with.
///
/// # Errors
///
/// When a file of the lesson cannot be read.
pub fn starter(lesson: &Lesson, exercise: &Exercise) -> Result<String> {
    build::starter(&lesson.text, &exercise.text)
}

/// The text of an exercise's solution.
///
/// # Errors
///
/// When it cannot be read.
pub fn solution(course: &Path, lesson: &Lesson, exercise: &Exercise) -> Result<String> {
    let file = solution_file(lesson, exercise);
    let text = std::fs::read_to_string(course.join(&file)).map(|text| plain_lines(&text));
    text.with_context(|| format!("read {file}"))
}
