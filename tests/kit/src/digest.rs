//! A value too long for a line, as few characters that differ where it differs.

use std::hash::Hasher;

/// A digest of these bytes in the form in which a transcript shows one of a long text: `#c5da4bd8`. FNV-1a, 64 bits
/// folded to 32.
///
/// Encode a message and report its digest beside the fields that are readable, and nothing can be lost of it unseen.
pub fn digest(bytes: &[u8]) -> String {
    let mut hasher = fnv::FnvHasher::default();
    hasher.write(bytes);
    finished(&hasher)
}

/// The digest of the bytes that were written so far.
pub(crate) fn finished(hasher: &fnv::FnvHasher) -> String {
    let hash = hasher.finish();
    format!("#{:08x}", (hash >> 32) as u32 ^ hash as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_differs_where_one_byte_does() {
        assert_eq!(digest(b""), "#4fd0bfc1");
        assert_ne!(digest(b"doc-1"), digest(b"doc-2"));
    }
}
