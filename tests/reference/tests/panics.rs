//! A handler's panic is INTERNAL for its own caller, and nothing to anybody else.

use tonic::Code;
use tonic::metadata::AsciiMetadataValue;
use tonic_types::StatusExt;

use crate::layered::{METHODS, call, channel};

#[tokio::test]
async fn becomes_internal_in_every_kind_of_call() {
    let channel = channel(None).await;
    for method in METHODS {
        let id = format!("panic-in-{method}");
        let value: AsciiMetadataValue = id.parse().expect("ASCII");
        let (answers, outcome) = call(&channel, method, "panic", |metadata| {
            metadata.insert("x-request-id", value.clone());
        })
        .await;
        let status = outcome.expect_err("it panics");
        assert_eq!(status.code(), Code::Internal, "{method}: {status:?}");
        assert_eq!(
            status.message(),
            format!("the server has a bug: report it with the request id {id}"),
        );
        let details = status.get_error_details();
        let info = details.error_info().expect("a reason");
        assert_eq!(info.reason, "HANDLER_PANICKED");
        assert_eq!(details.request_info().expect("an id").request_id, id);
        // What was answered before the panic has arrived: these two panic in the stream, not in the handler.
        let streams = ["ClassifyBatch", "ClassifyStream"].contains(&method);
        assert_eq!(answers, usize::from(streams), "{method}");
    }
}

#[tokio::test]
async fn does_not_harm_the_connection() {
    let channel = channel(None).await;
    for method in METHODS {
        let (_, panicked) = call(&channel, method, "panic", |_| {}).await;
        panicked.expect_err("it panics");
        let (_, next) = call(&channel, method, "good", |_| {}).await;
        next.expect("another call, on the same connection");
    }
}
