//! The hops of the course, as their taps are named.

use tap::Hop;

/// From a client exercise to the reference server.
pub const CLIENT_SERVER: Hop = Hop::new("client", "server");

/// From the stage to an edge exercise.
pub const CLIENT_EDGE: Hop = Hop::new("client", "edge");

/// From an edge exercise to the model host.
pub const EDGE_HOST: Hop = Hop::new("edge", "host");

/// What the paths of the calls begin with by which a program may look after a connection as often as it likes, where health
/// is not what the exercise is about.
pub const HEALTH_CHECKS: &[&str] = &["/grpc.health.v1.Health/"];
