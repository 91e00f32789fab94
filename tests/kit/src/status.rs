//! A status in one line, for a report.

use tonic::Status;

use crate::digest;

/// What is in a response's metadata and nobody's choice: HTTP's own, and what differs from run to run.
const LEFT_OUT: [&str; 4] = ["content-length", "content-type", "date", "x-request-id"];

/// All of a status in one line: its code, its message, a digest of its details, its metadata in the order of its keys and
/// without what HTTP adds and what differs from run to run.
pub fn status_line(status: &Status) -> String {
    let details = match status.details() {
        [] => "no details".to_owned(),
        details => format!("details {}", digest(details)),
    };
    let headers = status.metadata().clone().into_headers();
    let mut metadata: Vec<_> = headers
        .iter()
        .filter(|(key, _)| !LEFT_OUT.contains(&key.as_str()))
        .map(|(key, value)| format!("{key}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    metadata.sort();
    if metadata.is_empty() {
        metadata.push("no metadata".to_owned());
    }
    let (code, message) = (status.code(), status.message());
    format!("{code:?}, {message:?}, {details}, {}", metadata.join(", "))
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use tonic::codegen::Bytes;
    use tonic::metadata::MetadataMap;

    use super::*;

    #[test]
    fn all_of_a_status_is_told() {
        let mut metadata = MetadataMap::new();
        for (key, value) in [("x-b", "2"), ("x-a", "1"), ("date", "today")] {
            metadata.insert(key, value.parse().expect("it is a value"));
        }
        let details = Bytes::from_static(b"details");
        let status = Status::with_details_and_metadata(Code::Aborted, "no", details, metadata);
        let digest = digest(b"details");
        let expected = format!("Aborted, \"no\", details {digest}, x-a: 1, x-b: 2");
        assert_eq!(status_line(&status), expected);
    }

    #[test]
    fn what_a_status_lacks_is_told_too() {
        let line = status_line(&Status::not_found("no document"));
        assert_eq!(line, "NotFound, \"no document\", no details, no metadata");
    }
}
