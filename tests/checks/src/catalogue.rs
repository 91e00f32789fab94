//! All exercises, in the order in which they are done.

mod protobuf;
mod unary;

use crate::diagnosis::Diagnosis;
use stage::Scenario;

/// A lesson: one crate.
#[derive(Debug)]
pub struct Lesson {
    /// Its name, for example `"unary"`.
    pub name: &'static str,
    /// Its folder in `lessons/` and in `solutions/`.
    pub folder: &'static str,
    /// Its exercises, in order.
    pub exercises: &'static [Exercise],
}

/// An exercise: one gap in one file.
pub struct Exercise {
    /// `"unary.1"`.
    pub id: &'static str,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// The page of the book that it stands on, below `book/src`.
    pub page: &'static str,
    /// The file with the gap, below the lesson's `src`.
    pub file: &'static str,
    /// How long it takes, in minutes, for someone who has read the chapter.
    pub minutes: u32,
    /// What it is worth in a grade.
    pub points: u32,
    /// A nudge, the API's name, almost the code.
    pub hints: [&'static str; 3],
    /// Another way to do it and why one would, for someone who has just passed.
    pub note: &'static str,
    /// What it is run on.
    pub scenario: &'static dyn Scenario,
    /// Its usual mistakes; the first that shows is named.
    pub diagnoses: &'static [Diagnosis],
}

impl std::fmt::Debug for Exercise {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// The course.
pub static LESSONS: &[Lesson] = &[
    Lesson {
        name: "protobuf",
        folder: "01-protobuf",
        exercises: protobuf::EXERCISES,
    },
    Lesson {
        name: "unary",
        folder: "02-unary",
        exercises: unary::EXERCISES,
    },
];

/// What a learner may name: all, a lesson, or an exercise.
///
/// # Errors
///
/// When there is none of that name: the error lists what there is.
pub fn select(name: Option<&str>) -> Result<Vec<(&'static Lesson, &'static Exercise)>, String> {
    let all = LESSONS
        .iter()
        .flat_map(|lesson| lesson.exercises.iter().map(move |own| (lesson, own)));
    let Some(name) = name else {
        return Ok(all.collect());
    };
    let found: Vec<_> = all
        .filter(|(lesson, own)| lesson.name == name || own.id == name)
        .collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let lessons: Vec<_> = LESSONS
        .iter()
        .map(|lesson| {
            format!(
                "{0} ({0}.1 to {0}.{1})",
                lesson.name,
                lesson.exercises.len()
            )
        })
        .collect();
    // `protobuf1`, `Unary.1` and `unary-1` are near enough to be understood.
    let bare = |name: &str| {
        name.to_lowercase()
            .replace(|own: char| !own.is_alphanumeric(), "")
    };
    let near = LESSONS
        .iter()
        .flat_map(|lesson| {
            std::iter::once(lesson.name).chain(lesson.exercises.iter().map(|own| own.id))
        })
        .find(|own| bare(own) == bare(name));
    let meant = near.map_or_else(String::new, |own| format!(". Did you mean {own}?"));
    Err(format!(
        "there is no lesson or exercise {name:?}; there are {}{meant}",
        lessons.join(", ")
    ))
}
