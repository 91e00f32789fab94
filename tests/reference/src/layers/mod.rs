//! The layers that every call passes through, gRPC or HTTP, whatever its kind.
//!
//! A layer wraps a service: it sees the request on the way in, the response on the way out, and may answer by itself.
//! In Rust the gRPC server and the HTTP server are both tower services, so one set of layers serves both. The order is
//! the design:
//!
//! - what must be on *every* response, and in every line of the log, comes first: the ids;
//! - the log lies outside auth, or refused calls would leave no line; auth adds the user to the log's span;
//! - the log lies inside the translation of gRPC-Web, or it would find no trailers;
//! - auth lies outside the deadline and the services: a stranger's call costs nothing more than its refusal;
//! - panics are caught last, next to the code that panics, so that all others see an ordinary response.

mod access;
pub mod auth;
mod correlation;
pub(crate) mod deadline;
mod panic;
mod request_id;
mod request_info;
mod trace_context;
pub(crate) mod web;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;

pub use auth::{Auth, User};
pub use request_id::RequestId;
pub use trace_context::TraceContext;

/// Puts the layers around everything in `router`. Without `auth`, everybody may call.
pub fn around(router: Router, auth: Option<Arc<Auth>>) -> Router {
    // The first layer is the outermost.
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn(web::cors))
            .layer(from_fn(request_id::assign))
            .layer(from_fn(trace_context::join))
            .layer(from_fn(web::translate))
            .layer(from_fn(access::log))
            .layer(from_fn(correlation::echo))
            .layer(from_fn(request_info::add))
            .layer(from_fn_with_state(auth, auth::check))
            .layer(from_fn(deadline::observe))
            .layer(from_fn(panic::catch)),
    )
}
