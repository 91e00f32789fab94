//! README.md, which is read without the builder: what it shows is compared with what is recorded.
//!
//! A comment above a block says what it is: `<!-- screen: verdicts passed -->` or `<!-- transcript: unary.2 2 -->`.

use std::fs;
use std::path::Path;

use crate::excerpt;
use crate::problem::Problem;
use crate::screen::{Columns, screen};
use crate::wire;

const README: &str = "README.md";
const FENCE: &str = "```";

/// The blocks that are not what they say.
pub(crate) fn check(root: &Path) -> Vec<Problem> {
    let file = Path::new(README);
    let text = fs::read_to_string(root.join(file)).unwrap_or_default();
    let mut problems = Vec::new();
    let lines: Vec<_> = text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let Some(recorded) = recorded(root, line) else {
            continue;
        };
        let block = lines[index + 1..].iter();
        let block = block.skip_while(|line| !line.starts_with(FENCE)).skip(1);
        let block: Vec<_> = block
            .take_while(|line| !line.starts_with(FENCE))
            .copied()
            .collect();
        let problem = match recorded {
            Ok(recorded) if recorded == block.join("\n") => continue,
            Ok(recorded) => Problem::new(
                "the block below is not what is recorded",
                "it was recorded anew, or the block was edited",
                format!("put this there:\n{recorded}"),
            ),
            Err(problem) => problem,
        };
        problems.push(problem.at(file, index + 1));
    }
    problems
}

/// What is recorded of what a comment names. `None` where the line is no such comment.
fn recorded(root: &Path, line: &str) -> Option<Result<String, Problem>> {
    let comment = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
    let (kind, argument) = comment.split_once(": ")?;
    match kind {
        "screen" => Some(screen(root, argument, Columns::Usual)),
        "transcript" => Some(transcript(root, argument)),
        _ => None,
    }
}

fn transcript(root: &Path, argument: &str) -> Result<String, Problem> {
    let (exercise, parts) = excerpt::argument(argument)?;
    let mut transcript = wire::read(root, exercise)?;
    if let Some(parts) = parts {
        (transcript, _) = excerpt::select(&transcript, exercise, &parts)?;
    }
    let lines: Vec<_> = transcript.lines.iter().map(ToString::to_string).collect();
    Ok(lines.join("\n"))
}
