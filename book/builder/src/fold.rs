//! Long streams, made short for a picture: of what comes many times one after the other, the first few and the last.
//!
//! What repeats within a call may be a message, a call that it caused, or some of these in turn: an event, the call for
//! it, its answer. Two are alike where they go the same way and have the same type with the same fields, so that an item
//! that failed stands out among forty that did not. Calls that nothing caused are never left out: a page asks for these by
//! their number.

use tap::{Content, Direction, Line, Transcript, What};

use crate::arrow::{Kind, kind};

/// How many are shown before those that are left out, where one thing repeats.
const FIRST: usize = 3;
/// The same where several things repeat in turn.
const FIRST_ROUNDS: usize = 2;
/// The fewest that are worth leaving out.
const FEWEST: usize = 3;
/// The most things that repeat in turn.
const LONGEST_ROUND: usize = 4;

/// What a picture shows of a transcript.
pub(crate) enum Piece<'a> {
    /// A line.
    Line(&'a Line),
    /// Something that comes more often than is shown.
    More {
        /// That of the lines that are left out.
        depth: usize,
        /// Which way they go, where they all go one way.
        direction: Option<Direction>,
        /// How many of what.
        text: String,
    },
}

/// The lines of a transcript, and where some are left out.
pub(crate) fn pieces(transcript: &Transcript) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    for item in items(&transcript.lines) {
        add(item, &mut out);
    }
    out
}

/// The lines of the first one's depth, each with what stands below it.
fn items(lines: &[Line]) -> impl Iterator<Item = &[Line]> {
    let depth = lines.first().map_or(0, |line| line.depth);
    lines.chunk_by(move |_, next| next.depth > depth)
}

fn add<'a>(item: &'a [Line], out: &mut Vec<Piece<'a>>) {
    let Some((line, below)) = item.split_first() else {
        return;
    };
    out.push(Piece::Line(line));
    match line.content {
        Content::Call { .. } => fold(below, out),
        _ => out.extend(below.iter().map(Piece::Line)),
    }
}

fn fold<'a>(lines: &'a [Line], out: &mut Vec<Piece<'a>>) {
    let items: Vec<_> = items(lines).collect();
    let forms: Vec<_> = items.iter().map(|item| form(item)).collect();
    let mut place = 0;
    while place < items.len() {
        let (round, times) = repetition(&forms[place..]);
        let shown = if round == 1 { FIRST } else { FIRST_ROUNDS };
        let hidden = times.saturating_sub(shown + 1);
        if hidden < FEWEST {
            add(items[place], out);
            place += 1;
            continue;
        }
        let end = place + round * times;
        let (first, last) = (place + round * shown, end - round);
        items[place..first].iter().for_each(|item| add(item, out));
        out.push(more(&items[first..first + round], hidden));
        items[last..end].iter().for_each(|item| add(item, out));
        place = end;
    }
}

/// How many things repeat in turn from the first of these on, and how often they come. The fewest things, where
/// several readings cover the same.
fn repetition(forms: &[String]) -> (usize, usize) {
    let mut best = (1, 1);
    for round in 1..=LONGEST_ROUND.min(forms.len()) {
        let mut rounds = forms.chunks(round);
        let first = rounds.next();
        let times = 1 + rounds.take_while(|next| Some(*next) == first).count();
        if times > 1 && round * times > best.0 * best.1 {
            best = (round, times);
        }
    }
    best
}

/// What is the same of two things that are alike: way, kind and type, and the names of a message's fields.
fn form(item: &[Line]) -> String {
    let Some((line, below)) = item.split_first() else {
        return String::new();
    };
    match &line.content {
        Content::Call { from, to, path, .. } => {
            let below: Vec<_> = items(below).map(form).collect();
            format!("{from} > {to} {path} [{}]", below.join("; "))
        }
        Content::Arrow { direction, what } => {
            let what = match what {
                What::Message { name, fields } => format!("{name} {}", fields_of(fields, below)),
                What::Metadata { key, .. } => key.clone(),
                What::Timeout(_) | What::Bytes(_) => format!("{:?}", kind(what)),
                what => what.to_string(),
            };
            format!("{direction:?} {what}")
        }
        content => format!("{content:?}"),
    }
}

