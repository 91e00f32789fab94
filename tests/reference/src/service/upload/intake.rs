//! The rules that the chunks of one upload must keep together: those of `DocumentChunk` in the contract.

use proto::classification::v1::DocumentChunk;

use crate::errors::{Failure, Violation};
use crate::service::validate::{refuse, shortened};

/// Most bytes of a file: 50 MiB.
const MAX_FILE_BYTES: i64 = 50 * 1024 * 1024;
/// Most characters (Unicode scalar values) of a document's id.
const MAX_ID_CHARS: usize = 200;
/// Most characters of a media type.
const MAX_MIME_CHARS: usize = 100;
/// Bytes of a SHA-256 checksum.
const SHA256_BYTES: usize = 32;

/// What has arrived of one upload.
#[derive(Debug, Default)]
pub(super) struct Intake {
    /// As the first chunk says.
    document_id: String,
    /// As the first chunk says.
    mime_type: String,
    /// How many came, and so the number of the next one.
    chunks: i32,
    /// The length of their data together.
    bytes: i64,
}

impl Intake {
    pub(super) fn bytes(&self) -> i64 {
        self.bytes
    }

    pub(super) fn chunks(&self) -> i32 {
        self.chunks
    }

    /// Counts a chunk, or says all that is wrong with it. The limit is kept here, before the data is stored.
    pub(super) fn take(&mut self, chunk: &DocumentChunk) -> Result<(), Failure> {
        let mut violations = if self.chunks == 0 {
            let violations = first(chunk);
            self.document_id.clone_from(&chunk.document_id);
            self.mime_type.clone_from(&chunk.mime_type);
            violations
        } else {
            self.later(chunk)
        };
        if chunk.chunk_number != self.chunks {
            violations.push(Violation::new(
                "chunk_number",
                format!(
                    "chunk_number is {}: send {}, chunks are numbered from 0 without a hole",
                    chunk.chunk_number, self.chunks,
                ),
            ));
        }
        // Without this rule an upload could go on for ever and never reach the limit.
        if chunk.data.is_empty() && !chunk.is_last {
            violations.push(Violation::new(
                "data",
                "data is empty: only the last chunk may come without",
            ));
        }
        self.chunks += 1;
        self.bytes += length(&chunk.data);
        if self.bytes > MAX_FILE_BYTES {
            violations.push(Violation::new(
                "data",
                format!(
                    "data makes the file {} bytes so far: send at most {MAX_FILE_BYTES}",
                    self.bytes
                ),
            ));
        }
        refuse(&violations)
    }

    /// Checks what the last chunk says about the file against what arrived.
    pub(super) fn check_commit(&self, last: &DocumentChunk, sha256: &[u8]) -> Result<(), Failure> {
        let mut violations = Vec::new();
        if last.total_bytes != self.bytes {
            violations.push(Violation::new(
                "total_bytes",
                format!(
                    "total_bytes is {}, but {} bytes arrived: send the file again",
                    last.total_bytes, self.bytes,
                ),
            ));
        }
        if last.sha256.len() != SHA256_BYTES {
            violations.push(Violation::new(
                "sha256",
                format!(
                    "sha256 has {} bytes: send the file's checksum of {SHA256_BYTES} in the last chunk",
                    last.sha256.len(),
                ),
            ));
        } else if last.sha256 != sha256 {
            violations.push(Violation::new(
                "sha256",
                "sha256 is not the checksum of the bytes that arrived: send the file again",
            ));
        }
        refuse(&violations)
    }

    /// What is wrong when no more chunks come. A client that cancelled does not receive it.
    pub(super) fn missing_last_chunk(&self) -> Failure {
        let description = format!(
            "the stream ended after {} chunks and none was the last: nothing was stored, set is_last on the last chunk",
            self.chunks,
        );
        Failure::invalid(&[Violation::new("is_last", description)])
    }

    /// The rules of every chunk but the first.
    fn later(&self, chunk: &DocumentChunk) -> Vec<Violation> {
        let mut violations = Vec::new();
        if chunk.document_id != self.document_id {
            violations.push(Violation::new(
                "document_id",
                format!(
                    "document_id is \"{}\": send \"{}\", because one upload is one document",
                    shortened(&chunk.document_id),
                    shortened(&self.document_id),
                ),
            ));
        }
        if !chunk.mime_type.is_empty() {
            violations.push(Violation::new(
                "mime_type",
                "mime_type is set again: send it in the first chunk only",
            ));
        }
        violations
    }
}

/// The rules of the first chunk.
fn first(chunk: &DocumentChunk) -> Vec<Violation> {
    let mut violations = Vec::new();
    let chars = chunk.document_id.chars().count();
    if !(1..=MAX_ID_CHARS).contains(&chars) {
        violations.push(Violation::new(
            "document_id",
            format!("document_id has {chars} characters: send 1 to {MAX_ID_CHARS}"),
        ));
    }
    if !is_media_type(&chunk.mime_type) {
        violations.push(Violation::new(
            "mime_type",
            format!(
                "mime_type is \"{}\": send a type such as application/pdf in the first chunk, at most \
                 {MAX_MIME_CHARS} characters",
                shortened(&chunk.mime_type),
            ),
        ));
    }
    violations
}

/// A type, a slash and a subtype, perhaps with parameters: `text/plain; charset=utf-8`.
fn is_media_type(text: &str) -> bool {
    let is_printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let has_both_parts = text
        .split_once('/')
        .is_some_and(|(kind, subtype)| !kind.is_empty() && !subtype.is_empty());
    text.len() <= MAX_MIME_CHARS && is_printable && has_both_parts
}

/// A message is shorter than 4 MiB, so its data fits.
fn length(data: &[u8]) -> i64 {
    i64::try_from(data.len()).unwrap_or(i64::MAX)
}
