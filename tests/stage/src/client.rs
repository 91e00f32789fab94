//! A gRPC client over bare bytes: what the stage calls a program under test with.
//!
//! Scenarios encode and decode messages themselves. So they can also send what a generated client cannot, and none of
//! them compiles tonic's generic code once more: all of it is instantiated here, and in `streaming.rs`.

use std::pin::Pin;

use prost::bytes::Bytes;
use tonic::Status;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;

use crate::call_options::{CallOptions, request};
use crate::codec::BytesCodec;
use crate::streaming::StreamingCall;

/// A client of the program under test. Clones share one connection.
#[derive(Clone, Debug)]
pub struct Client {
    grpc: Grpc<Channel>,
}

/// The bytes of a call's response message, or the status that the call failed with. A call that could not be made fails
/// with a status as well, as in a generated client.
///
/// A boxed future, since the code of an `async fn` is generated in each crate that awaits it, and tonic's with it.
pub type UnaryResponse = Pin<Box<dyn Future<Output = Result<Bytes, Status>> + Send>>;

impl Client {
    pub(crate) fn new(channel: Channel) -> Self {
        Self {
            grpc: Grpc::new(channel),
        }
    }

    /// Calls a method with one request message and one response message. `path` is the method's full name,
    /// `/package.Service/Method`; `message` are the bytes of the request, which need not be a valid message.
    ///
    /// Nothing is sent before the future is polled. To drop it is to cancel the call.
    pub fn unary(
        &self,
        path: &'static str,
        message: impl Into<Bytes>,
        options: CallOptions,
    ) -> UnaryResponse {
        unary(self.grpc.clone(), path, message.into(), options)
    }

    /// Begins a call with any number of messages in both directions. `path` is as for [`Client::unary`].
    ///
    /// The request's headers go out at once. To drop the call is to cancel it.
    pub fn stream(&self, path: &'static str, options: CallOptions) -> StreamingCall {
        StreamingCall::begin(self.grpc.clone(), path, options)
    }
}

/// The part of [`Client::unary`] that is not generic.
fn unary(
    mut grpc: Grpc<Channel>,
    path: &'static str,
    message: Bytes,
    options: CallOptions,
) -> UnaryResponse {
    Box::pin(async move {
        let request = request(message, options)?;
        let ready = grpc.ready().await;
        ready.map_err(|error| Status::unknown(format!("the channel is not ready: {error}")))?;
        let response = grpc.unary(request, PathAndQuery::from_static(path), BytesCodec);
        Ok(response.await?.into_inner())
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use prost::Message;
    use proto::model::v1::model_host_server::{ModelHost, ModelHostServer};
    use proto::model::v1::{RankRequest, RankResponse};
    use tonic::transport::server::TcpIncoming;
    use tonic::transport::{Endpoint, Server};
    use tonic::{Code, Request, Response};

    use super::*;

    const RANK: &str = "/model.v1.ModelHost/Rank";

    /// A host whose answer names the text that it was sent, and what came with it.
    struct Echo;

    #[tonic::async_trait]
    impl ModelHost for Echo {
        async fn rank(
            &self,
            request: Request<RankRequest>,
        ) -> Result<Response<RankResponse>, Status> {
            let metadata = |key| request.metadata().get(key).and_then(|it| it.to_str().ok());
            let model_version = format!(
                "{}, {}, {}",
                request.get_ref().text,
                metadata("x-correlation-id").unwrap_or("no id"),
                metadata("grpc-timeout").unwrap_or("no timeout")
            );
            Ok(Response::new(RankResponse {
                model_version,
                ..Default::default()
            }))
        }
    }

    fn client_of_echo() -> Client {
        let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).expect("a port is free");
        let address = incoming.local_addr().expect("it is bound");
        let server = Server::builder().add_service(ModelHostServer::new(Echo));
        tokio::spawn(server.serve_with_incoming(incoming));
        let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("an address");
        Client::new(endpoint.connect_lazy())
    }

    fn version(response: Bytes) -> String {
        let response = RankResponse::decode(response).expect("it is a RankResponse");
        response.model_version
    }

    #[tokio::test]
    async fn request_carries_message_and_options() {
        let client = client_of_echo();
        let message = RankRequest {
            text: "a text".to_owned(),
        };
        let options = CallOptions {
            timeout: Some(Duration::from_secs(30)),
            metadata: vec![("x-correlation-id", "edge-7".to_owned())],
        };
        let response = client.unary(RANK, message.encode_to_vec(), options).await;
        let version = version(response.expect("it is answered"));
        assert_eq!(version, "a text, edge-7, 30000000u");
    }

    #[tokio::test]
    async fn empty_message_is_a_message() {
        let response = client_of_echo().unary(RANK, Bytes::new(), CallOptions::default());
        let version = version(response.await.expect("it is answered"));
        assert_eq!(version, ", no id, no timeout");
    }

    #[tokio::test]
    async fn bytes_need_not_be_a_message() {
        // Field 1, announced with five bytes, of which none follows.
        let malformed = vec![0x0a, 5];
        let response = client_of_echo().unary(RANK, malformed, CallOptions::default());
        let status = response.await.expect_err("a server cannot read it");
        assert_eq!(status.code(), Code::Internal);
    }

    #[tokio::test]
    async fn status_of_an_unknown_method_is_returned() {
        let path = "/model.v1.ModelHost/NoSuch";
        let response = client_of_echo().unary(path, Bytes::new(), CallOptions::default());
        let status = response.await.expect_err("there is no such method");
        assert_eq!(status.code(), Code::Unimplemented);
    }
}
