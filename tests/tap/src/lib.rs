//! A recording gRPC proxy, and the transcript that it records.
//!
//! The proxy, a [`Tap`], stands between two processes, forwards what they send to each other and keeps it as [`Event`]s
//! in a [`Recorder`]. Events are put into one canonical form, a [`Transcript`]: plain text that is printed, compared
//! and stored.
//!
//! This crate knows gRPC and protobuf, and no type of the course: what a message means it reads from the descriptors
//! that it is given. What a run *should* look like is for others to decide.

// What crossed the wire.
mod code;
mod event;
mod hop;
mod recorder;
mod reset_code;

// The proxy that records it, from its listener down to the bytes of one call.
mod address;
mod connection;
mod end;
mod forward;
mod header_size;
mod headers;
mod message_reader;
mod relay;
mod response;
mod stream;
mod tap;

// What the proxy does with a call beyond forwarding it.
mod fault;
mod gate;
mod plan;
mod play;
mod script;

// The text form, how events are put into it, and the comparison of two texts.
mod call_tree;
pub mod canonical;
mod compare;
mod exchange;
mod rules;
mod transcript;

// What the bytes of a message say.
mod decode;
mod descriptor;
mod dump;
mod fields;
mod find;
mod google_rpc;
mod render;
mod scalar;
mod schema;
mod status_details;
pub mod wire;

#[cfg(test)]
mod differential;
#[cfg(test)]
mod testing;

pub use address::{Address, AddressError};
pub use call_tree::{Call, calls};
pub use code::{Code, CodeError};
pub use compare::{Difference, Row, compare};
pub use dump::{DumpLine, dump};
pub use event::{Event, EventKind, Metadata, Side};
pub use exchange::{View, exchange};
pub use fault::{After, Draft, Fault, FaultKind};
pub use gate::Gate;
pub use hop::Hop;
pub use plan::{CallInfo, CallPlan, Plan};
pub use recorder::Recorder;
pub use render::{Rendered, Renderer};
pub use reset_code::ResetCode;
pub use rules::{Ahead, Conversation, Count, Deadline, Messages, Order, Rules};
pub use schema::{MessageType, SchemaError};
pub use script::{Script, Step};
pub use tap::{Options, Tap};
pub use transcript::{
    Content, Direction, Exchanged, Line, ParseError, Payload, RawBytes, Section, SectionName,
    Timeout, Transcript, What, split_field, split_fields,
};
