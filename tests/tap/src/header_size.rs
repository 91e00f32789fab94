//! How large headers may be: gRPC advises servers and clients to accept 8 KiB, and nobody can count on more.
//!
//! h2 would refuse larger ones by itself, but then the tap would never hear of the call. So it lets pass far more, and
//! they are measured here.

use http::{HeaderMap, Request, Response};

/// The most bytes of the headers of a request, or of the headers or trailers of an answer, as HTTP/2 counts them.
pub(crate) const MAX_HEADER_BYTES: usize = 8 << 10;

/// What HTTP/2 counts for each header beside its name and value.
const OVERHEAD_BYTES: usize = 32;

/// `Err` says that they are too large, and of which header most of it is.
pub(crate) fn check_request<T>(request: &Request<T>) -> Result<(), String> {
    let uri = request.uri();
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let path = uri.path_and_query().map_or("", |path| path.as_str());
    let method = request.method().as_str();
    let scheme = uri.scheme_str().unwrap_or_default();
    check(
        &[
            (":method", method),
            (":scheme", scheme),
            (":authority", authority),
            (":path", path),
        ],
        request.headers(),
    )
}

/// The same for the head of an answer.
pub(crate) fn check_response<T>(response: &Response<T>) -> Result<(), String> {
    check(
        &[(":status", response.status().as_str())],
        response.headers(),
    )
}

/// The same for trailers.
pub(crate) fn check_trailers(trailers: &HeaderMap) -> Result<(), String> {
    check(&[], trailers)
}

fn check(pseudo: &[(&str, &str)], headers: &HeaderMap) -> Result<(), String> {
    let pseudo = pseudo.iter().map(|(name, value)| (*name, value.len()));
    let named = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.len()));
    let sizes = pseudo.chain(named);
    let sizes = sizes.map(|(name, length)| (name.len() + length + OVERHEAD_BYTES, name));
    let (mut bytes, mut largest) = (0, (0, ""));
    for size in sizes {
        bytes += size.0;
        largest = largest.max(size);
    }
    if bytes <= MAX_HEADER_BYTES {
        return Ok(());
    }
    let (of_largest, name) = largest;
    Err(format!(
        "headers of {bytes} bytes, {of_largest} of them {name}: gRPC advises to accept {MAX_HEADER_BYTES}"
    ))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn last_size_that_is_allowed_and_first_that_is_not() {
        let of = |length: usize| {
            let value = HeaderValue::from_str(&"v".repeat(length)).unwrap();
            HeaderMap::from_iter([
                (http::header::TE, HeaderValue::from_static("trailers")),
                (http::header::COOKIE, value),
            ])
        };
        // Names of 2 and 6 bytes, a value of 8, and 32 for each.
        let most = MAX_HEADER_BYTES - 2 - 6 - 8 - 64;
        assert_eq!(check_trailers(&of(most)), Ok(()));
        let error = check_trailers(&of(most + 1)).unwrap_err();
        assert!(
            error.starts_with("headers of 8193 bytes, 8151 of them cookie"),
            "{error}"
        );
    }

    #[test]
    fn what_http_2_itself_needs_counts() {
        let long = format!("http://host/{}", "p".repeat(MAX_HEADER_BYTES));
        let error = check_request(&Request::get(long).body(()).unwrap()).unwrap_err();
        assert!(error.contains("of them :path"), "{error}");
        assert_eq!(check_response(&Response::new(())), Ok(()));
    }
}
