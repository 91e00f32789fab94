//! Small pictures beside each other, to be compared: `{{#beside Unary: unary.1 1; Server streaming: server-streaming.1 1}}`.
//!
//! Each is drawn from parts of a recorded transcript. It has only what tells one kind of call from another: messages,
//! half-close and end of the call itself, without the calls that it caused and without metadata.

use std::fmt::Write as _;
use std::path::Path;

use tap::{Content, Line, Transcript, What};

use crate::diagram;
use crate::excerpt;
use crate::html::escape;
use crate::problem::Problem;
use crate::svg;
use crate::together;
use crate::wire;

/// How many pictures there is room for.
const MAX: usize = 4;

/// The block of HTML for these pictures. It holds no blank line, which would end it for Markdown.
pub(crate) fn block(root: &Path, argument: &str, id: &str) -> Result<String, Problem> {
    let wanted: Vec<_> = argument.split(';').map(str::trim).collect();
    if !(2..=MAX).contains(&wanted.len()) {
        return Err(Problem::new(
            format!("{} pictures do not stand beside each other", wanted.len()),
            format!("there is room for 2 to {MAX}, with a semicolon between two"),
            "write {{#beside TITLE: EXERCISE PARTS; TITLE: EXERCISE PARTS}}",
        ));
    }
    let mut out = format!(
        "<figure class=\"wire\" id=\"{id}\">\n<div class=\"beside\"><div class=\"columns of-{}\">\n",
        wanted.len()
    );
    let mut left_out = false;
    for (number, wanted) in (1..).zip(wanted) {
        left_out |= picture(root, wanted, &format!("{id}-picture{number}"), &mut out)?;
    }
    out.push_str("</div></div>\n<figcaption>Recorded.");
    if left_out {
        out.push_str(" Metadata is left out, and so are the calls that one of these calls caused.");
    }
    out.push_str("</figcaption>\n</figure>");
    Ok(out)
}

/// One picture with its title, and whether something of it was left out.
fn picture(root: &Path, wanted: &str, id: &str, out: &mut String) -> Result<bool, Problem> {
    let Some((title, of)) = wanted
        .rsplit_once(':')
        .map(|(title, of)| (title.trim(), of.trim()))
        .filter(|(title, _)| !title.is_empty())
    else {
        return Err(Problem::new(
            format!("{wanted:?} is not a picture with its title"),
            "a picture is named by its title, a colon, an exercise, and the parts of its transcript",
            "write {{#beside TITLE: EXERCISE PARTS; TITLE: EXERCISE PARTS}}",
        ));
    };
    let (exercise, parts) = excerpt::argument(of)?;
    let mut transcript = wire::read(root, exercise)?;
    let together = together::read(&transcript);
    if let Some(parts) = &parts {
        (transcript, _) = excerpt::select(&transcript, exercise, parts)?;
    }
    let (outline, left_out) = outline(&transcript);
    let scene = diagram::scene(&outline, &together);
    let Some(scene) = scene.filter(|scene| scene.parties.len() <= 2) else {
        return Err(Problem::new(
            format!("{of:?} is not of calls between two parties"),
            "a small picture has room for no more, and a transcript of values has no call",
            "ask for parts that are calls of one client",
        ));
    };
    let _ = writeln!(out, "<div>\n<p><b>{}</b></p>", escape(title));
    out.push_str(&svg::draw_small(
        &scene,
        &format!("{exercise}: {title}"),
        id,
    ));
    let _ = write!(out, "<p><code>{exercise}</code>");
    let _ = match parts {
        Some(parts) if parts.start() == parts.end() => write!(out, ", part {}", parts.start()),
        Some(parts) => write!(out, ", parts {} to {}", parts.start(), parts.end()),
        None => Ok(()),
    };
    out.push_str("</p>\n</div>\n");
    Ok(left_out)
}

/// The outermost calls without their metadata, and whether there was more.
fn outline(transcript: &Transcript) -> (Transcript, bool) {
    let mut within: Option<usize> = None;
    let is_shown = |line: &&Line| {
        if within.is_some_and(|depth| line.depth > depth) {
            return false;
        }
        within = None;
        match &line.content {
            Content::Call { .. } if line.depth > 0 => {
                within = Some(line.depth);
                false
            }
            Content::Arrow { what, .. } => {
                !matches!(what, What::Metadata { .. } | What::Timeout(_))
            }
            _ => true,
        }
    };
    let lines: Vec<_> = transcript.lines.iter().filter(is_shown).cloned().collect();
    let left_out = lines.len() < transcript.lines.len();
    (Transcript { lines }, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outline_has_neither_metadata_nor_the_calls_that_were_caused() {
        let text = "wirebook-transcript 2
  call 1  a > b  /c.D/E
    -> x-a: 1
    -> grpc-timeout: 2s
    -> Q {}
    call 2  b > h  /m.H/R
      -> Q {}
      call 3  h > i  /m.H/R
        <- OK
      <- INTERNAL
        details: X {}
    <- Item {}
    <- OK
      a had not half-closed
";
        let expected = "wirebook-transcript 2
  call 1  a > b  /c.D/E
    -> Q {}
    <- Item {}
    <- OK
      a had not half-closed
";
        let (outline, left_out) = outline(&text.parse().expect("a transcript"));
        assert!(left_out);
        assert_eq!(outline.to_string(), expected);
        assert!(
            !super::outline(&outline).1,
            "there is nothing left to leave out"
        );
    }
}
