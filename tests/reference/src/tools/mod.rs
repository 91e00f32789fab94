//! What tools such as grpcurl and load balancers ask first: is the server well, and which contracts does it serve?

pub(crate) mod health;
pub(crate) mod reflection;
