//! What the course's folders say of exercises and lessons, for a sentence of a page: titles, minutes, points, counts.
//!
//! A name is that of an exercise (`unary.1`), of a lesson (`unary`, or its folder `02-unary`), or `course`.

use std::path::Path;

use catalogue::{Course, Exercise, Lesson};

use crate::problem::Problem;

/// All of the course.
const WHOLE: &str = "course";
const WORDS: [&str; 13] = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// The directives that [`fact`] knows.
pub(crate) const DIRECTIVES: [&str; 6] = [
    "title",
    "minutes",
    "minutes-range",
    "hours",
    "points-sum",
    "count",
];

/// Reads the folders of the course.
pub(crate) fn course(root: &Path) -> Result<Course, Problem> {
    Course::read(root).map_err(|error| {
        Problem::new(
            format!("cannot read the exercises: {error}"),
            "a file of an exercise was edited, and is malformed",
            "mend it; `cargo xtask list` says the same",
        )
    })
}

/// The exercise of this id, with its lesson.
pub(crate) fn exercise<'a>(
    course: &'a Course,
    id: &str,
) -> Result<(&'a Lesson, &'a Exercise), Problem> {
    course.find(id).ok_or_else(|| {
        Problem::new(
            format!("there is no exercise {id:?}"),
            "it is misspelt, or has no folder in solutions/",
            "name another; `cargo xtask list` lists them",
        )
    })
}

/// The lessons that `name` means.
pub(crate) fn lessons<'a>(course: &'a Course, name: &str) -> Result<Vec<&'a Lesson>, Problem> {
    let named = |lesson: &&Lesson| name == WHOLE || lesson.name == name || lesson.folder == name;
    let found: Vec<_> = course.lessons.iter().filter(named).collect();
    if found.is_empty() {
        return Err(Problem::new(
            format!("there is no lesson {name:?}"),
            "it is misspelt, or has no folder in solutions/",
            format!("name a lesson, or {WHOLE:?} for all of them"),
        ));
    }
    Ok(found)
}

/// The exercises that `name` means: at least one.
fn exercises<'a>(course: &'a Course, name: &str) -> Result<Vec<&'a Exercise>, Problem> {
    if name.contains('.') {
        return Ok(vec![exercise(course, name)?.1]);
    }
    let lessons = lessons(course, name)?;
    Ok(lessons
        .iter()
        .flat_map(|lesson| &lesson.exercises)
        .collect())
}

/// What the inline directive `directive` stands for. `None` where it is not one of these.
pub(crate) fn fact(
    root: &Path,
    directive: &str,
    argument: &str,
) -> Option<Result<String, Problem>> {
    let say: fn(&Course, &str) -> Result<String, Problem> = match directive {
        "title" => title,
        "minutes" => |course, name| {
            Ok(unit(
                sum(&exercises(course, name)?, |it| it.minutes),
                "minute",
            ))
        },
        "minutes-range" => minutes_range,
        "hours" => |course, name| Ok(hours(sum(&exercises(course, name)?, |it| it.minutes))),
        "points-sum" => |course, name| {
            Ok(unit(
                sum(&exercises(course, name)?, |it| it.points),
                "point",
            ))
        },
        "count" => count,
        _ => return None,
    };
    Some(course(root).and_then(|course| say(&course, argument)))
}

fn title(course: &Course, name: &str) -> Result<String, Problem> {
    if name.contains('.') {
        return Ok(exercise(course, name)?.1.title.clone());
    }
    let lessons = lessons(course, name)?;
    Ok(lessons[0].title.clone())
}

fn minutes_range(course: &Course, name: &str) -> Result<String, Problem> {
    let minutes = exercises(course, name)?.into_iter().map(|it| it.minutes);
    let least = minutes.clone().min().unwrap_or_default();
    let most = minutes.max().unwrap_or_default();
    Ok(match least == most {
        true => unit(most, "minute"),
        false => format!("{least} to {}", unit(most, "minute")),
    })
}

fn count(course: &Course, argument: &str) -> Result<String, Problem> {
    match argument.split_once(' ').unwrap_or((argument, WHOLE)) {
        ("lessons", WHOLE) => Ok(counted(course.lessons.len(), "lesson")),
        ("exercises", name) => Ok(counted(exercises(course, name.trim())?.len(), "exercise")),
        _ => Err(Problem::new(
            format!("{argument:?} cannot be counted"),
            "lessons and exercises are counted",
            "write {{#count lessons}}, {{#count exercises}} or {{#count exercises LESSON}}",
        )),
    }
}

/// The sum over these exercises.
pub(crate) fn sum(exercises: &[&Exercise], of: impl Fn(&Exercise) -> u32) -> u32 {
    exercises.iter().map(|exercise| of(exercise)).sum()
}

/// `1 minute`, `2 minutes`.
pub(crate) fn unit(count: u32, unit: &str) -> String {
    match count {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    }
}

/// A number within a sentence: small ones in words, as they are read.
fn counted(count: usize, unit: &str) -> String {
    let number = WORDS
        .get(count)
        .map_or_else(|| count.to_string(), |&word| word.to_owned());
    let plural = if count == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

/// Minutes as a sum of many estimates is meant: to the next half hour. `about 2.5 hours`.
pub(crate) fn hours(minutes: u32) -> String {
    let halves = (minutes + 15) / 30;
    match (halves / 2, halves % 2) {
        (0, _) => unit(minutes, "minute"),
        (1, 0) => "about 1 hour".to_owned(),
        (whole, 0) => format!("about {whole} hours"),
        (whole, _) => format!("about {whole}.5 hours"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_minutes_are_said_in_half_hours() {
        for (minutes, said) in [
            (1, "1 minute"),
            (40, "40 minutes"),
            (60, "about 1 hour"),
            (74, "about 1 hour"),
            (75, "about 1.5 hours"),
            (295, "about 5 hours"),
        ] {
            assert_eq!(hours(minutes), said, "{minutes}");
        }
    }

    #[test]
    fn small_counts_are_words() {
        assert_eq!(counted(1, "lesson"), "one lesson");
        assert_eq!(counted(12, "lesson"), "twelve lessons");
        assert_eq!(counted(13, "exercise"), "13 exercises");
    }
}
