//! How the exercises of lesson server-streaming are checked. Written by `cargo xtask sync`: do not edit.

#[path = "../../2-bad-document/check.rs"]
mod bad_document;
#[path = "../../4-caller-leaves/check.rs"]
mod caller_leaves;
#[path = "../common.rs"]
mod common;
#[path = "../../3-drain/check.rs"]
mod drain;
#[path = "../../1-first-results/check.rs"]
mod first_results;
#[path = "../../5-slow-reader/check.rs"]
mod slow_reader;
#[path = "../../6-whole-deadline/check.rs"]
mod whole_deadline;

/// The lesson.
pub static LESSON: checks::Lesson = checks::Lesson {
    name: "server-streaming",
    folder: "03-server-streaming",
    exercises: &[
        checks::Exercise {
            id: "server-streaming.1",
            folder: "1-first-results",
            scenario: &first_results::FirstResults,
            diagnoses: first_results::DIAGNOSES,
        },
        checks::Exercise {
            id: "server-streaming.2",
            folder: "2-bad-document",
            scenario: &bad_document::BadDocument,
            diagnoses: bad_document::DIAGNOSES,
        },
        checks::Exercise {
            id: "server-streaming.3",
            folder: "3-drain",
            scenario: &drain::Drain,
            diagnoses: drain::DIAGNOSES,
        },
        checks::Exercise {
            id: "server-streaming.4",
            folder: "4-caller-leaves",
            scenario: &caller_leaves::CallerLeaves,
            diagnoses: caller_leaves::DIAGNOSES,
        },
        checks::Exercise {
            id: "server-streaming.5",
            folder: "5-slow-reader",
            scenario: &slow_reader::SlowReader,
            diagnoses: slow_reader::DIAGNOSES,
        },
        checks::Exercise {
            id: "server-streaming.6",
            folder: "6-whole-deadline",
            scenario: &whole_deadline::WholeDeadline,
            diagnoses: whole_deadline::DIAGNOSES,
        },
    ],
};
