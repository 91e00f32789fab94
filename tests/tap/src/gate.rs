//! A gate that something waits at until a test opens it.

use std::fmt;

use tokio_util::sync::CancellationToken;

/// Closed at first, opened once, never closed again. Clones are the same gate.
#[derive(Clone, Default)]
pub struct Gate(CancellationToken);

impl Gate {
    /// A closed gate.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens the gate, for everyone who waits and for everyone who comes later. Opening it again does nothing.
    pub fn open(&self) {
        self.0.cancel();
    }

    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Returns when the gate is open: at once if it is already.
    pub async fn wait(&self) {
        self.0.cancelled().await;
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Gate")
            .field(&if self.is_open() { "open" } else { "closed" })
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use tokio_test::{assert_pending, assert_ready, task};

    use super::*;

    #[test]
    fn all_wait_until_it_is_opened_and_nobody_afterwards() {
        let gate = Gate::new();
        let clone = gate.clone();
        let (mut one, mut other) = (task::spawn(gate.wait()), task::spawn(clone.wait()));
        assert_pending!(one.poll());
        assert_pending!(other.poll());
        clone.open();
        assert!(one.is_woken() && other.is_woken());
        assert_ready!(one.poll());
        assert_ready!(other.poll());
        clone.open();
        assert_ready!(task::spawn(gate.wait()).poll());
    }
}
