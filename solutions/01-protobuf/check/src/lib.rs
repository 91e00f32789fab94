//! How the exercises of lesson protobuf are checked. Written by `cargo xtask sync`: do not edit.

#[path = "../../3-events/check.rs"]
mod events;
#[path = "../../5-evolution/check.rs"]
mod evolution;
#[path = "../../6-onnx/check.rs"]
mod onnx;
#[path = "../../2-presence/check.rs"]
mod presence;
#[path = "../../1-round-trip/check.rs"]
mod round_trip;
#[path = "../../4-varint/check.rs"]
mod varint;

/// The lesson.
pub static LESSON: checks::Lesson = checks::Lesson {
    name: "protobuf",
    folder: "01-protobuf",
    exercises: &[
        checks::Exercise {
            id: "protobuf.1",
            folder: "1-round-trip",
            scenario: &round_trip::RoundTrip,
            diagnoses: round_trip::DIAGNOSES,
        },
        checks::Exercise {
            id: "protobuf.2",
            folder: "2-presence",
            scenario: &presence::Presence,
            diagnoses: presence::DIAGNOSES,
        },
        checks::Exercise {
            id: "protobuf.3",
            folder: "3-events",
            scenario: &events::Events,
            diagnoses: events::DIAGNOSES,
        },
        checks::Exercise {
            id: "protobuf.4",
            folder: "4-varint",
            scenario: &varint::Varint,
            diagnoses: varint::DIAGNOSES,
        },
        checks::Exercise {
            id: "protobuf.5",
            folder: "5-evolution",
            scenario: &evolution::Evolution,
            diagnoses: evolution::DIAGNOSES,
        },
        checks::Exercise {
            id: "protobuf.6",
            folder: "6-onnx",
            scenario: &onnx::Onnx,
            diagnoses: onnx::DIAGNOSES,
        },
    ],
};
