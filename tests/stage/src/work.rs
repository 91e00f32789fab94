//! The given work that a program was at, as the kit told of it.

use proto::control::v1::from_program;
use tap::{Content, Line};

/// How much given work was done, and how many pieces of it were under way at a time: a line for each, so that a
/// difference shows which of the two it is.
pub(crate) fn lines(said: &[from_program::Kind], limit: usize) -> [Line; 3] {
    let pieces = pieces(said).count();
    let at_once = match at_once(said) {
        most if most <= limit => format!("at most {limit}"),
        // How many more depends on which thread was faster.
        _ => format!("more than {limit}"),
    };
    let unit = if pieces == 1 { "piece" } else { "pieces" };
    [
        (0, Content::Heading("work".to_owned())),
        (1, Content::Detail(format!("{pieces} {unit}"))),
        (1, Content::Detail(format!("{at_once} at a time"))),
    ]
    .map(|(depth, content)| Line {
        depth,
        compared: true,
        content,
    })
}

/// The names of the pieces of given work, in the order in which they began.
pub fn pieces(said: &[from_program::Kind]) -> impl Iterator<Item = &str> {
    said.iter().filter_map(|kind| match kind {
        from_program::Kind::WorkBegan(work) => Some(work.name.as_str()),
        _ => None,
    })
}

/// How many pieces of given work were under way at a time, at most.
pub fn at_once(said: &[from_program::Kind]) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for kind in said {
        match kind {
            from_program::Kind::WorkBegan(_) => now += 1,
            from_program::Kind::WorkEnded(_) => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}
