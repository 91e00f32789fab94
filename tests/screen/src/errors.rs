//! The compiler's errors, as many of them as fit.

use report::Verdict;

use crate::checked::Checked;
use crate::compiler::distinct;
use crate::paragraph::wrap;
use crate::style::Style;
use crate::view::View;
use crate::width::{escape, width};

/// The errors in an order to mend them in, each once: those of the exercise's own file first, each file's in the compiler's
/// order.
pub(crate) fn ordered(checked: &Checked) -> Vec<&str> {
    let Verdict::DoesNotBuild(errors) = &checked.report.verdict else {
        return Vec::new();
    };
    let own = errors.get(&checked.file).into_iter().flatten();
    let others = errors.iter().filter(|(file, _)| **file != checked.file);
    distinct(own.chain(others.flat_map(|(_, errors)| errors)))
}

/// The errors as the compiler prints them, a part each: the first whole, and as many more as fit into so many lines. Later ones
/// often come of the first, which must stay in sight. How many are left out is said below.
pub(crate) fn parts(checked: &Checked, view: &View, room: usize) -> Vec<Vec<String>> {
    let lines = |message: &str| -> Vec<String> { message.lines().map(escape).collect() };
    let all: Vec<_> = ordered(checked).into_iter().map(lines).collect();
    let room = if view.full { usize::MAX } else { room };
    for shown in (1..=all.len()).rev() {
        let mut parts = all[..shown].to_vec();
        parts.extend(left_out(checked, view, all.len() - shown));
        // An empty line stands between two parts.
        let needed = parts
            .iter()
            .map(|part| 1 + height(part, view))
            .sum::<usize>();
        if needed <= room.saturating_add(1) || shown == 1 {
            return parts;
        }
    }
    Vec::new()
}

/// How many lines of the terminal these take, which wraps what is too wide for it.
fn height(lines: &[String], view: &View) -> usize {
    let of_line = |line: &String| width(line).div_ceil(view.columns.max(1)).max(1);
    lines.iter().map(of_line).sum()
}

/// How many errors are left out, and how to see them.
fn left_out(checked: &Checked, view: &View, count: usize) -> Option<Vec<String>> {
    let errors = match count {
        0 => return None,
        1 => "1 more error".to_owned(),
        count => format!("{count} more errors"),
    };
    let text = format!("({errors}; `{}` shows all)", checked.full_command());
    let mut lines = Vec::new();
    wrap(&text, view.columns, "    ", "     ", &mut lines);
    let paint = |line: &String| view.styles.paint(Style::Dim, line);
    Some(lines.iter().map(paint).collect())
}
