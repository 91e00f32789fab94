//! What a server needs to know before it starts. How a command line says it is the program's business.

use std::sync::Arc;
use std::time::Duration;

use crate::inference::Inference;
use crate::layers::Auth;
use crate::store::Store;
use crate::transport::Limits;

/// A server's settings, ready to use.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where texts are ranked. Its limits were set when it was made.
    pub inference: Inference,
    /// Where uploads are kept.
    pub store: Store,
    /// How long calls in flight may take to finish once the server was asked to stop. What still runs then is cut.
    pub grace: Duration,
    /// Which tokens are accepted. None: everybody may call.
    pub auth: Option<Arc<Auth>>,
    /// What one connection and one message may cost.
    pub limits: Limits,
}
