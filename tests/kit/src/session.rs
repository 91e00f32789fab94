//! What the stage gave one run, and how the run talks back.

use proto::control::v1::{Bytes, Reported, Task, from_program, to_program};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::{control, serve};

/// A document of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its name, for example `"doc-417"`.
    pub id: String,
    /// Its text.
    pub text: String,
}

/// One run of one exercise.
#[derive(Debug)]
pub struct Session {
    task: Task,
    inbox: UnboundedReceiver<to_program::Kind>,
}

impl Session {
    pub(crate) fn new(task: Task, inbox: UnboundedReceiver<to_program::Kind>) -> Self {
        Self { task, inbox }
    }

    /// Where the peer listens, in the form that tonic's `Endpoint` takes.
    pub fn peer_address(&self) -> String {
        self.task.peer.clone()
    }

    /// The documents of this run.
    pub fn documents(&self) -> Vec<Document> {
        let documents = self.task.documents.iter().map(|document| Document {
            id: document.id.clone(),
            text: document.text.clone(),
        });
        documents.collect()
    }

    /// Another input of this run. Empty where the stage gave none of that name.
    pub fn setting(&self, name: &str) -> &str {
        self.task.settings.get(name).map_or("", String::as_str)
    }

    /// The peer of a lesson without a network.
    pub fn into_peer(self) -> Peer {
        Peer { inbox: self.inbox }
    }

    /// Serves until the stage has seen enough. The kit chooses the address, since a fixed port may be taken, and tells
    /// the stage.
    ///
    /// # Errors
    ///
    /// When no listener can be had, or the server fails.
    pub async fn serve(self, router: tonic::transport::server::Router) -> Result<(), crate::Error> {
        serve::serve(router, self.inbox).await
    }
}

/// The other end of a wire that carries bare bytes.
#[derive(Debug)]
pub struct Peer {
    inbox: UnboundedReceiver<to_program::Kind>,
}

impl Peer {
    /// Sends bytes to the peer.
    pub fn send(&mut self, data: Vec<u8>) {
        control::send(from_program::Kind::Sent(Bytes { data }));
    }

    /// Waits for the next bytes from the peer. Empty when the peer has no more to send.
    pub fn receive(&mut self) -> Vec<u8> {
        // The exercises of a lesson without a network are plain functions, called on a thread of the kit's runtime.
        tokio::task::block_in_place(|| {
            while let Some(message) = self.inbox.blocking_recv() {
                if let to_program::Kind::Received(bytes) = message {
                    return bytes.data;
                }
            }
            Vec::new()
        })
    }
}

/// Passes a value that the exercise returned on to the check, as one line.
pub fn report(line: impl Into<String>) {
    let line = line.into();
    control::send(from_program::Kind::Reported(Reported { line }));
}
