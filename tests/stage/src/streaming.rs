//! A call with any number of messages in both directions, over bare bytes.

use std::pin::Pin;

use prost::bytes::Bytes;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic::{Status, Streaming};

use crate::call_options::{CallOptions, request};
use crate::codec::BytesCodec;

/// A call of the program under test. To drop it is to cancel it, unless it is over.
#[derive(Debug)]
pub struct StreamingCall {
    // Before the sender, since fields are dropped in their order: a sender that goes first is a half-close, and the
    // reset comes behind it or not.
    responses: Responses,
    requests: Option<UnboundedSender<Bytes>>,
}

/// What has become of the other direction.
#[derive(Debug)]
enum Responses {
    /// The headers of the answer have not been asked for.
    Awaited(Task),
    Begun(Box<Streaming<Bytes>>),
    Over,
}

/// Ends with its handle.
#[derive(Debug)]
struct Task(JoinHandle<Result<Streaming<Bytes>, Status>>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The next message of an answer.
pub type NextMessage<'a> = Pin<Box<dyn Future<Output = Option<Result<Bytes, Status>>> + Send + 'a>>;

impl StreamingCall {
    pub(crate) fn begin(grpc: Grpc<Channel>, path: &'static str, options: CallOptions) -> Self {
        let (requests, sent) = unbounded_channel();
        let call = call(grpc, path, UnboundedReceiverStream::new(sent), options);
        Self {
            responses: Responses::Awaited(Task(tokio::spawn(call))),
            requests: Some(requests),
        }
    }

    /// Sends a message, as soon as the windows allow. Does nothing after the half-close, or when the call is over.
    pub fn send(&self, message: impl Into<Bytes>) {
        if let Some(requests) = &self.requests {
            let _ = requests.send(message.into());
        }
    }

    /// Says that there is no more to send.
    pub fn half_close(&mut self) {
        self.requests = None;
    }

    /// The next message of the answer, or the status that the call failed with. `None` when the call is over, with OK or
    /// after a failure.
    ///
    /// A future, so that it can be dropped: no message is lost by that.
    pub fn receive(&mut self) -> NextMessage<'_> {
        Box::pin(async {
            let next = self.responses.next().await.transpose();
            if !matches!(next, Some(Ok(_))) {
                self.responses = Responses::Over;
            }
            next
        })
    }

    /// Reads what is left of the answer. The failure, if the call failed.
    pub async fn drain(&mut self) -> Option<Status> {
        loop {
            match self.receive().await? {
                Ok(_) => {}
                Err(status) => return Some(status),
            }
        }
    }
}

impl Responses {
    async fn next(&mut self) -> Result<Option<Bytes>, Status> {
        if let Self::Awaited(task) = self {
            let begun = (&mut task.0).await;
            let lost = |error| Status::unknown(format!("the call was lost: {error}"));
            *self = Self::Begun(Box::new(begun.map_err(lost)??));
        }
        match self {
            Self::Begun(messages) => messages.message().await,
            Self::Awaited(_) | Self::Over => Ok(None),
        }
    }
}

async fn call(
    mut grpc: Grpc<Channel>,
    path: &'static str,
    messages: UnboundedReceiverStream<Bytes>,
    options: CallOptions,
) -> Result<Streaming<Bytes>, Status> {
    let request = request(messages, options)?;
    let ready = grpc.ready().await;
    ready.map_err(|error| Status::unknown(format!("the channel is not ready: {error}")))?;
    let path = PathAndQuery::from_static(path);
    let response = grpc.streaming(request, path, BytesCodec).await?;
    Ok(response.into_inner())
}

#[cfg(test)]
mod tests {
    use prost::Message;
    use proto::classification::v1::document_classifier_server::{
        DocumentClassifier, DocumentClassifierServer,
    };
    use proto::classification::v1::{ClassificationEvent, classification_event::EventType};
    use tap::{Address, Event, EventKind, Hop, Options, Recorder, Side, Tap};
    use tokio_stream::{Stream, StreamExt};
    use tonic::transport::server::TcpIncoming;
    use tonic::transport::{Endpoint, Server};
    use tonic::{Code, Request, Response};

