//! A tail that is longer than the terminal, made shorter: its first line is the verdict, which must stay in sight.

use crate::view::View;
use crate::width::width;

/// A line of the terminal that the shell writes its prompt on.
const PROMPT_LINES: usize = 1;

/// What may be cut, in this order, and how many of its lines are left. The task is on the exercise's page too. What was seen,
/// the file and the commands are never cut.
const CUTS: [(&str, usize); 4] = [("task", 2), ("likely", 3), ("given", 2), ("why", 4)];

/// What stands behind a text that was cut, and where there is no room for that.
const MARKS: [&str; 2] = [" .. (`--full` shows all)", " .."];

/// A part of the tail.
pub(crate) struct Part {
    /// What stands in front of it. Empty for the verdict.
    pub(crate) label: &'static str,
    pub(crate) lines: Vec<String>,
}

/// How many lines are left of the task where it has been read, at most.
const TASK_LINES: usize = 2;

/// Cuts a task that has been read. Nothing where the whole is asked for.
pub(crate) fn shorten_task(parts: &mut [Part], view: &View) {
    let task = parts.iter_mut().find(|part| part.label == "task");
    if let Some(task) = task.filter(|_| !view.full) {
        cut(&mut task.lines, TASK_LINES, view.text_columns());
    }
}

/// Cuts what may be cut until the parts fit the terminal, or nothing more may be. Nothing where the whole is asked for.
pub(crate) fn shorten(parts: &mut [Part], view: &View) {
    if view.full {
        return;
    }
    let room = view.rows.saturating_sub(PROMPT_LINES);
    for (label, least) in CUTS {
        // The last of several: the first says most.
        for index in (0..parts.len()).rev() {
            let all: usize = parts.iter().map(|part| part.lines.len()).sum();
            let over = all.saturating_sub(room);
            let lines = &mut parts[index].lines;
            let kept = lines.len().saturating_sub(over).max(least);
            if over > 0 && parts[index].label == label {
                cut(&mut parts[index].lines, kept, view.text_columns());
            }
        }
    }
}

/// Keeps so many lines, and says behind the last that there are more.
fn cut(lines: &mut Vec<String>, kept: usize, columns: usize) {
    if kept >= lines.len() {
        return;
    }
    lines.truncate(kept);
    let Some(last) = lines.last_mut() else { return };
    let indent = last.len() - last.trim_start().len();
    let fits = |mark: &&&str| indent + width(mark) <= columns;
    let mark = MARKS.iter().find(fits).unwrap_or(&MARKS[1]);
    while width(last) + width(mark) > columns && last.len() > indent {
        let end = last
            .trim_end()
            .rfind(' ')
            .map_or(indent, |at| at.max(indent));
        last.truncate(end);
    }
    let text = format!("{}{mark}", last.trim_end());
    *last = match last.trim().is_empty() {
        true => format!("{:indent$}{}", "", mark.trim_start()),
        false => text,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(label: &'static str, count: usize) -> Part {
        let lines = (0..count).map(|index| format!("          {label} {index} and more words"));
        Part {
            label,
            lines: lines.collect(),
        }
    }

    fn lengths(parts: &[Part]) -> Vec<usize> {
        parts.iter().map(|part| part.lines.len()).collect()
    }

    fn view(rows: usize) -> View {
        View { rows, ..View::PIPE }
    }

    #[test]
    fn the_task_is_cut_first_and_no_more_than_is_needed() {
        let mut parts = [
            part("", 1),
            part("seen", 3),
            part("likely", 5),
            part("task", 6),
        ];
        shorten(&mut parts, &view(15));
        assert_eq!(lengths(&parts), [1, 3, 5, 5]);
        let last = parts[3].lines.last().map(String::as_str);
        assert_eq!(
            last,
            Some("          task 4 and more words .. (`--full` shows all)")
        );
        shorten(&mut parts, &view(10));
        assert_eq!(lengths(&parts), [1, 3, 3, 2]);
    }

    #[test]
    fn of_a_task_that_has_been_read_the_beginning_is_left_unless_the_whole_is_asked_for() {
        let mut parts = [part("", 1), part("task", 7), part("read", 1)];
        shorten_task(&mut parts, &view(50));
        assert_eq!(lengths(&parts), [1, 2, 1]);
        let last = parts[1].lines.last().map(String::as_str);
        assert_eq!(
            last,
            Some("          task 1 and more words .. (`--full` shows all)")
        );
        let mut parts = [part("", 1), part("task", 7)];
        let full = View {
            full: true,
            ..view(50)
        };
        shorten_task(&mut parts, &full);
        assert_eq!(lengths(&parts), [1, 7]);
        let mut short = [part("", 1), part("task", 2)];
        shorten_task(&mut short, &view(50));
        assert!(short[1].lines.iter().all(|line| !line.contains("--full")));
    }

    #[test]
    fn what_was_seen_is_never_cut_and_the_whole_may_be_asked_for() {
        let mut parts = [
            part("", 1),
            part("seen", 9),
            part("edit", 1),
            part("next", 2),
        ];
        shorten(&mut parts, &view(4));
        assert_eq!(lengths(&parts), [1, 9, 1, 2]);
        let mut parts = [part("", 1), part("task", 9)];
        let full = View {
            full: true,
            ..view(4)
        };
        shorten(&mut parts, &full);
        assert_eq!(lengths(&parts), [1, 9]);
    }

    #[test]
    fn a_cut_line_has_the_mark_and_no_more_than_its_width() {
        let mut lines = vec![
            "          one two three four".to_owned(),
            "          five".to_owned(),
        ];
        cut(&mut lines, 1, 38);
        assert_eq!(lines, ["          one .. (`--full` shows all)"]);
        let mut lines = vec![
            "          one two three four".to_owned(),
            "          five".to_owned(),
        ];
        cut(&mut lines, 1, 20);
        assert_eq!(lines, ["          one two .."]);
    }
}
