//! Gives every call an id, under which the log, the response and the details of an error all name it.
//!
//! A caller that has an id already, a proxy for example, sends it as `x-request-id`, and it is kept: one search then
//! finds the call in the logs of both. But it ends up in logs and headers, so it is kept only if it is short and
//! plain. Anything else is replaced without complaint, because the call itself is none the worse for it.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

/// The header's name, in requests and in responses.
pub(crate) const HEADER: &str = "x-request-id";
/// Longest id that is kept, in bytes. A UUID has 36.
const MAX_ID_BYTES: usize = 128;

/// A call's id: in the extensions of every request that reaches a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id as it was sent or made.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id that the layer gave to this request.
    pub(crate) fn of(request: &Request) -> Self {
        let id = request.extensions().get::<Self>();
        id.cloned().unwrap_or_else(Self::new)
    }

    fn new() -> Self {
        Self(Uuid::new_v4().to_string().into())
    }

    /// The id that a caller sent, if it may be kept.
    fn sent(value: &HeaderValue) -> Option<Self> {
        let id = value.to_str().ok()?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        let valid = (1..=MAX_ID_BYTES).contains(&id.len()) && id.bytes().all(plain);
        valid.then(|| Self(id.into()))
    }
}

/// A layer's function, for `axum::middleware::from_fn`.
pub(crate) async fn assign(mut request: Request, next: Next) -> Response {
    let sent = request.headers().get(HEADER).and_then(RequestId::sent);
    let id = sent.unwrap_or_else(RequestId::new);
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    let value = HeaderValue::from_str(id.as_str()).expect("an id is plain ASCII");
    response.headers_mut().insert(HEADER, value);
    response
}
