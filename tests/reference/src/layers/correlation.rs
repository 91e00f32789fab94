//! Sends the caller's `x-correlation-id` back with the response, so that both sides can name the call in their logs.
//!
//! It works on HTTP headers, below the services: there, one place covers every kind of call and failed calls too. A
//! call that fails at once is answered by headers that carry the status as well ("trailers-only"), and the id among
//! them.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

const HEADER: &str = "x-correlation-id";

/// A layer's function, for `axum::middleware::from_fn`.
pub(crate) async fn echo(request: Request, next: Next) -> Response {
    let id = request.headers().get(HEADER).cloned();
    let mut response = next.run(request).await;
    if let Some(id) = id {
        response.headers_mut().insert(HEADER, id);
    }
    response
}
