//! Keeps uploads, each as a whole or not at all.
//!
//! `object_store` stands in front of a folder here and could stand in front of S3 or another cloud's store. In all of
//! them a file is written apart, part by part, and appears under its name only when it is complete. (In a folder, a
//! draft is a file beside the finished ones with `#` and a number behind its name, and a rename completes it.) That
//! gives two things for nothing: a reader never sees half a file, and two uploads of one document do not mix. The one
//! that completes last stays.
//!
//! A draft that is dropped is removed. Only a process that is killed leaves drafts behind, under names that nobody was
//! given.

use std::io;
use std::mem;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tonic::codegen::Bytes;
use tonic::{Code, Status};
use tracing::Instrument;

use crate::errors::{Failure, Reason};

/// A place for uploads. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    root: Path,
    /// Drafts that are open or being removed.
    drafts: TaskTracker,
}

/// Why something was not stored.
#[derive(Debug)]
pub(crate) struct StoreError {
    doing: &'static str,
    source: object_store::Error,
}

impl Store {
    /// Keeps files in a folder, which is made when the first one comes.
    ///
    /// # Errors
    ///
    /// When the path is something other than a folder, or one that cannot be a path of the store.
    pub fn folder(folder: &FilePath) -> io::Result<Self> {
        if folder.exists() && !folder.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let folder = resolved(&std::path::absolute(folder)?)?;
        let root = Path::from_absolute_path(folder)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        // A receipt must hold after a power cut, so a file is on the disk before it appears under its name.
        let objects = LocalFileSystem::new().with_fsync(true);
        Ok(Self::new(Arc::new(objects), root))
    }

    /// Keeps files in `objects`, below `root`. Parts are as long as the chunks that come; a cloud's store that wants
    /// them longer (S3: 5 MiB) needs them gathered.
    pub fn new(objects: Arc<dyn ObjectStore>, root: Path) -> Self {
        Self {
            objects,
            root,
            drafts: TaskTracker::new(),
        }
    }

    /// Opens a draft of a document's file.
    pub(crate) async fn draft(&self, document_id: &str) -> Result<Draft, StoreError> {
        let key = key(document_id);
        let path = self.root.clone().join(key.as_str());
        let upload = self
            .objects
            .put_multipart(&path)
            .await
            .map_err(|source| StoreError::new("open a draft", source))?;
        Ok(Draft {
            key,
            upload: Some(upload),
            drafts: self.drafts.clone(),
            _open: self.drafts.token(),
        })
    }

    /// Waits until no draft is open and those that were dropped are gone.
    pub(crate) async fn settled(&self) {
        self.drafts.close();
        self.drafts.wait().await;
    }
}

/// A file that is being written. Unless it is committed, it vanishes when it is dropped.
#[derive(Debug)]
pub(crate) struct Draft {
    key: String,
    /// None once it is being committed.
    upload: Option<Box<dyn MultipartUpload>>,
    drafts: TaskTracker,
    _open: TaskTrackerToken,
}

impl Draft {
    /// Writes more, to the end.
    pub(crate) async fn write(&mut self, data: Bytes) -> Result<(), StoreError> {
        match &mut self.upload {
            // In some stores every part costs something: no part for no data.
            Some(upload) if !data.is_empty() => upload
                .put_part(PutPayload::from(data))
                .await
                .map_err(|source| StoreError::new("write to a draft", source)),
            _ => Ok(()),
        }
    }

    /// Puts the file under its name, in the place of an older one, and returns its key.
    ///
    /// A caller may stop waiting for this. The task goes on, because half a commit is worse than one whose key nobody
    /// receives.
    pub(crate) async fn commit(mut self) -> Result<String, StoreError> {
        let mut upload = self.upload.take().expect("commit is the last call");
        let commit = async move {
            let completed = upload.complete().await;
            if completed.is_err() {
                abort(upload).await;
            }
            completed
        };
        // What is logged in the task belongs to the call all the same.
        let commit = self.drafts.spawn(commit.in_current_span());
        let completed = commit.await.map_err(object_store::Error::from);
        completed
            .flatten()
            .map_err(|source| StoreError::new("complete a draft", source))?;
        Ok(mem::take(&mut self.key))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Removing a draft may take time, and `drop` cannot wait. Without a runtime the server has ended as well.
        if let (Some(upload), Ok(runtime)) = (self.upload.take(), Handle::try_current()) {
            self.drafts
                .spawn_on(abort(upload).in_current_span(), &runtime);
        }
    }
}

async fn abort(mut upload: Box<dyn MultipartUpload>) {
    if let Err(error) = upload.abort().await {
        tracing::warn!(%error, "a draft was not removed");
    }
}

/// An absolute path without links and `..`, which a path of the store may not have. Its end need not exist yet.
fn resolved(path: &FilePath) -> io::Result<PathBuf> {
    match (path.canonicalize(), path.parent(), path.file_name()) {
        (Err(error), Some(parent), Some(name)) if error.kind() == io::ErrorKind::NotFound => {
            Ok(resolved(parent)?.join(name))
        }
        (resolved, ..) => resolved,
    }
}

/// The name of a document's file: the SHA-256 of its id, in hexadecimal. An id may be any text, with slashes, dots or
/// NUL, longer than a file's name may be, or different from another one in upper and lower case only. Its checksum is
/// none of that.
fn key(document_id: &str) -> String {
    Sha256::digest(document_id)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl StoreError {
    fn new(doing: &'static str, source: object_store::Error) -> Self {
        Self { doing, source }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        // Paths and the system's words are for the log, not for a stranger.
        tracing::error!(
            error = &error.source as &dyn std::error::Error,
            "failed to {}",
            error.doing
        );
        Self::new(
            Code::Internal,
            Reason::StoreFailed,
            "the document could not be stored",
        )
    }
}

impl From<StoreError> for Status {
    fn from(error: StoreError) -> Self {
        Failure::from(error).into()
    }
}
