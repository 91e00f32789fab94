//! What a program printed.

use std::collections::VecDeque;
use std::fmt;

/// How many bytes are kept of the beginning, and as many of the end, of what a program prints.
const KEPT_BYTES: usize = 32 << 10;

/// The longest line that is shown whole, in bytes.
const MAX_LINE_BYTES: usize = 1_000;

/// What a program printed on standard output and standard error, in one order. Of long output the beginning and the end
/// are kept: the beginning says what the program was doing, and the end why it stopped.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    /// How many line ends there were between the two.
    lost_lines: usize,
}

impl Printed {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let (head, rest) = bytes.split_at(bytes.len().min(KEPT_BYTES - self.head.len()));
        self.head.extend(head);
        self.tail.extend(rest);
        let excess = self.tail.len().saturating_sub(KEPT_BYTES);
        self.lost_lines += self
            .tail
            .drain(..excess)
            .filter(|byte| *byte == b'\n')
            .count();
    }

    /// The first lines, how many are left out after them, and the last lines: at most `most` lines in all. A long line is
    /// cut.
    pub fn lines(&self, most: usize) -> (Vec<String>, usize, Vec<String>) {
        let text = |bytes: &[u8]| -> Vec<String> {
            let text = String::from_utf8_lossy(bytes);
            text.lines().map(cut).collect()
        };
        let tail: Vec<u8> = self.tail.iter().copied().collect();
        let (mut head, mut tail, mut left_out) = match self.lost_lines {
            0 => (text(&[&self.head[..], &tail].concat()), Vec::new(), 0),
            lost => (text(&self.head), text(&tail), lost),
        };
        if head.len() + tail.len() > most {
            let first = most / 2;
            let all: Vec<_> = head.into_iter().chain(tail).collect();
            let last = all.len() - (most - first);
            left_out += last - first;
            head = all[..first].to_vec();
            tail = all[last..].to_vec();
        }
        (head, left_out, tail)
    }
}

impl fmt::Display for Printed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, left_out, tail) = self.lines(usize::MAX);
        for line in head {
            writeln!(out, "{line}")?;
        }
        if left_out > 0 {
            writeln!(out, "... {left_out} lines left out ...")?;
        }
        tail.iter().try_for_each(|line| writeln!(out, "{line}"))
    }
}

/// The line, or its beginning and how much follows. It is shown and not compared, so what follows need not be told apart.
fn cut(line: &str) -> String {
    let head = &line[..line.floor_char_boundary(MAX_LINE_BYTES)];
    match line.len() - head.len() {
        0 => line.to_owned(),
        left_out => format!("{head}... {left_out} bytes left out"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_output_keeps_head_and_tail_and_counts_the_rest() {
        let mut printed = Printed::default();
        for line in 0..200_000 {
            printed.push(format!("line {line}\n").as_bytes());
        }
        let (head, left_out, tail) = printed.lines(20);
        assert_eq!((head.len(), tail.len()), (10, 10));
        assert_eq!(head[0], "line 0");
        assert_eq!(tail[9], "line 199999");
        // Where the middle begins, a line may be cut in two, and then each half counts as a line.
        assert!((199_979..=199_981).contains(&left_out), "{left_out}");
        assert!(printed.to_string().len() < 3 * KEPT_BYTES);
    }

    #[test]
    fn line_without_an_end_is_cut() {
        let mut printed = Printed::default();
        printed.push(&[b'x'; 1_500]);
        let (head, ..) = printed.lines(20);
        assert_eq!(
            head[0].len(),
            MAX_LINE_BYTES + "... 500 bytes left out".len()
        );
        assert!(head[0].ends_with("x... 500 bytes left out"));
    }

    #[test]
    fn short_output_is_shown_whole() {
        let mut printed = Printed::default();
        for line in 0..20 {
            printed.push(format!("{line}\n").as_bytes());
        }
        let (head, left_out, tail) = printed.lines(20);
        assert_eq!((head.len(), left_out, tail.len()), (20, 0, 0));
        let (head, left_out, tail) = printed.lines(4);
        assert_eq!(
            (head, left_out, tail),
            (
                vec!["0".into(), "1".into()],
                16,
                vec!["18".into(), "19".into()]
            )
        );
    }
}
