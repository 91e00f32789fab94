//! How far a learner is: points, the end of a lesson, the next exercise.

use catalogue::{Course, Exercise, Lesson};
use screen::{After, LessonEnd, Points, Score};

use crate::pages;
use crate::passed::Passed;

/// The points of the whole course.
pub(crate) fn points(course: &Course, passed: &Passed) -> Points {
    let mut points = Points::default();
    for (_, exercise) in course.exercises() {
        points.total += exercise.points;
        if passed.has(exercise) {
            points.earned += exercise.points;
        }
    }
    points
}

/// Whether all exercises of a lesson have passed.
pub(crate) fn is_done(passed: &Passed, lesson: &Lesson) -> bool {
    let mut exercises = lesson.exercises.iter();
    exercises.all(|exercise| passed.has(exercise))
}

/// What is told at the end of a lesson.
pub(crate) fn lesson_end(course: &Course, passed: &Passed, lesson: &Lesson) -> LessonEnd {
    let score = |exercise: &Exercise| Score {
        id: exercise.id.clone(),
        title: exercise.title.clone(),
        points: exercise.points,
    };
    let mut lessons = course.lessons.iter();
    let next = lessons.find(|next| next.number == lesson.number + 1);
    LessonEnd {
        number: lesson.number,
        title: lesson.title.clone(),
        scores: lesson.exercises.iter().map(score).collect(),
        course: points(course, passed),
        next: next
            .and_then(|next| next.exercises.first())
            .map(|first| pages::of_lesson(&course.root, first)),
    }
}

/// What to do after this exercise: the next one of its lesson that has not passed, and only then the first of the course.
pub(crate) fn next(course: &Course, passed: &Passed, lesson: &Lesson, after: &Exercise) -> After {
    let Some((_, first)) = course.exercises().find(|(_, one)| !passed.has(one)) else {
        return After::Done;
    };
    let exercises = lesson.exercises.iter();
    // The rest of the lesson, and then what was left out before.
    let mut behind = exercises.clone().skip_while(|one| one.id != after.id);
    let of_lesson = behind.find(|one| !passed.has(one));
    let of_lesson = of_lesson.or_else(|| exercises.clone().find(|one| !passed.has(one)));
    match of_lesson {
        Some(next) if next.id != first.id => After::NextOfLesson {
            id: next.id.clone(),
        },
        _ => After::Next {
            id: first.id.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use catalogue::Course;
    use screen::After;

    use super::next;
    use crate::passed::Passed;

    #[test]
    fn whoever_is_in_a_lesson_stays_in_it_until_it_is_done() {
        let root = tempfile::tempdir().expect("a folder");
        let mut course = Course::read(&build::workspace_root()).expect("the course");
        course.root = root.path().to_owned();
        let folder = root.path().join(".wirebook/passed");
        fs::create_dir_all(&folder).expect("it is made");
        let pass = |id: &str| {
            fs::write(folder.join(format!("{id}.rs")), "right").expect("it is written");
        };
        let after = |id: &str| {
            let (lesson, exercise) = course.find(id).expect("it is there");
            next(&course, &Passed::of(&course), lesson, exercise)
        };
        let id = |id: &str| id.to_owned();
        pass("unary.2");
        pass("unary.3");
        assert_eq!(after("unary.2"), After::NextOfLesson { id: id("unary.4") });
        pass("protobuf.1");
        assert_eq!(
            after("protobuf.1"),
            After::Next {
                id: id("protobuf.2")
            }
        );
        for nth in 4..=7 {
            pass(&format!("unary.{nth}"));
        }
        assert_eq!(after("unary.7"), After::NextOfLesson { id: id("unary.1") });
        pass("unary.1");
        assert_eq!(
            after("unary.1"),
            After::Next {
                id: id("protobuf.2")
            }
        );
        for (_, exercise) in course.exercises() {
            pass(&exercise.id);
        }
        assert_eq!(after("protobuf.6"), After::Done);
    }
}
