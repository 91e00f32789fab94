//! The hops of the course, as their taps are named.

use tap::Hop;

/// From a client exercise to the reference server.
pub const CLIENT_SERVER: Hop = Hop::new("client", "server");

/// From the stage to an edge exercise.
pub const CLIENT_EDGE: Hop = Hop::new("client", "edge");

/// From an edge exercise to the model host.
pub const EDGE_HOST: Hop = Hop::new("edge", "host");
