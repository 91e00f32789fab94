//! How the exercises of lesson bidirectional are checked. Written by `cargo xtask sync`: do not edit.

#[path = "../../2-both-ways/check.rs"]
mod both_ways;
#[path = "../common.rs"]
mod common;
#[path = "../../4-failed-event/check.rs"]
mod failed_event;
#[path = "../../5-half-close/check.rs"]
mod half_close;
#[path = "../../6-in-flight/check.rs"]
mod in_flight;
#[path = "../../1-lock-step/check.rs"]
mod lock_step;
#[path = "../../3-out-of-order/check.rs"]
mod out_of_order;

/// The lesson.
pub static LESSON: checks::Lesson = checks::Lesson {
    name: "bidirectional",
    folder: "05-bidirectional",
    exercises: &[
        checks::Exercise {
            id: "bidirectional.1",
            folder: "1-lock-step",
            scenario: &lock_step::LockStep,
            diagnoses: lock_step::DIAGNOSES,
        },
        checks::Exercise {
            id: "bidirectional.2",
            folder: "2-both-ways",
            scenario: &both_ways::BothWays,
            diagnoses: both_ways::DIAGNOSES,
        },
        checks::Exercise {
            id: "bidirectional.3",
            folder: "3-out-of-order",
            scenario: &out_of_order::OutOfOrder,
            diagnoses: out_of_order::DIAGNOSES,
        },
        checks::Exercise {
            id: "bidirectional.4",
            folder: "4-failed-event",
            scenario: &failed_event::FailedEvent,
            diagnoses: failed_event::DIAGNOSES,
        },
        checks::Exercise {
            id: "bidirectional.5",
            folder: "5-half-close",
            scenario: &half_close::HalfClose,
            diagnoses: half_close::DIAGNOSES,
        },
        checks::Exercise {
            id: "bidirectional.6",
            folder: "6-in-flight",
            scenario: &in_flight::InFlight,
            diagnoses: in_flight::DIAGNOSES,
        },
    ],
};
