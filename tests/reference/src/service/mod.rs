//! What is served: two services, and what they do with a request.
//!
//! [`ClassifyService`] hands each kind of call to a module of its own. All of them check what they got by `validate`,
//! and classify by `document`.

mod batch;
mod classify;
mod document;
mod host;
mod stream;
mod upload;
mod validate;

pub use classify::ClassifyService;
pub use host::HostService;
