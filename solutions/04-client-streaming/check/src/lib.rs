//! How the exercises of lesson client-streaming are checked. Written by `cargo xtask sync`: do not edit.

#[path = "../../4-commit/check.rs"]
mod commit;
#[path = "../common.rs"]
mod common;
#[path = "../../5-early-answer/check.rs"]
mod early_answer;
#[path = "../../1-in-chunks/check.rs"]
mod in_chunks;
#[path = "../../3-limit/check.rs"]
mod limit;
#[path = "../../2-receive/check.rs"]
mod receive;

/// The lesson.
pub static LESSON: checks::Lesson = checks::Lesson {
    name: "client-streaming",
    folder: "04-client-streaming",
    exercises: &[
        checks::Exercise {
            id: "client-streaming.1",
            folder: "1-in-chunks",
            scenario: &in_chunks::InChunks,
            diagnoses: in_chunks::DIAGNOSES,
        },
        checks::Exercise {
            id: "client-streaming.2",
            folder: "2-receive",
            scenario: &receive::Receive,
            diagnoses: receive::DIAGNOSES,
        },
        checks::Exercise {
            id: "client-streaming.3",
            folder: "3-limit",
            scenario: &limit::Limit,
            diagnoses: limit::DIAGNOSES,
        },
        checks::Exercise {
            id: "client-streaming.4",
            folder: "4-commit",
            scenario: &commit::Commit,
            diagnoses: commit::DIAGNOSES,
        },
        checks::Exercise {
            id: "client-streaming.5",
            folder: "5-early-answer",
            scenario: &early_answer::EarlyAnswer,
            diagnoses: early_answer::DIAGNOSES,
        },
    ],
};
