//! The host's status beside the one that an edge's call ended with.

use tap::{Call, Code, EventKind};

/// What to look at where the host's status is changed.
pub(crate) const CHANGED: &str = "Usually a new status is made of the one that came. `classify` returns the host's own: send \
                                  that, with its message, its details and its metadata.";

/// What a call ended with.
struct Status<'a> {
    code: Code,
    message: &'a str,
    details: &'a [u8],
    metadata: &'a [(String, String)],
}

/// The status of a call. `None` where it ended with OK, or without one.
fn status<'a>(call: &Call<'a>) -> Option<Status<'a>> {
    call.events.iter().find_map(|event| match &event.kind {
        EventKind::Status {
            code,
            message,
            details,
            metadata,
        } if *code != Code::OK => Some(Status {
            code: *code,
            message,
            details,
            metadata,
        }),
        _ => None,
    })
}

/// What the status of a call lacks of the host's.
pub(crate) fn lost(call: &Call<'_>, host: &Call<'_>) -> Option<&'static str> {
    let (ours, theirs) = (status(call)?, status(host)?);
    if ours.code != theirs.code {
        Some("the code")
    } else if ours.details != theirs.details {
        Some("the details")
    } else if ours.message != theirs.message {
        Some("the message")
    } else {
        let mut pairs = theirs.metadata.iter();
        let lost = pairs.any(|pair| !ours.metadata.contains(pair));
        lost.then_some("the metadata")
    }
}

/// A call ended with another status than that of the host, which failed about the document of this name.
pub(crate) fn changed(call: &Call<'_>, host: &Call<'_>, name: &str) -> Option<String> {
    let lost = lost(call, host)?;
    let (theirs, ours) = (host.status()?, call.status()?);
    Some(match lost {
        "the code" => {
            format!("The host failed about {name} with {theirs}, and the call ended with {ours}.")
        }
        lost => format!(
            "The host failed about {name} with {theirs}. The call ended with {ours} too, without {lost} of the host's status."
        ),
    })
}
