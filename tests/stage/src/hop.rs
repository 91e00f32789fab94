//! The hops of the course, as their taps are named.

/// From a client exercise to the reference server.
pub const CLIENT_SERVER: &str = "client > server";

/// From the stage to an edge exercise.
pub const CLIENT_EDGE: &str = "client > edge";

/// From an edge exercise to the model host.
pub const EDGE_HOST: &str = "edge > host";