/// The names of a message's fields, on its line or on lines of their own.
fn fields_of(fields: &Option<String>, below: &[Line]) -> String {
    let names: Vec<_> = match fields {
        Some(fields) => {
            let fields = tap::split_fields(fields).into_iter();
            fields.map(|(name, _)| name).collect()
        }
        None => {
            let details = below.iter().filter_map(|line| match &line.content {
                Content::Detail(text) => tap::split_field(text),
                _ => None,
            });
            details.map(|(name, _)| name).collect()
        }
    };
    names.join(",")
}

fn more<'a>(round: &[&[Line]], count: usize) -> Piece<'a> {
    let lines: Vec<_> = round.iter().filter_map(|item| item.first()).collect();
    let (direction, text) = match lines.as_slice() {
        [line] => match &line.content {
            Content::Arrow { direction, what } => {
                let name = match what {
                    What::Message { name, .. } => name.clone(),
                    _ if kind(what) == Kind::Metadata => "headers".to_owned(),
                    _ => "messages".to_owned(),
                };
                (Some(*direction), format!("{count} more {name}"))
            }
            Content::Call { to, .. } => (None, format!("{count} more calls to {to}")),
            _ => (None, format!("{count} more lines")),
        },
        _ => (None, format!("{count} more rounds")),
    };
    Piece::More {
        depth: lines.first().map_or(0, |line| line.depth),
        direction,
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a picture shows of a call with these lines, in short.
    fn shown(lines: &str) -> Vec<String> {
        let text = format!("wirebook-transcript 2\n  call 1  a > b  /c.D/E\n{lines}");
        let transcript: Transcript = text.parse().expect("a transcript");
        let short = |piece: Piece| match piece {
            Piece::Line(line) => line.to_string().trim().to_owned(),
            Piece::More { text, .. } => format!("({text})"),
        };
        let all: Vec<_> = pieces(&transcript).into_iter().map(short).collect();
        all[1..].to_vec()
    }

    fn items_from(first: usize, last: usize) -> String {
        let items = (first..=last).map(|number| format!("    <- Item {{ id: {number} }}\n"));
        items.collect()
    }

    #[test]
    fn of_a_long_stream_the_first_few_and_the_last_are_shown() {
        let lines = items_from(1, 40) + "    <- OK\n";
        let expected = [
            "<- Item { id: 1 }",
            "<- Item { id: 2 }",
            "<- Item { id: 3 }",
            "(36 more Item)",
            "<- Item { id: 40 }",
            "<- OK",
        ];
        assert_eq!(shown(&lines), expected);
    }

    #[test]
    fn a_short_stream_is_shown_whole() {
        assert_eq!(shown(&items_from(1, 6)).len(), 6);
        assert_eq!(shown(&items_from(1, 7)).len(), 5);
    }

    #[test]
    fn what_is_not_alike_stands_out() {
        let failed = "    <- Item { id: 21, error: { code: 3 } }\n";
        let lines = items_from(1, 20) + failed + &items_from(22, 40);
        let shown = shown(&lines);
        assert_eq!(shown[3..5], ["(16 more Item)", "<- Item { id: 20 }"]);
        assert_eq!(shown[5], "<- Item { id: 21, error: { code: 3 } }");
        assert_eq!(shown[9..], ["(15 more Item)", "<- Item { id: 40 }"]);
    }

    #[test]
    fn fields_on_lines_of_their_own_count_too() {
        let long = |field: &str| format!("    <- Item\n      id: 1\n      {field}: 2\n");
        let alike = long("label").repeat(8);
        assert_eq!(shown(&(alike.clone() + &long("error"))).len(), 5 * 3 + 1);
        assert_eq!(shown(&(alike + &long("label"))).len(), 4 * 3 + 1);
    }

    #[test]
    fn rounds_with_calls_in_them_are_left_out_whole() {
        let round = |number: usize| {
            format!(
                "    -> Event {{ id: {number} }}\n    call {}  b > h  /m.H/R\n      <- OK\n    <- Event {{ id: {number} }}\n",
                number + 1
            )
        };
        let lines: String = (1..=12).map(round).collect();
        let shown = shown(&(lines + "    -> half-close\n"));
        assert_eq!(shown[7], "<- Event { id: 2 }");
        assert_eq!(shown[8], "(9 more rounds)");
        assert_eq!(shown[9], "-> Event { id: 12 }");
        assert_eq!(shown.len(), 14);
    }

    #[test]
    fn calls_that_nothing_caused_are_all_shown() {
        let calls: String = (2..=20)
            .map(|number| format!("  call {number}  a > b  /c.D/E\n    <- OK\n"))
            .collect();
        assert_eq!(shown(&("    <- OK\n".to_owned() + &calls)).len(), 39);
    }
}
