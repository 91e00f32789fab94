//! The reference server: the course's document classifier, served over gRPC on the real model.
//!
//! [`serve`] is the whole server. Its caller owns the listener and decides when to stop, so the tests start the very
//! server that the program starts. A request passes through the folders in this order:
//!
//! | module | its one job |
//! |---|---|
//! | **[`transport`]** | **from a socket to requests** |
//! | `listen` | a TCP port or a Unix socket, and its address |
//! | `limits` | what one connection and one message may cost |
//! | `serve` | serves, and stops within the grace limit |
//! | `cut` | ends connections that did not end by themselves |
//! | **`routes`** | **the services on one port, inside the layers** |
//! | **[`layers`]** | **what holds for every call, and in which order** |
//! | `request_id`, `trace_context` | name the call, and the trace that it is part of |
//! | `web` | gRPC-Web to gRPC and back |
//! | `access` | one line in the log for each call |
//! | `correlation` | sends the caller's `x-correlation-id` back |
//! | `request_info` | the request id in the details of every error, and a reason where there is none |
//! | `auth` | who is calling |
//! | `deadline` | ends a call with DEADLINE_EXCEEDED when its time is up |
//! | `panic` | turns a handler's panic into INTERNAL |
//! | **[`service`]** | **the two services: what goes in, what comes out** |
//! | `classify`, `host` | the methods of each |
//! | `batch`, `upload`, `stream` | the three streaming calls |
//! | `validate` | what a request may say |
//! | `document` | classifies one document, for every kind of call |
//! | **[`inference`]** | **runs the model off the async threads, a bounded number of texts at a time** |
//! | `model` | what the server asks of a model |
//! | **[`store`]** | **keeps uploads: each as a whole, or not at all** |
//! | **[`errors`]** | **what a call failed with, and how that is written on the wire** |
//! | `failure` | becomes the status of a call |
//! | `event` | becomes a message, where only one document failed |
//! | `reason`, `code` | the names that programs match on |
//!
//! Beside them: `tools`, health and reflection, which tools such as grpcurl ask first, and [`config`], the settings.

pub mod config;
pub mod errors;
pub mod inference;
pub mod layers;
mod routes;
pub mod service;
pub mod store;
mod tools;
pub mod transport;

pub use config::Config;
pub use inference::{Inference, Model};
pub use layers::Auth;
pub use store::Store;
pub use transport::{Address, Ending, Limits, Listener, serve};
