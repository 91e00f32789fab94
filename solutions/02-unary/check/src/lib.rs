//! How the exercises of lesson unary are checked. Written by `cargo xtask sync`: do not edit.

#[path = "../../6-at-once/check.rs"]
mod at_once;
#[path = "../../4-blocking/check.rs"]
mod blocking;
#[path = "../../1-classify/check.rs"]
mod classify;
#[path = "../common.rs"]
mod common;
#[path = "../../2-deadline/check.rs"]
mod deadline;
#[path = "../../3-edge/check.rs"]
mod edge;
#[path = "../../7-failures/check.rs"]
mod failures;
#[path = "../../5-health/check.rs"]
mod health;

/// The lesson.
pub static LESSON: checks::Lesson = checks::Lesson {
    name: "unary",
    folder: "02-unary",
    exercises: &[
        checks::Exercise {
            id: "unary.1",
            folder: "1-classify",
            scenario: &classify::Classify,
            diagnoses: classify::DIAGNOSES,
        },
        checks::Exercise {
            id: "unary.2",
            folder: "2-deadline",
            scenario: &deadline::Deadline,
            diagnoses: deadline::DIAGNOSES,
        },
        checks::Exercise {
            id: "unary.3",
            folder: "3-edge",
            scenario: &edge::Edge,
            diagnoses: edge::DIAGNOSES,
        },
        checks::Exercise {
            id: "unary.4",
            folder: "4-blocking",
            scenario: &blocking::Blocking,
            diagnoses: blocking::DIAGNOSES,
        },
        checks::Exercise {
            id: "unary.5",
            folder: "5-health",
            scenario: &health::Health,
            diagnoses: health::DIAGNOSES,
        },
        checks::Exercise {
            id: "unary.6",
            folder: "6-at-once",
            scenario: &at_once::AtOnce,
            diagnoses: at_once::DIAGNOSES,
        },
        checks::Exercise {
            id: "unary.7",
            folder: "7-failures",
            scenario: &failures::Failures,
            diagnoses: failures::DIAGNOSES,
        },
    ],
};
