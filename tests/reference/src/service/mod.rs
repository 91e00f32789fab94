//! What is served: two services, and what they do with a request.
//!
//! [`ClassifyService`] hands each kind of call to another module. All of them check a request by the rules of `validate`;
//! those that classify do it in `document`.

mod batch;
mod classify;
mod document;
mod host;
mod stream;
mod upload;
mod validate;

pub use classify::ClassifyService;
pub use host::HostService;
