//! What the chunks of one upload must keep to, as exercise 2 writes it.

use proto::classification::v1::DocumentChunk;
use tonic::Status;

/// Checks the chunks of one upload, one after the other: number, document id and media type.
#[derive(Default)]
pub struct Order {
    /// The number of the next chunk.
    next: i32,
    document_id: String,
}

impl Order {
    /// Checks the next chunk.
    ///
    /// # Errors
    ///
    /// INVALID_ARGUMENT, where it breaks a rule of the contract.
    pub fn check(&mut self, chunk: &DocumentChunk) -> Result<(), Status> {
        let is_first = self.next == 0;
        if is_first {
            self.document_id.clone_from(&chunk.document_id);
        }
        let refused = if chunk.chunk_number != self.next {
            "chunks are numbered from 0, without a hole"
        } else if chunk.document_id.is_empty() || chunk.document_id != self.document_id {
            "all chunks of an upload have one document_id"
        } else if chunk.mime_type.is_empty() == is_first {
            "the first chunk has the mime_type, and no other"
        } else {
            self.next += 1;
            return Ok(());
        };
        Err(Status::invalid_argument(refused))
    }
}
