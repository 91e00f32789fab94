//! What the program has committed to the kit's store.

use proto::control::v1::from_program;
use tap::{Section, canonical};

/// A line for each draft that was committed. Drafts that were thrown away left nothing.
pub(super) fn section(messages: &[from_program::Kind]) -> Section {
    let files = messages.iter().filter_map(|kind| match kind {
        from_program::Kind::Committed(file) => Some((
            file.document_id.clone(),
            format!(
                "{} bytes {}, {:?}",
                file.total_bytes, file.digest, file.mime_type
            ),
        )),
        _ => None,
    });
    canonical::store(&files.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use proto::control::v1::Stored;

    use super::*;

    #[test]
    fn only_what_was_committed_is_shown_and_each_time() {
        let file = |total_bytes| Stored {
            draft: 1,
            document_id: "doc-1".to_owned(),
            mime_type: "text/plain".to_owned(),
            total_bytes,
            digest: "#00c0ffee".to_owned(),
        };
        let messages = [
            from_program::Kind::Appended(file(1)),
            from_program::Kind::Committed(file(2)),
            from_program::Kind::Discarded(file(3)),
            from_program::Kind::Committed(file(4)),
        ];
        let lines = section(&messages).lines;
        let lines: Vec<_> = lines.iter().map(|line| line.content.to_string()).collect();
        assert_eq!(
            lines,
            [
                "doc-1: 2 bytes #00c0ffee, \"text/plain\"",
                "doc-1: 4 bytes #00c0ffee, \"text/plain\"",
            ]
        );
    }
}
