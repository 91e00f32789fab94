//! A transcript as a scene: who takes part, which arrows in which order, which of them belong to one call.
//!
//! No size and no markup here: `svg` draws the scene. Lines that are neither call nor arrow are left to the text
//! beside the picture, and so is what a message holds beyond its first words.

use tap::{Code, Content, Direction, RawBytes, Transcript, What};

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
    Arrow {
        /// Which call it belongs to.
        call: usize,
        /// From the caller or to it.
        direction: Direction,
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
    /// Headers or trailers. Several in a row are one arrow.
    Metadata {
        /// How many are folded.
        pairs: usize,
    },
    /// A protobuf message.
    Message,
    /// A message of which only the length is known.
    Bytes,
    /// A message that cannot be decoded as its type.
    Undecodable,
    /// The caller has sent its last message.
    HalfClose,
    /// The call ended with OK.
    Ok,
    /// The call ended with another status.
    Failed,
    /// One side gave the call up.
    Cancel,
    /// The call was reset for another reason, or its connection died.
    Cut,
    /// What is not gRPC.
    Malformed,
    /// The call had not ended.
    Pending,
}

impl Kind {
    /// The class that the theme knows it by, in the picture and in the text.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Metadata { .. } => "metadata",
            Self::Message => "message",
            Self::Bytes => "bytes",
            Self::Undecodable => "undecodable",
            Self::HalfClose => "half-close",
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Cancel => "cancel",
            Self::Cut => "cut",
            Self::Malformed => "malformed",
            Self::Pending => "pending",
        }
    }
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
            Content::Exchange { .. }
            | Content::Dump { .. }
            | Content::Heading(_)
            | Content::Detail(_) => continue,
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
            Content::Arrow { direction, what } => {
                let Some(&call) = open.last() else { continue };
                scene.arrow(call, *direction, what);
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

    fn arrow(&mut self, call: usize, direction: Direction, what: &What) {
        let (label, detail) = label_and_detail(what);
        if let Some(Row::Arrow {
            call: last_call,
            direction: last_direction,
            kind: Kind::Metadata { pairs },
            label: names,
            detail: value,
        }) = self.rows.last_mut()
            && matches!(kind(what), Kind::Metadata { .. })
            && (*last_call, *last_direction) == (call, direction)
        {
            *pairs += 1;
            names.push_str(", ");
            names.push_str(&label);
            value.clear();
            return;
        }
        self.rows.push(Row::Arrow {
            call,
            direction,
            kind: kind(what),
            label,
            detail,
        });
    }
}

/// What an arrow carries.
pub(crate) fn kind(what: &What) -> Kind {
    match what {
        What::Metadata { .. } | What::Timeout(_) => Kind::Metadata { pairs: 1 },
        What::Message { .. } => Kind::Message,
        What::Bytes(RawBytes::Untyped { .. } | RawBytes::Compressed { .. }) => Kind::Bytes,
        What::Bytes(RawBytes::NotA { .. }) => Kind::Undecodable,
        What::HalfClose => Kind::HalfClose,
        What::Status(Code::OK) => Kind::Ok,
        What::Status(_) => Kind::Failed,
        What::Cancel => Kind::Cancel,
        What::Reset(_) | What::Lost => Kind::Cut,
        What::Malformed(_) => Kind::Malformed,
        What::Pending => Kind::Pending,
    }
}

/// What an arrow is called, and its first words or nothing.
fn label_and_detail(what: &What) -> (String, String) {
    let named = |label: &str, detail: &str| (label.to_owned(), detail.to_owned());
    match what {
        What::Metadata { key, value } => named(key, value),
        What::Timeout(timeout) => named("grpc-timeout", &timeout.to_string()),
        What::Message { name, fields } => named(name, fields.as_deref().unwrap_or_default()),
        What::Bytes(RawBytes::NotA { name, length }) => {
            let bytes = RawBytes::Untyped { length: *length };
            (bytes.to_string(), format!("not decodable as {name}"))
        }
        What::Malformed(reason) => named("malformed", reason),
        What::Bytes(RawBytes::Untyped { .. } | RawBytes::Compressed { .. })
        | What::HalfClose
        | What::Status(_)
        | What::Cancel
        | What::Reset(_)
        | What::Lost
        | What::Pending => named(&what.to_string(), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of a call with these arrows: kind, label, detail.
    fn rows(arrows: &str) -> Vec<(Kind, String, String)> {
        let text = format!("wirebook-transcript 2\n  call 1  a > b  /c.D/E\n{arrows}");
        let scene = scene(&text.parse().unwrap()).unwrap();
        let arrow = |row| match row {
            Row::Begin(_) => None,
            Row::Arrow {
                kind,
                label,
                detail,
                ..
            } => Some((kind, label, detail)),
        };
        scene.rows.into_iter().filter_map(arrow).collect()
    }

    #[test]
    fn arrows_have_kind_label_and_detail() {
        let one = Kind::Metadata { pairs: 1 };
        for (arrow, kind, label, detail) in [
            ("-> x-id: demo-1", one, "x-id", "demo-1"),
            ("-> grpc-timeout: 2s", one, "grpc-timeout", "2s"),
            ("-> Request", Kind::Message, "Request", ""),
            ("-> Request {}", Kind::Message, "Request", ""),
            ("-> A { b: { c: 1 } }", Kind::Message, "A", "b: { c: 1 }"),
            ("-> \"OK\" { b: 1 }", Kind::Message, "OK", "b: 1"),
            ("-> 12 bytes", Kind::Bytes, "12 bytes", ""),
            (
                "-> 3 compressed bytes",
                Kind::Bytes,
                "3 compressed bytes",
                "",
            ),
            (
                "-> 40 bytes, not a B",
                Kind::Undecodable,
                "40 bytes",
                "not decodable as B",
            ),
            ("-> half-close", Kind::HalfClose, "half-close", ""),
            ("<- OK", Kind::Ok, "OK", ""),
            ("<- NOT_FOUND", Kind::Failed, "NOT_FOUND", ""),
            ("<- CODE_17", Kind::Failed, "CODE_17", ""),
            ("-> cancel", Kind::Cancel, "cancel", ""),
            (
                "<- reset, HTTP/2 error 7",
                Kind::Cut,
                "reset, HTTP/2 error 7",
                "",
            ),
            ("<- connection lost", Kind::Cut, "connection lost", ""),
            (
                "<- malformed: no status",
                Kind::Malformed,
                "malformed",
                "no status",
            ),
            ("<- nothing yet", Kind::Pending, "nothing yet", ""),
        ] {
            let expected = (kind, label.to_owned(), detail.to_owned());
            assert_eq!(rows(&format!("    {arrow}\n")), [expected], "{arrow}");
        }
    }

    #[test]
    fn consecutive_metadata_is_one_arrow() {
        let rows = rows("    -> x-a: 1\n    -> x-b: 2\n    <- x-c: 3\n");
        let two = (
            Kind::Metadata { pairs: 2 },
            "x-a, x-b".to_owned(),
            String::new(),
        );
        assert_eq!(rows[0], two);
        assert_eq!(rows[1].0, Kind::Metadata { pairs: 1 });
        assert_eq!(rows.len(), 2);
    }

    #[test]
    fn nested_call_lies_within_its_callers_band() {
        let text = "wirebook-transcript 2
  call 1  client > edge  /a.B/C
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
        let Row::Arrow { call, label, .. } = &scene.rows[4] else {
            panic!("the last status is an arrow");
        };
        assert_eq!((*call, label.as_str()), (0, "OK"));
    }
}
