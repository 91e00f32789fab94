//! Where a transcript claims no order between calls: where they were open at a time.
//!
//! A transcript prints one call after the other. A picture that runs from top to bottom would make an order of that.

use tap::{Content, Direction, Transcript};

use crate::diagram::{Row, Scene};
use crate::sides;

/// How many calls between two parties were open at a time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Together {
    from: String,
    to: String,
    calls: usize,
}

/// What a transcript says of it, under `connections`.
pub(crate) fn read(transcript: &Transcript) -> Vec<Together> {
    let mut in_connections = false;
    let mut all = Vec::new();
    for line in &transcript.lines {
        match &line.content {
            Content::Heading(heading) => in_connections = heading == "connections",
            Content::Detail(text) if in_connections => all.extend(one(text)),
            _ => {}
        }
    }
    all
}

/// `client > edge: 20 calls open at a time`. A bound, `at most 3`, says nothing of this run.
fn one(text: &str) -> Option<Together> {
    let (hop, count) = text
        .strip_suffix(" calls open at a time")?
        .split_once(": ")?;
    let (from, to) = hop.split_once(" > ")?;
    let calls = count.parse().ok().filter(|calls| *calls > 1)?;
    Some(Together {
        from: from.to_owned(),
        to: to.to_owned(),
        calls,
    })
}

/// Draws calls that were open at a time one over the other where these are all the calls of their hop, and says so of
/// them where it is not known which of them they were.
pub(crate) fn mark_calls(scene: &mut Scene, together: &[Together]) {
    for Together { from, to, calls } in together {
        let of_hop: Vec<_> = (0..scene.calls.len())
            .filter(|call| {
                let call = &scene.calls[*call];
                (&scene.parties[call.from], &scene.parties[call.to]) == (from, to)
            })
            .collect();
        let text = if of_hop.len() < 2 {
            continue;
        } else if of_hop.len() == *calls
            && scene.calls.len() == *calls
            && of_hop.iter().all(|call| sides::are_apart(scene, *call))
        {
            overlap(scene);
            format!("{calls} calls, open at the same time: they begin and end in any order")
        } else {
            format!("{calls} calls from {from} to {to} were open at a time: these may overlap")
        };
        scene.insert(0, Row::Note { call: None, text });
    }
}

/// What all calls send comes first, then what answers them.
fn overlap(scene: &mut Scene) {
    let rows = std::mem::take(&mut scene.rows);
    let (mut first, mut then) = (Vec::new(), Vec::new());
    let mut resumed = None;
    for row in rows {
        match &row {
            Row::Arrow {
                call,
                direction: Direction::Response,
                ..
            } => {
                if resumed != Some(*call) {
                    resumed = Some(*call);
                    then.push(Row::Resume(*call));
                }
                then.push(row);
            }
            Row::More {
                direction: None | Some(Direction::Response),
                ..
            }
            | Row::Note { call: Some(_), .. } => then.push(row),
            _ => first.push(row),
        }
    }
    first.append(&mut then);
    scene.rows = first;
    for (place, row) in scene.rows.iter().enumerate() {
        let (Row::Begin(call)
        | Row::Resume(call)
        | Row::Arrow { call, .. }
        | Row::More { call, .. }
        | Row::Note {
            call: Some(call), ..
        }) = row
        else {
            continue;
        };
        let call = &mut scene.calls[*call];
        if matches!(row, Row::Begin(_)) {
            call.first_row = place;
        }
        let sends_deadline = matches!(row, Row::Arrow { labels, .. }
            if labels.iter().any(|label| label.starts_with("grpc-timeout: ")));
        if sends_deadline && call.deadline_row.is_some() {
            call.deadline_row = Some(place);
        }
        call.last_row = place;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::scene;

    /// The rows of a transcript in short.
    fn rows(lines: &str) -> Vec<String> {
        let text = format!("wirebook-transcript 2\n{lines}");
        let transcript: Transcript = text.parse().expect("a transcript");
        let scene = scene(&transcript, &read(&transcript)).expect("it has a call");
        let short = |row: &Row| match row {
            Row::Begin(call) => format!("begin {call}"),
            Row::Resume(call) => format!("resume {call}"),
            Row::Note { text, .. } | Row::More { text, .. } => text.clone(),
            Row::Arrow { call, labels, .. } => format!("{call} {}", labels.join(" + ")),
        };
        scene.rows.iter().map(short).collect()
    }

    const TWO: &str = "  call 1  a > b  /c.D/E
    -> Q {}
    <- OK
  call 2  a > b  /c.D/E
    -> Q {}
    <- NOT_FOUND
";

    #[test]
    fn calls_at_the_same_time_overlap() {
        let rows = rows(&format!(
            "{TWO}  connections\n    a > b: 1\n    a > b: 2 calls open at a time\n"
        ));
        let expected = [
            "2 calls, open at the same time: they begin and end in any order",
            "begin 0",
            "0 Q",
            "begin 1",
            "1 Q",
            "resume 0",
            "0 OK",
            "resume 1",
            "1 NOT_FOUND",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn conversations_keep_their_order_where_they_overlap() {
        let call = |number| {
            format!(
                "  call {number}  a > b  /c.D/E\n    -> Q {{}}\n    <- R {{}}\n    -> half-close\n    <- OK\n"
            )
        };
        let rows = rows(&format!(
            "{}{}  connections\n    a > b: 2 calls open at a time\n",
            call(1),
            call(2)
        ));
        assert_eq!(
            rows[0],
            "2 calls from a to b were open at a time: these may overlap"
        );
        assert_eq!(rows[2..6], ["0 Q", "0 R", "0 half-close", "0 OK"]);
    }

    #[test]
    fn what_is_left_out_of_a_stream_stays_in_it() {
        let items = "    <- Item {}\n".repeat(9);
        let rows = rows(&format!(
            "  call 1  a > b  /c.D/E\n    -> Q {{}}\n{items}  call 2  a > b  /c.D/E\n    -> Q {{}}\n{items}  \
             connections\n    a > b: 2 calls open at a time\n"
        ));
        assert_eq!(rows[1..5], ["begin 0", "0 Q", "begin 1", "1 Q"]);
        let half = ["0 Item", "0 Item", "0 Item", "5 more Item", "0 Item"];
        assert_eq!(rows[6..11], half);
    }

    #[test]
    fn which_calls_overlap_is_not_guessed() {
        let three = format!(
            "{TWO}  call 3  a > b  /c.D/E\n    <- OK\n  connections\n    a > b: 2 calls open at a time\n"
        );
        let drawn = rows(&three);
        assert_eq!(
            drawn[0],
            "2 calls from a to b were open at a time: these may overlap"
        );
        assert_eq!(drawn[1..4], ["begin 0", "0 Q", "0 OK"]);
        let bound = format!("{TWO}  connections\n    a > b: at most 2 calls open at a time\n");
        assert_eq!(rows(&bound)[0], "begin 0");
    }
}
