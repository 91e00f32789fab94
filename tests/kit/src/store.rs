//! The store of uploaded files that stands behind an edge.
//!
//! It is a small stand-in for an object store: a file is a draft until it is committed, and only what was committed is a
//! file. It keeps no file, and tells the stage what happens to each draft. All of it happens at once, in the call that asks
//! for it: what is committed is committed, even if the handler that did it is dropped at its next await.

use std::fmt;
use std::hash::Hasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use fnv::FnvHasher;
use proto::control::v1::{Stored, from_program};

use crate::control;
use crate::digest::{digest, finished};

/// The store. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// How many drafts were begun.
    drafts: Arc<AtomicU32>,
}

impl Store {
    /// Begins a draft of a document's file. Drafts of one document do not mix: the one that is committed last replaces the
    /// file.
    pub fn begin(&self, document_id: impl Into<String>, mime_type: impl Into<String>) -> Draft {
        Draft {
            number: 1 + self.drafts.fetch_add(1, Ordering::Relaxed),
            document_id: document_id.into(),
            mime_type: mime_type.into(),
            total_bytes: 0,
            hasher: FnvHasher::default(),
            is_open: true,
        }
    }
}

/// A file that is being written. To drop it is to throw it away.
pub struct Draft {
    number: u32,
    document_id: String,
    mime_type: String,
    total_bytes: u64,
    hasher: FnvHasher,
    is_open: bool,
}

impl Draft {
    /// Writes bytes behind those that are there.
    pub fn append(&mut self, data: &[u8]) {
        self.hasher.write(data);
        self.total_bytes += data.len() as u64;
        control::send(from_program::Kind::Appended(self.state()));
    }

    /// How many bytes it has.
    pub fn total_bytes(&self) -> u64 {
        self.total_bytes
    }

    /// Makes it the document's file, and returns the key under which the store has it.
    pub fn commit(mut self) -> String {
        self.is_open = false;
        control::send(from_program::Kind::Committed(Stored {
            digest: finished(&self.hasher),
            ..self.state()
        }));
        format!(
            "files/{}",
            digest(self.document_id.as_bytes()).trim_start_matches('#')
        )
    }

    fn state(&self) -> Stored {
        Stored {
            draft: self.number,
            document_id: self.document_id.clone(),
            mime_type: self.mime_type.clone(),
            total_bytes: self.total_bytes,
            digest: String::new(),
        }
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("document_id", &self.document_id)
            .field("mime_type", &self.mime_type)
            .field("total_bytes", &self.total_bytes)
            .finish_non_exhaustive()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.is_open {
            control::send(from_program::Kind::Discarded(self.state()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_are_counted_over_all_clones() {
        let store = Store::default();
        let one = store.begin("doc-1", "text/plain");
        let two = store.clone().begin("doc-1", "text/plain");
        assert_eq!((one.number, two.number), (1, 2));
    }

    #[test]
    fn bytes_add_up_whatever_the_pieces_are() {
        let store = Store::default();
        let mut one = store.begin("doc-1", "text/plain");
        one.append(b"Dear ");
        one.append(b"");
        one.append(b"Ada");
        let mut other = store.begin("doc-1", "text/plain");
        other.append(b"Dear Ada");
        assert_eq!(one.total_bytes(), 8);
        assert_eq!(finished(&one.hasher), finished(&other.hasher));
        assert_eq!(finished(&one.hasher), digest(b"Dear Ada"));
    }

    #[test]
    fn key_is_that_of_the_document_and_does_not_name_it() {
        let store = Store::default();
        let key = store.begin("doc-1", "text/plain").commit();
        assert_eq!(key, store.begin("doc-1", "text/html").commit());
        assert_ne!(key, store.begin("doc-2", "text/plain").commit());
        assert!(!key.contains("doc"), "{key}");
    }
}
