//! What gRPC puts into HTTP headers and trailers: metadata, the deadline and the status.

use std::time::Duration;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD_NO_PAD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode, utf8_percent_encode};

use crate::code::Code;
use crate::event::{EventKind, Metadata};

pub(crate) const TIMEOUT: &str = "grpc-timeout";
pub(crate) const STATUS: &str = "grpc-status";
const MESSAGE: &str = "grpc-message";
const DETAILS: &str = "grpc-status-details-bin";

/// What HTTP/2 and gRPC need for themselves and [`Metadata`] leaves out.
const RESERVED: [&str; 11] = [
    "content-type",
    "te",
    "user-agent",
    "grpc-encoding",
    "grpc-accept-encoding",
    TIMEOUT,
    STATUS,
    MESSAGE,
    DETAILS,
    "date",
    "content-length",
];

/// Binary headers come with padding and without: the specification allows both.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What `grpc-message` escapes: all but visible ASCII, and the escape itself.
const ESCAPED: AsciiSet = CONTROLS.add(b'%');

/// What a program sent for itself. Several values of one key stand together, where the first of them was.
pub(crate) fn metadata(headers: &HeaderMap) -> Metadata {
    let metadata = |(key, _): &(&HeaderName, _)| !RESERVED.contains(&key.as_str());
    headers
        .iter()
        .filter(metadata)
        .map(|(key, value)| (key.as_str().to_owned(), visible(value)))
        .collect()
}

fn visible(value: &HeaderValue) -> String {
    match value.to_str() {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().escape_ascii().to_string(),
    }
}

/// The deadline. `Err` says what is wrong with it.
pub(crate) fn timeout(headers: &HeaderMap) -> Result<Option<Duration>, String> {
    let Some(value) = headers.get(TIMEOUT) else {
        return Ok(None);
    };
    let text = visible(value);
    match parse_timeout(&text) {
        Some(timeout) => Ok(Some(timeout)),
        None => Err(format!(
            "grpc-timeout is {text:?}: want at most 8 digits and one of H M S m u n"
        )),
    }
}

fn parse_timeout(text: &str) -> Option<Duration> {
    let unit = text.chars().next_back()?;
    let digits = text.strip_suffix(unit)?;
    let is_number = (1..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let count: u64 = is_number.then(|| digits.parse().ok())??;
    Some(match unit {
        'H' => Duration::from_secs(count * 3600),
        'M' => Duration::from_secs(count * 60),
        'S' => Duration::from_secs(count),
        'm' => Duration::from_millis(count),
        'u' => Duration::from_micros(count),
        'n' => Duration::from_nanos(count),
        _ => return None,
    })
}

/// The status in trailers, or in the headers of an answer without messages. `Err` says what is wrong with it.
pub(crate) fn status(headers: &HeaderMap) -> Result<EventKind, String> {
    let value = headers
        .get(STATUS)
        .ok_or("the answer ends without a grpc-status")?;
    let text = visible(value);
    let code: i32 = text
        .parse()
        .map_err(|_| format!("grpc-status is {text:?}, not a number"))?;
    let message = headers.get(MESSAGE).map_or(Default::default(), |value| {
        percent_decode(value.as_bytes()).decode_utf8_lossy()
    });
    let details = match headers.get(DETAILS) {
        Some(value) => BASE64
            .decode(value.as_bytes())
            .map_err(|error| format!("grpc-status-details-bin is not base64: {error}"))?,
        None => Vec::new(),
    };
    Ok(EventKind::Status {
        code: Code::from(code),
        message: message.into_owned(),
        details: details.into(),
        metadata: metadata(headers),
    })
}

/// The headers that say a status: what [`status`] reads.
pub(crate) fn status_headers(
    code: Code,
    message: &str,
    details: &Bytes,
    metadata: &Metadata,
) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut status = vec![(STATUS.to_owned(), code.number().to_string())];
    if !message.is_empty() {
        let message = utf8_percent_encode(message, &ESCAPED).to_string();
        status.push((MESSAGE.to_owned(), message));
    }
    if !details.is_empty() {
        status.push((DETAILS.to_owned(), STANDARD_NO_PAD.encode(details)));
    }
    add(&mut headers, &status);
    add(&mut headers, metadata);
    headers
}

