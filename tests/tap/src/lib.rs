//! A recording gRPC proxy, and the transcript that it records.
//!
//! The proxy, a [`Tap`], stands between two processes, forwards what they say to each other and keeps it as [`Event`]s
//! in a [`Recorder`]. Events are put into one canonical form, a [`Transcript`]: plain text that is printed, compared
//! and stored.
//!
//! This crate knows gRPC and protobuf, and no type of the course: what a message means it reads from the descriptors
//! that it is given. What a run *should* look like is for others to say.

// What crossed the wire.
mod event;
mod recorder;

// The proxy that records it.
mod address;
mod answer;
mod call;
mod connection;
mod frames;
mod headers;
mod relay;
mod stream;
mod tap;

// What the proxy is told to do with a call.
mod gate;
mod plan;

// From events to text, and the comparison of two texts.
mod calls;
mod canonical;
mod code;
mod compare;
mod transcript;

// What the bytes of a message say.
mod decode;
mod descriptor;
mod dissect;
mod render;
mod schema;
pub mod wire;

#[cfg(test)]
mod testing;

pub use address::{Address, AddressError};
pub use calls::{Call, calls};
pub use canonical::{Count, Deadline, Order, Rules, canonical};
pub use code::code_name;
pub use compare::{Difference, Row, compare};
pub use dissect::{Piece, dissect};
pub use event::{Event, Kind, Metadata, Side};
pub use gate::Gate;
pub use plan::{After, CallInfo, CallPlan, Fault, FaultKind, Plan};
pub use recorder::Recorder;
pub use render::Renderer;
pub use schema::{MessageType, SchemaError};
pub use tap::{Options, Tap};
pub use transcript::{Arrow, Content, Line, ParseError, Transcript};
