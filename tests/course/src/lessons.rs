//! All lessons of the course together. Written by `cargo xtask sync`: do not edit.

/// The lessons, in order.
#[rustfmt::skip]
pub static LESSONS: &[&checks::Lesson] = &[
    &check_protobuf::LESSON,
    &check_unary::LESSON,
    &check_server_streaming::LESSON,
];
