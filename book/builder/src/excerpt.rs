//! Some of a transcript's parts, for a page that is about them: `{{#transcript unary.3 1-4}}`.
//!
//! A part is a call with what it caused, or a message of a lesson without a network. They are counted from 1, in the
//! order in which they stand. What follows under headings belongs to the whole run and is left out.

use std::ops::RangeInclusive;

use tap::{Content, Line, Transcript};

use crate::problem::Problem;

/// Which parts a directive asks for.
pub(crate) type Parts = RangeInclusive<usize>;

/// Reads the argument of a directive: an exercise, and the parts of its transcript if not all are asked for.
pub(crate) fn argument(argument: &str) -> Result<(&str, Option<Parts>), Problem> {
    let Some((exercise, parts)) = argument.split_once(char::is_whitespace) else {
        return Ok((argument, None));
    };
    let range = match parts.trim().split_once('-') {
        Some((first, last)) => first.parse().ok().zip(last.parse().ok()),
        None => parts.trim().parse().ok().map(|only| (only, only)),
    };
    match range {
        Some((first, last)) if 1 <= first && first <= last => Ok((exercise, Some(first..=last))),
        _ => Err(Problem::new(
            format!("{parts:?} is not a part of a transcript, or several"),
            "parts are counted from 1, and two numbers with a hyphen mean all from the first to the second",
            format!("write {{{{#transcript {exercise} 1-3}}}}, or leave the parts out"),
        )),
    }
}

/// The transcript with these parts only, and how many there are in all.
pub(crate) fn select(
    transcript: &Transcript,
    exercise: &str,
    parts: &Parts,
) -> Result<(Transcript, usize), Problem> {
    let begins = |line: &Line| {
        line.depth == 0
            && matches!(
                line.content,
                Content::Call { .. } | Content::Exchange { .. }
            )
    };
    let all = transcript.lines.iter().filter(|line| begins(line)).count();
    if *parts.end() > all {
        return Err(Problem::new(
            format!(
                "the transcript of {exercise} has {all} parts, and {} is asked for",
                parts.end()
            ),
            "it was recorded anew from another scenario",
            "look at the transcript, and ask for parts that it has",
        ));
    }
    let (mut number, mut inside) = (0, false);
    let mut lines = Vec::new();
    for line in &transcript.lines {
        if line.depth == 0 {
            number += usize::from(begins(line));
            inside = begins(line) && parts.contains(&number);
        }
        if inside {
            lines.push(line.clone());
        }
    }
    Ok((Transcript { lines }, all))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "wirebook-transcript 2
  call 1  client > edge  /a.B/C
    call 2  edge > host  /a.B/D
      <- OK
    <- OK
  call 3  client > edge  /a.B/C
    <- INTERNAL
  connections
    client > edge: 1
";

    fn selected(parts: Parts) -> Option<(String, usize)> {
        let transcript: Transcript = TEXT.parse().expect("a transcript");
        let selected = select(&transcript, "unary.3", &parts).ok();
        selected.map(|(transcript, all)| (transcript.to_string(), all))
    }

    #[test]
    fn part_is_a_call_with_what_it_caused() {
        let (first, all) = selected(1..=1).expect("it is there");
        assert_eq!(all, 2);
        assert!(
            first.contains("call 2") && !first.contains("INTERNAL"),
            "{first}"
        );
        let (both, _) = selected(1..=2).expect("they are there");
        assert!(
            both.contains("INTERNAL") && !both.contains("connections"),
            "{both}"
        );
        assert_eq!(selected(2..=3), None);
    }

    #[test]
    fn argument_is_an_exercise_and_parts() {
        let read = |text| argument(text).ok();
        assert_eq!(read("unary.3"), Some(("unary.3", None)));
        assert_eq!(read("unary.3 2"), Some(("unary.3", Some(2..=2))));
        assert_eq!(read("unary.3 2-4"), Some(("unary.3", Some(2..=4))));
        for wrong in ["unary.3 0", "unary.3 3-2", "unary.3 two", "unary.3 1-"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
