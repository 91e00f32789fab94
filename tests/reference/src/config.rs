//! What a server needs to know before it starts. How it is written on a command line is `main`'s business.

use std::sync::Arc;
use std::time::Duration;

use crate::auth::Auth;
use crate::inference::Inference;
use crate::limits::Limits;
use crate::store::Store;

/// A server's settings, ready to use.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where texts are ranked. Its limits were set when it was made.
    pub inference: Inference,
    /// Where uploads are kept.
    pub store: Store,
    /// How long calls in flight may take to finish once the server was told to stop. What still runs then is cut.
    pub grace: Duration,
    /// Which tokens are accepted. None: everybody may call.
    pub auth: Option<Arc<Auth>>,
    /// What one connection and one message may cost.
    pub limits: Limits,
}
