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

    /// Another input of this run.
    ///
    /// # Errors
    ///
    /// When the stage gave none of that name. The error names those that it gave.
    pub fn setting(&self, name: &str) -> Result<&str, crate::Error> {
        let settings = &self.task.settings;
        let setting = settings.get(name).map(String::as_str);
        setting.ok_or_else(|| {
            let mut known: Vec<_> = settings.keys().map(|known| format!("{known:?}")).collect();
            known.sort();
            let known = match known.is_empty() {
                true => "none".to_owned(),
                false => known.join(", "),
            };
            format!("there is no setting {name:?} in this run; known: {known}").into()
        })
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

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    fn session(settings: &[(&str, &str)]) -> Session {
        let settings = settings.iter();
        let settings = settings.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let task = Task {
            settings: settings.collect(),
            ..Task::default()
        };
        Session::new(task, unbounded_channel().1)
    }

    #[test]
    fn a_setting_has_its_value_also_an_empty_one() {
        let session = session(&[("files", "4"), ("prefix", "")]);
        assert_eq!(session.setting("files").expect("it is set"), "4");
        assert_eq!(session.setting("prefix").expect("it is set"), "");
    }

    #[test]
    fn a_setting_that_is_misspelt_is_an_error_that_names_those_there_are() {
        let error = session(&[("permits", "2"), ("files", "4")])
            .setting("file")
            .map(str::to_owned);
        assert_eq!(
            error.expect_err("there is none").to_string(),
            r#"there is no setting "file" in this run; known: "files", "permits""#
        );
        let error = session(&[]).setting("file").map(str::to_owned);
        assert_eq!(
            error.expect_err("there is none").to_string(),
            r#"there is no setting "file" in this run; known: none"#
        );
    }
}
