//! What one connection and one message may cost.
//!
//! Every number has a unit and a reason. A server without limits works until somebody, on purpose or by a bug, sends
//! one message of 2 GB, opens a million streams or leaves ten thousand dead connections behind.

use std::time::Duration;

use tonic::transport::Server;

/// The limits of a server. [`Limits::default`] has the ones that it runs with; tests set smaller ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of one request message, decompressed: 4 MiB, what every gRPC implementation allows by default. The
    /// longest text has 400 KB. tonic refuses more with OUT_OF_RANGE, and reads no further.
    pub request_bytes: usize,
    /// Most bytes of one response message: 4 MiB. Clients do not accept more unless they are set to, so a larger
    /// message would fail anyway, but only after it was sent.
    pub response_bytes: usize,
    /// Most bytes of a request's headers together, as HTTP/2 counts them, 32 more for each: 16 KiB. gRPC advises
    /// callers to stay below 8 KiB.
    pub header_list_bytes: u32,
    /// Most calls at a time on one connection: 100. A client's further calls wait until one ends: its
    /// library sees to that. It does not limit the server as a whole: the inference queue does.
    pub concurrent_streams: u32,
    /// How long a connection is used: 30 minutes. Then the server says GOAWAY, calls in flight finish, and the client
    /// connects again. Without it, a client that connected before a second server was there never finds that one.
    pub connection_age: Duration,
    /// How long a connection may be silent before the server asks with a PING whether anybody is there: 60 seconds. A
    /// peer that lost power or network says no goodbye.
    pub keepalive_interval: Duration,
    /// How long the answer to that PING may take: 20 seconds. Then the connection is closed.
    pub keepalive_timeout: Duration,
}

const KIB: u32 = 1024;
const MIB: usize = 1024 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_bytes: 4 * MIB,
            response_bytes: 4 * MIB,
            header_list_bytes: 16 * KIB,
            concurrent_streams: 100,
            connection_age: Duration::from_secs(30 * 60),
            keepalive_interval: Duration::from_secs(60),
            keepalive_timeout: Duration::from_secs(20),
        }
    }
}

impl Limits {
    /// A server with the limits on connections. Those on messages belong to each service.
    pub(crate) fn server(&self) -> Server {
        // `max_connection_age_grace` is left alone: in tonic 0.14 it takes the place of the GOAWAY instead of coming
        // after it, so that calls in flight would be cut without a warning.
        Server::builder()
            .http2_max_header_list_size(self.header_list_bytes)
            .max_concurrent_streams(self.concurrent_streams)
            .max_connection_age(self.connection_age)
            .http2_keepalive_interval(Some(self.keepalive_interval))
            .http2_keepalive_timeout(Some(self.keepalive_timeout))
    }
}