    use super::*;

    const PATH: &str = "/classification.v1.DocumentClassifier/ClassifyStream";
    const HOP: Hop = Hop::new("client", "server");

    /// Answers each event with itself, and one without an id with an error.
    struct Echo;

    type Events = Pin<Box<dyn Stream<Item = Result<ClassificationEvent, Status>> + Send>>;

    #[tonic::async_trait]
    impl DocumentClassifier for Echo {
        async fn classify_stream(
            &self,
            request: Request<Streaming<ClassificationEvent>>,
        ) -> Result<Response<Events>, Status> {
            let answers = request.into_inner().map(|event| match event {
                Ok(event) if event.correlation_id.is_empty() => Err(Status::not_found("no id")),
                event => event,
            });
            Ok(Response::new(Box::pin(answers)))
        }
    }

    /// A call through a tap, and the tap with its record.
    async fn call_of_echo() -> (StreamingCall, Tap, Recorder) {
        let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).expect("a port is free");
        let address: Address = format!("http://{}", incoming.local_addr().expect("it is bound"))
            .parse()
            .expect("an address");
        let server = Server::builder().add_service(DocumentClassifierServer::new(Echo));
        tokio::spawn(server.serve_with_incoming(incoming));
        let recorder = Recorder::new();
        let tap = Tap::start(Options::new(HOP, address, &recorder)).expect("it starts");
        let endpoint = Endpoint::from_shared(tap.address().to_string()).expect("an address");
        let grpc = Grpc::new(endpoint.connect_lazy());
        let call = StreamingCall::begin(grpc, PATH, CallOptions::default());
        (call, tap, recorder)
    }

    fn event(id: &str) -> Vec<u8> {
        let event = ClassificationEvent {
            correlation_id: id.to_owned(),
            event_type: Some(EventType::ClassificationStarted(Default::default())),
        };
        event.encode_to_vec()
    }

    async fn received(call: &mut StreamingCall) -> Bytes {
        let answer = call.receive().await.expect("the call is not over");
        answer.expect("it did not fail")
    }

    #[tokio::test]
    async fn messages_go_to_and_fro_and_the_call_ends() {
        let (mut call, _tap, _) = call_of_echo().await;
        for id in ["a", "b"] {
            call.send(event(id));
            assert_eq!(received(&mut call).await, event(id));
        }
        call.half_close();
        assert!(call.receive().await.is_none());
        assert!(call.receive().await.is_none());
    }

    #[tokio::test]
    async fn failure_is_received_once_and_the_call_is_over() {
        let (mut call, _tap, _) = call_of_echo().await;
        call.send(event("a"));
        call.send(event(""));
        let status = call.drain().await.expect("it failed");
        assert_eq!(status.code(), Code::NotFound);
        assert!(call.receive().await.is_none());
    }

    /// Before and after the first answer, and never taken for a half-close.
    #[tokio::test]
    async fn dropped_call_is_cancelled() {
        for answered in [false, true] {
            let (mut call, _tap, recorder) = call_of_echo().await;
            call.send(event("a"));
            let sent = |event: &Event| {
                matches!(
                    event.kind,
                    EventKind::Message {
                        from: Side::Client,
                        ..
                    }
                )
            };
            recorder.until(|events| events.iter().any(sent)).await;
            if answered {
                received(&mut call).await;
            }
            drop(call);
            let over = |event: &Event| event.kind.ends_call();
            let events = recorder.until(|events| events.iter().any(over)).await;
            let cancelled = |event: &Event| {
                matches!(
                    event.kind,
                    EventKind::Cancelled {
                        by: Side::Client,
                        ..
                    }
                )
            };
            assert!(events.iter().any(cancelled), "{events:?}");
            assert!(
                !events
                    .iter()
                    .any(|event| event.kind == EventKind::HalfClose)
            );
        }
    }
}
