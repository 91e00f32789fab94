//! What goes along with a call.

use std::time::Duration;

use tonic::metadata::{AsciiMetadataKey, AsciiMetadataValue};
use tonic::{Request, Status};

/// What goes along with a call. By default nothing does.
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    /// Sent as `grpc-timeout`. The client gives the call up when it has passed.
    pub timeout: Option<Duration>,
    /// Metadata as pairs of a key in lower case and a printable ASCII value.
    pub metadata: Vec<(&'static str, String)>,
}

/// A request with its options.
///
/// # Errors
///
/// INTERNAL, when a key or a value is not fit for metadata.
pub(crate) fn request<M>(message: M, options: CallOptions) -> Result<Request<M>, Status> {
    let mut request = Request::new(message);
    if let Some(timeout) = options.timeout {
        request.set_timeout(timeout);
    }
    for (key, value) in options.metadata {
        let unfit = |_| Status::internal(format!("{key}: {value:?} is not metadata"));
        let key = AsciiMetadataKey::from_bytes(key.as_bytes())
            .map_err(|_| Status::internal(format!("{key:?} is not a metadata key")))?;
        let value = AsciiMetadataValue::try_from(value.as_str()).map_err(unfit)?;
        request.metadata_mut().append(key, value);
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfit_metadata_is_refused() {
        for (key, value) in [("x value", "value"), ("x-value", "line\nbreak")] {
            let options = CallOptions {
                metadata: vec![(key, value.to_owned())],
                ..CallOptions::default()
            };
            let status = request((), options).expect_err("it is not metadata");
            assert!(status.message().contains("not"), "{status}");
        }
    }
}
