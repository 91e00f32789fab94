//! A transcript as a scene: who takes part, which arrows in which order, which of them belong to one call.
//!
//! No size and no markup here: `svg` draws the scene. Lines that are neither call nor arrow are left to the text
//! beside the picture, and so is what a message holds beyond its first words.

use tap::{Arrow, Content, Transcript};

/// What a sequence diagram shows.
pub(crate) struct Scene {
    /// In order of appearance.
    pub(crate) parties: Vec<String>,
    /// In the order of the transcript.
    pub(crate) calls: Vec<Call>,
    /// Top to bottom.
    pub(crate) rows: Vec<Row>,
}

/// One call: a band behind its rows.
pub(crate) struct Call {
    /// As in the transcript.
    pub(crate) number: u32,
    /// The caller, as an index into the parties.
    pub(crate) from: usize,
    /// Who is called.
    pub(crate) to: usize,
    /// `/package.Service/Method`.
    pub(crate) path: String,
    depth: usize,
    /// The row where it begins.
    pub(crate) first_row: usize,
    /// The last row that belongs to it or to a call within it.
    pub(crate) last_row: usize,
}

/// One row.
pub(crate) enum Row {
    /// A call begins.
    Begin(usize),
    /// Something goes from one party to another.
    Message {
        /// Which call it belongs to.
        call: usize,
        /// From the caller or to it.
        arrow: Arrow,
        /// What it is.
        kind: Kind,
        /// Its name.
        label: String,
        /// Its first words, or nothing.
        detail: String,
    },
}

/// What an arrow carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Headers or trailers, those in a row folded into one.
    Metadata,
    /// A protobuf message.
    Message,
    /// The caller has sent its last message.
    HalfClose,
    /// The call ended with OK.
    Ok,
    /// The call ended with another status.
    Failed,
    /// The call was given up, or its connection died.
    Cut,
}

/// The scene of a transcript, or nothing for one without a call.
pub(crate) fn scene(transcript: &Transcript) -> Option<Scene> {
    let mut scene = Scene {
        parties: Vec::new(),
        calls: Vec::new(),
        rows: Vec::new(),
    };
    // The calls that the current line may belong to, the innermost last.
    let mut open: Vec<usize> = Vec::new();
    for line in &transcript.lines {
        open.retain(|&call| scene.calls[call].depth < line.depth);
        match &line.content {
            Content::Text(_) => continue,
            Content::Call {
                number,
                from,
                to,
                path,
            } => {
                let call = Call {
                    number: *number,
                    from: scene.party(from),
                    to: scene.party(to),
                    path: path.clone(),
                    depth: line.depth,
                    first_row: scene.rows.len(),
                    last_row: scene.rows.len(),
                };
                open.push(scene.calls.len());
                scene.rows.push(Row::Begin(scene.calls.len()));
                scene.calls.push(call);
            }
            Content::Arrow(arrow, text) => {
                let Some(&call) = open.last() else { continue };
                scene.arrow(call, *arrow, text);
            }
        }
        for &call in &open {
            scene.calls[call].last_row = scene.rows.len() - 1;
        }
    }
    (!scene.calls.is_empty()).then_some(scene)
}

impl Scene {
    fn party(&mut self, name: &str) -> usize {
        let known = self.parties.iter().position(|party| party == name);
        known.unwrap_or_else(|| {
            self.parties.push(name.to_owned());
            self.parties.len() - 1
        })
    }

    fn arrow(&mut self, call: usize, arrow: Arrow, text: &str) {
        let (kind, label, detail) = read(text);
        if let Some(Row::Message {
            call: last_call,
            arrow: last_arrow,
            kind: Kind::Metadata,
            label: names,
            detail: value,
        }) = self.rows.last_mut()
            && kind == Kind::Metadata
            && (*last_call, *last_arrow) == (call, arrow)
        {
            names.push_str(", ");
            names.push_str(&label);
            value.clear();
            return;
        }
        self.rows.push(Row::Message {
            call,
            arrow,
            kind,
            label,
            detail,
        });
    }
}

/// What an arrow with this text carries.
pub(crate) fn kind(text: &str) -> Kind {
    read(text).0
}

/// What an arrow's text says: its kind, its name, its first words.
fn read(text: &str) -> (Kind, String, String) {
    let end = text.find([' ', ':', '{']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = rest.trim_start_matches([':', ' ']);
    let detail = rest.trim_matches(['{', '}', ' ']);
    let kind = match name {
        "OK" => Kind::Ok,
        "half-close" => Kind::HalfClose,
        _ if CODES.contains(&name) => Kind::Failed,
        _ if name.starts_with(|c: char| c.is_ascii_uppercase()) => Kind::Message,
        _ if text[end..].starts_with(": ") => Kind::Metadata,
        _ => Kind::Cut,
    };
    match kind {
        Kind::Cut => (kind, text.to_owned(), String::new()),
        _ => (kind, name.to_owned(), detail.to_owned()),
    }
}

/// The statuses other than OK.
const CODES: [&str; 16] = [
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_is_told_by_its_first_word() {
        assert_eq!(kind("x-correlation-id: demo-1"), Kind::Metadata);
        assert_eq!(kind("Request"), Kind::Message);
        assert_eq!(kind("ClassifyRequest { text: \"OK\" }"), Kind::Message);
        assert_eq!(kind("half-close"), Kind::HalfClose);
        assert_eq!(kind("OK"), Kind::Ok);
        assert_eq!(kind("NOT_FOUND: no such document"), Kind::Failed);
        assert_eq!(kind("CANCELLED"), Kind::Failed);
        assert_eq!(kind("cancel"), Kind::Cut);
        assert_eq!(
            read("A { b: 1 }"),
            (Kind::Message, "A".to_owned(), "b: 1".to_owned())
        );
    }

    #[test]
    fn a_call_within_a_call_lies_within_its_band() {
        let text = "  call 1  client > edge  /a.B/C
    -> x-a: 1
    -> x-b: 2
    call 2  edge > host  /m.H/R
      <- OK
    <- OK
  call 3  client > edge  /a.B/C
";
        let scene = scene(&text.parse().unwrap()).unwrap();
        assert_eq!(scene.parties, ["client", "edge", "host"]);
        assert_eq!(scene.rows.len(), 6, "the metadata is one row");
        let last: Vec<_> = scene.calls.iter().map(|call| call.last_row).collect();
        assert_eq!(last, [4, 3, 5]);
        let Row::Message { call, label, .. } = &scene.rows[4] else {
            panic!("the last status is a message");
        };
        assert_eq!((*call, label.as_str()), (0, "OK"));
    }
}
