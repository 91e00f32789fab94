//! Adds `google.rpc.RequestInfo` to every error, so that a report of it can say which call it was, and an `ErrorInfo`
//! to those that came without one: a program that reads reasons then finds one in every error of this server. tonic
//! gives no reasons, and neither do health and reflection, so the name of the code is the best there is.
//!
//! It works on what the services answered, not in them. That covers the errors that no service ever sees: an unknown
//! method, a message beyond the limit, a token that is not accepted. A status is in the response's headers when the
//! call failed before it answered anything ("trailers-only"), otherwise in the trailers, the last frame of the body.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::request_id::RequestId;
use crate::errors::DOMAIN;
use crate::errors::code;

/// A layer's function, for `axum::middleware::from_fn`.
pub(crate) async fn add(request: Request, next: Next) -> Response {
    let id = RequestId::of(&request);
    let mut response = next.run(request).await;
    amend(response.headers_mut(), &id);
    response.map(|body| {
        Body::new(body.map_frame(move |mut frame| {
            if let Some(trailers) = frame.trailers_mut() {
                amend(trailers, &id);
            }
            frame
        }))
    })
}

fn amend(headers: &mut HeaderMap, id: &RequestId) {
    let Some(status) = Status::from_header_map(headers) else {
        return;
    };
    if status.code() == Code::Ok {
        return;
    }
    let mut details = status.get_error_details();
    if details.error_info().is_none() {
        details.set_error_info(code::name(status.code()), DOMAIN, HashMap::new());
    }
    // The second field is for what the server wants to find again besides; here the log has it.
    details.set_request_info(id.as_str(), "");
    Status::with_error_details(status.code(), status.message(), details)
        .add_header(headers)
        .expect("what was read from headers fits into headers");
}
