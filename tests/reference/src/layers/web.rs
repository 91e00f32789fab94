//! gRPC-Web: the same services for a browser, on the same port.
//!
//! A page's script can neither choose HTTP/2 nor read trailers. gRPC-Web therefore puts the trailers at the end of the
//! body, and works over HTTP/1.1 as well. [`translate`] turns such a call into a plain gRPC call and its response back,
//! so nothing behind it knows the difference. Of the four kinds of call, browsers can make two: unary and server
//! streaming.
//!
//! The browser also asks whether a page may call a server of another origin (CORS). Pages on this machine may. Others
//! may not: a server on loopback is open to every page that its user visits, unless it says no.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, ORIGIN};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tonic_web::GrpcWebLayer;
use tower::{Layer, ServiceExt, service_fn};
use tower_http::cors::{AllowOrigin, CorsLayer};

const GRPC_TYPE: &str = "application/grpc";
const GRPC_WEB_TYPE: &str = "application/grpc-web";
/// How long a browser may remember the answer about an origin.
const CORS_MAX_AGE: Duration = Duration::from_secs(60 * 60);

/// A layer's function, for `axum::middleware::from_fn`: answers a browser that asks what a page may do. Other clients
/// send no `origin`, and get no headers that mean nothing to them.
pub(crate) async fn cors(request: Request, next: Next) -> Response {
    if !request.headers().contains_key(ORIGIN) {
        return next.run(request).await;
    }
    let inner = service_fn(move |request| {
        let next = next.clone();
        async move { Ok::<_, Infallible>(next.run(request).await) }
    });
    let Ok(response) = cors_rules().layer(inner).oneshot(request).await;
    response
}

/// What pages of which origin may send and read.
fn cors_rules() -> CorsLayer {
    let sent = ["x-grpc-web", "x-user-agent", "grpc-timeout", "traceparent"];
    let ids = ["x-request-id", "x-correlation-id"].map(HeaderName::from_static);
    let status = ["grpc-status", "grpc-message", "grpc-status-details-bin"];
    let sent = sent.map(HeaderName::from_static).into_iter();
    let status = status.map(HeaderName::from_static).into_iter();
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(|origin, _| is_loopback(origin)))
        .allow_methods([Method::POST])
        .allow_headers(Vec::from_iter(
            sent.chain(ids.clone()).chain([CONTENT_TYPE, AUTHORIZATION]),
        ))
        .expose_headers(Vec::from_iter(status.chain(ids)))
        .max_age(CORS_MAX_AGE)
}

/// Whether an origin such as `http://localhost:8000` is on this machine.
fn is_loopback(origin: &HeaderValue) -> bool {
    let origin: Option<Uri> = origin.to_str().ok().and_then(|text| text.parse().ok());
    let host = origin.as_ref().and_then(Uri::host);
    matches!(host, Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// Marks a request that came as gRPC-Web.
#[derive(Clone, Copy)]
struct Translated;

/// A layer's function, for `axum::middleware::from_fn`: gRPC-Web is translated, everything else passes.
pub(crate) async fn translate(mut request: Request, next: Next) -> Response {
    // The body is bytes, or text for browsers that cannot handle bytes. No other format is known here.
    let format = content_type(&request).strip_prefix(GRPC_WEB_TYPE);
    if !matches!(format, Some("" | "+proto" | "-text" | "-text+proto")) {
        return next.run(request).await;
    }
    request.extensions_mut().insert(Translated);
    let inner = service_fn(move |request: axum::http::Request<tonic::body::Body>| {
        let next = next.clone();
        async move { Ok::<_, Infallible>(next.run(request.map(Body::new)).await) }
    });
    let Ok(response) = GrpcWebLayer::new().layer(inner).oneshot(request).await;
    response.map(Body::new)
}

/// A layer's function, for `axum::middleware::from_fn`: refuses what is not gRPC, and says what would be.
pub(crate) async fn only_grpc(request: Request, next: Next) -> Response {
    let suffix = content_type(&request).strip_prefix(GRPC_TYPE);
    // The format may follow, as in application/grpc+proto. More letters would be another type.
    let is_grpc = suffix.is_some_and(|rest| rest.is_empty() || rest.starts_with(['+', ';']));
    let with_trailers = request.version() == Version::HTTP_2;
    let translated = request.extensions().get::<Translated>().is_some();
    let (status, what) = match (is_grpc, with_trailers || translated) {
        (true, true) => return next.run(request).await,
        (true, false) => (
            StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            "gRPC needs HTTP/2: over HTTP/1.1 send application/grpc-web+proto\n",
        ),
        (false, _) => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "this is a gRPC server: call it with a gRPC client, or send application/grpc-web+proto\n",
        ),
    };
    (status, what).into_response()
}

fn content_type(request: &Request) -> &str {
    let value = request.headers().get(CONTENT_TYPE);
    value.and_then(|value| value.to_str().ok()).unwrap_or("")
}
