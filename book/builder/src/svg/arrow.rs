//! An arrow of a sequence diagram.

use std::fmt::Write as _;

use tap::Direction;

use super::text::lines;
use crate::arrow::Kind;
use crate::diagram::Call;
use crate::place::{DETAIL_HEIGHT, LABEL_HEIGHT, Place, Places, towards};

/// How an arrow ends.
enum Tip {
    /// It arrives.
    Head,
    /// It ends the call without an answer.
    Cross,
    /// It never came.
    None,
}

/// An arrow from one lifeline of its call to the other.
pub(super) fn arrow(
    places: &Places,
    call: &Call,
    direction: Direction,
    kind: Kind,
    place: &Place,
    out: &mut String,
) {
    let (caller, called) = (places.columns[call.from], places.columns[call.to]);
    let (way, from, to) = match direction {
        Direction::Request => ("request", caller, called),
        Direction::Response => ("response", called, caller),
    };
    let y = place.arrow();
    let towards = towards(from, to);
    let (start, end) = (from + 3.0 * towards, to - 2.0 * towards);
    let neck = end - 7.0 * towards;
    let _ = writeln!(
        out,
        "<g class=\"arrow {way} {}\"><line x1=\"{start}\" y1=\"{y}\" x2=\"{neck}\" y2=\"{y}\"/>",
        kind.class()
    );
    let _ = match tip(kind) {
        Tip::Head => writeln!(
            out,
            "<path class=\"head\" d=\"M{end} {y}l{} -4v8z\"/>",
            -8.0 * towards
        ),
        Tip::Cross => writeln!(
            out,
            "<path class=\"cross\" d=\"M{} {}l8 8m0 -8l-8 8\"/>",
            neck - 4.0,
            y - 4.0
        ),
        Tip::None => Ok(()),
    };
    let centre = places.centre(call);
    lines(
        "label",
        &place.labels,
        centre,
        place.top + 14.0,
        LABEL_HEIGHT,
        out,
    );
    lines(
        "detail",
        &place.details,
        centre,
        y + 12.5,
        DETAIL_HEIGHT,
        out,
    );
    lines(
        "told",
        &place.told,
        centre,
        y + 12.5 + DETAIL_HEIGHT * place.details.len() as f64,
        DETAIL_HEIGHT,
        out,
    );
    out.push_str("</g>\n");
}

fn tip(kind: Kind) -> Tip {
    match kind {
        Kind::Metadata
        | Kind::Message
        | Kind::Bytes
        | Kind::Undecodable
        | Kind::HalfClose
        | Kind::Ok
        | Kind::Failed
        | Kind::Malformed => Tip::Head,
        Kind::Cancel | Kind::Cut => Tip::Cross,
        Kind::Pending => Tip::None,
    }
}
