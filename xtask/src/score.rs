//! How far a learner is: points, the end of a lesson, the next exercise.

use catalogue::{Course, Exercise, Lesson};
use screen::{LessonEnd, Points, Score};

use crate::pages;
use crate::passed::Passed;

/// The points of the whole course.
pub(crate) fn points(course: &Course, passed: &Passed) -> Points {
    let mut points = Points::default();
    for (lesson, exercise) in course.exercises() {
        points.total += exercise.points;
        if passed.has(lesson, exercise) {
            points.earned += exercise.points;
        }
    }
    points
}

/// Whether all exercises of a lesson have passed.
pub(crate) fn is_done(passed: &Passed, lesson: &Lesson) -> bool {
    let mut exercises = lesson.exercises.iter();
    exercises.all(|exercise| passed.has(lesson, exercise))
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

/// The first exercise that has not passed.
pub(crate) fn next<'a>(course: &'a Course, passed: &Passed) -> Option<&'a Exercise> {
    let mut exercises = course.exercises();
    let next = exercises.find(|(lesson, exercise)| !passed.has(lesson, exercise));
    next.map(|(_, exercise)| exercise)
}
