//! Blocks of commands in a chapter: those of the course are shown without output.
//!
//! Output that is typed below a command of the course is soon not what it prints. A page shows it by a directive, which
//! takes it from a recorded screen. Other programs, such as git, do not change with the course.

use std::path::Path;

use crate::problem::Problem;

const LANGUAGE: &str = "```console";
const FENCE: &str = "```";
const PROMPT: &str = "$ ";
/// What a reader types to end a program of their own that runs. What it prints then is no output of the course.
const INTERRUPT: &str = "^C";
/// How every command of the course begins.
const COURSE: &str = "$ cargo xtask ";

/// The typed output in this chapter, with its lines from 1.
pub(crate) fn typed_output(text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut block = None;
    for (number, line) in (1..).zip(text.lines()) {
        if line.starts_with(FENCE) {
            let begins = block.is_none() && line.starts_with(LANGUAGE);
            block = begins.then_some(Block {
                guarded: true,
                continued: false,
            });
        } else if let Some(block) = &mut block {
            block.guarded &= !line.starts_with(INTERRUPT);
            let is_output = !block.continued && !line.is_empty() && !line.starts_with(PROMPT);
            if line.starts_with(PROMPT) {
                block.guarded = line.starts_with(COURSE);
            } else if is_output && block.guarded {
                let problem = Problem::new(
                    "a console block has output of the course that is typed",
                    "nothing compares it with what is printed",
                    "show what a check prints with {{#screen EXERCISE NAME}}, and leave the output out here",
                );
                problems.push(problem.at(Path::new(""), number));
                block.guarded = false;
            }
            block.continued = line.ends_with('\\');
        }
    }
    problems
}

/// A console block that is being read.
struct Block {
    /// Whether output may not follow: the last command is the course's, or there is none.
    guarded: bool,
    /// Whether the next line still belongs to the command.
    continued: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_found_and_commands_are_not() {
        let lines =
            |text: &str| -> Vec<_> { typed_output(text).iter().map(|it| it.line).collect() };
        assert_eq!(
            lines(
                "```console\n$ cargo xtask check \\\n  --full\n\n$ ls\na.txt\n```\n\n```text\nout\n```\n\n```console\n^Cstopping\nstopped\n```\n"
            ),
            [0; 0]
        );
        assert_eq!(
            lines(
                "a\n\n```console\n$ cargo xtask check\nunary.1\npassed\n```\n\n```console\nout\n```\n"
            ),
            [5, 10]
        );
    }
}
