//! The reference server: the course's document classifier, served over gRPC on the real model.
//!
//! [`serve`] is the whole server. Whoever calls it owns the listener and decides when to stop, so the tests start the
//! very server that `main` starts. A request passes through the modules in this order:
//!
//! | module | its one job |
//! |---|---|
//! | [`listen`] | a TCP port or a Unix socket, and its address |
//! | [`server`] | puts the services together, serves, stops within the grace limit |
//! | [`limits`] | what one connection and one message may cost |
//! | [`layers`] | the order of the layers, which follow |
//! | [`request_id`], [`trace_context`] | name the call, and the trace that it is part of |
//! | `web` | gRPC-Web to gRPC and back |
//! | `access` | one line in the log for each call |
//! | `correlation` | sends the caller's `x-correlation-id` back |
//! | `request_info` | the request id in the details of every error, and a reason where there is none |
//! | [`auth`] | who is calling |
//! | `deadline` | ends a call with DEADLINE_EXCEEDED when its time is up |
//! | `panic` | turns a handler's panic into INTERNAL |
//! | [`classify`], [`host`] | the two services: what goes in, what comes out |
//! | `batch`, `upload`, `stream` | the three streaming calls |
//! | `document` | classifies one document, for every kind of call |
//! | `validate` | what a request may say |
//! | [`failure`] | what a call failed with, and how that is written on the wire |
//! | [`inference`] | runs the model off the async threads, a bounded number at a time |
//! | [`model`] | what the server asks of a model |
//! | [`store`] | keeps uploads: each as a whole, or not at all |
//!
//! Beside them: `error_event` for a document that fails without its call, `health` and `reflection`, which tools such as
//! grpcurl ask first, `code`, the names of the gRPC codes, and `cut`, which ends connections that did not end by
//! themselves.

mod access;
pub mod auth;
mod batch;
pub mod classify;
mod code;
pub mod config;
mod correlation;
mod cut;
mod deadline;
mod document;
mod error_event;
pub mod failure;
mod health;
pub mod host;
pub mod inference;
pub mod layers;
pub mod limits;
pub mod listen;
pub mod model;
mod panic;
mod reflection;
pub mod request_id;
mod request_info;
pub mod server;
pub mod store;
mod stream;
pub mod trace_context;
mod upload;
mod validate;
mod web;

pub use auth::Auth;
pub use config::Config;
pub use inference::Inference;
pub use limits::Limits;
pub use listen::{Address, Listener};
pub use model::Model;
pub use server::{Ending, serve};
pub use store::Store;
