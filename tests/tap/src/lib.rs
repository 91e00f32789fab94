//! A recording gRPC proxy, and the transcript that it records.
//!
//! The proxy stands between two processes, forwards what they say to each other and keeps it as [`Event`]s. Events
//! are put into one canonical form, a [`Transcript`]: plain text that is printed, compared and stored.
//!
//! This crate knows gRPC and protobuf, and no type of the course: what a message means it reads from the descriptors
//! that it is given. What a run *should* look like is for others to say.

mod calls;
mod canonical;
mod code;
mod compare;
mod dissect;
mod event;
mod render;
mod transcript;

pub use calls::{Call, calls};
pub use canonical::{Count, Deadline, Order, Rules, canonical};
pub use code::code_name;
pub use compare::{Difference, Row, compare};
pub use dissect::{Piece, dissect};
pub use event::{Event, Kind, Metadata, Side};
pub use render::Renderer;
pub use transcript::{Arrow, Content, Line, ParseError, Transcript};