/// Adds metadata to headers, without the pairs that are not HTTP headers.
pub(crate) fn add(headers: &mut HeaderMap, metadata: &Metadata) {
    for (key, value) in metadata {
        let key = HeaderName::from_bytes(key.as_bytes());
        if let (Ok(key), Ok(value)) = (key, HeaderValue::try_from(value)) {
            headers.append(key, value);
        }
    }
}

/// What is wrong with a request or an answer whose content-type is not gRPC's.
pub(crate) fn check_content_type(headers: &HeaderMap) -> Result<(), String> {
    match headers.get(http::header::CONTENT_TYPE).map(visible) {
        Some(text) if text.starts_with("application/grpc") => Ok(()),
        Some(text) => Err(format!("content-type is {text:?}, not application/grpc")),
        None => Err("there is no content-type".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &[u8])]) -> HeaderMap {
        let pair = |(key, value): &(&'static str, &[u8])| {
            let value = HeaderValue::from_bytes(value).unwrap();
            (HeaderName::from_static(key), value)
        };
        let mut map = HeaderMap::new();
        for (key, value) in pairs.iter().map(pair) {
            map.append(key, value);
        }
        map
    }

    #[test]
    fn metadata_is_what_the_program_sent() {
        let map = headers(&[
            ("content-type", b"application/grpc"),
            ("x-b", b"2"),
            ("user-agent", b"tonic"),
            ("x-a", b"with \"quotes\""),
            ("x-b", b"3"),
            ("x-raw", b"caf\xc3\xa9"),
            ("grpc-timeout", b"1S"),
        ]);
        let expected = [
            ("x-b", "2"),
            ("x-b", "3"),
            ("x-a", "with \"quotes\""),
            ("x-raw", "caf\\xc3\\xa9"),
        ];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(metadata(&map), expected);
    }

    #[test]
    fn every_unit_of_a_deadline() {
        for (text, expected) in [
            ("2H", Duration::from_secs(7200)),
            ("3M", Duration::from_secs(180)),
            ("4S", Duration::from_secs(4)),
            ("5m", Duration::from_millis(5)),
            ("6u", Duration::from_micros(6)),
            ("99999999n", Duration::from_nanos(99_999_999)),
            ("99999999H", Duration::from_secs(99_999_999 * 3600)),
            ("0S", Duration::ZERO),
        ] {
            assert_eq!(parse_timeout(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "S",
            "1",
            "1s",
            "-1S",
            "+1S",
            "1.5S",
            "123456789S",
            " 1S",
            "1é",
        ] {
            assert_eq!(parse_timeout(text), None, "{text}");
        }
        let map = headers(&[("grpc-timeout", b"soon")]);
        assert!(timeout(&map).unwrap_err().contains("\"soon\""));
        assert_eq!(timeout(&HeaderMap::new()), Ok(None));
    }

    #[test]
    fn a_status_is_read_back_from_its_headers() {
        let metadata = vec![("x-left".to_owned(), "3".to_owned())];
        let details = Bytes::from_static(b"\x08\x03\x12\x01x");
        let map = status_headers(
            Code::INVALID_ARGUMENT,
            "50% of caf\u{e9}\n",
            &details,
            &metadata,
        );
        assert_eq!(map["grpc-message"], "50%25 of caf%C3%A9%0A");
        let expected = EventKind::Status {
            code: Code::INVALID_ARGUMENT,
            message: "50% of caf\u{e9}\n".to_owned(),
            details,
            metadata,
        };
        assert_eq!(status(&map), Ok(expected));
    }

    #[test]
    fn details_with_and_without_padding() {
        for text in [&b"CAM="[..], b"CAM"] {
            let map = headers(&[("grpc-status", b"3"), ("grpc-status-details-bin", text)]);
            let Ok(EventKind::Status { details, .. }) = status(&map) else {
                panic!("{text:?} is not a status");
            };
            assert_eq!(details, &b"\x08\x03"[..]);
        }
    }

    #[test]
    fn invalid_statuses_are_rejected() {
        for (map, reason) in [
            (headers(&[]), "without a grpc-status"),
            (headers(&[("grpc-status", b"OK")]), "\"OK\", not a number"),
            (
                headers(&[("grpc-status", b"3"), ("grpc-status-details-bin", b"!")]),
                "not base64",
            ),
        ] {
            let error = status(&map).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
