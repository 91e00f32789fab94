//! The scenarios of each lesson, and what its usual mistakes look like.

pub(crate) mod protobuf;
pub(crate) mod unary;
