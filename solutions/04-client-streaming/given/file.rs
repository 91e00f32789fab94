//! A file that comes part by part.

use std::collections::VecDeque;

use kit::{Error, Session};

// ANCHOR: file
/// A file that is being written while it is read: its next part may not be there yet.
pub struct File {
    /// The document that it belongs to.
    pub document_id: String,
    /// Its media type, for example `"text/plain"`.
    pub mime_type: String,
    parts: VecDeque<Vec<u8>>,
    /// How many parts were asked for.
    asked: usize,
}

impl File {
    /// Waits for the next part, of 1 byte to 256 KiB, and returns it. `None` at the end of the file.
    pub async fn read(&mut self) -> Option<Vec<u8>> {
        let gate = format!("{} part {}", self.document_id, self.asked);
        self.asked += 1;
        // In a check, the course decides when a part is there. An error would mean that the program ends.
        let _ = tokio::task::spawn_blocking(move || kit::blocking_job(&gate)).await;
        self.parts.pop_front()
    }
}
// ANCHOR_END: file

/// The files of this run, made of the setting `files`, which has a line for each: the document's id, the media type, the
/// seed of the contents, and the parts' lengths in bytes, with a space between two of them.
///
/// # Errors
///
/// When there is no such setting, or it reads otherwise.
pub fn files(session: &Session) -> Result<Vec<File>, Error> {
    session.setting("files")?.lines().map(file).collect()
}

fn file(line: &str) -> Result<File, Error> {
    let mut words = line.split(' ');
    let mut word = || {
        words
            .next()
            .ok_or_else(|| format!("{line:?} is not a file"))
    };
    let (document_id, mime_type) = (word()?.to_owned(), word()?.to_owned());
    let mut contents = fastrand::Rng::with_seed(word()?.parse()?);
    let part = |length: &str| {
        let mut part = vec![0; length.parse()?];
        contents.fill(&mut part);
        Ok(part)
    };
    let parts: Result<_, Error> = words.map(part).collect();
    Ok(File {
        document_id,
        mime_type,
        parts: parts?,
        asked: 0,
    })
}
