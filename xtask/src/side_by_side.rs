//! Two transcripts beside each other.

use report::{Line, Row};

use crate::style::{BAD, DIM, GOOD, PLAIN, STRONG, paint};

/// The narrowest pair of columns that can be read.
const MIN_WIDTH: usize = 60;

/// How many rows before the first difference are shown.
const ROWS_BEFORE_DIFFERENCE: usize = 3;

/// How many rows from the first difference on are shown.
const ROWS_FROM_DIFFERENCE: usize = 12;

/// Up to this many remaining rows are shown too: the line that says they are left out takes a row itself.
const MAX_REMAINING_ROWS_SHOWN: usize = 2;

/// Prints the rows around the first difference, or all of them. `more` is the command that shows all.
pub(crate) fn print(rows: &[Row], width: usize, all: bool, more: &str) {
    let first = rows.iter().position(|row| !row.same).unwrap_or(0);
    let mut range = match all {
        true => 0..rows.len(),
        false => {
            first.saturating_sub(ROWS_BEFORE_DIFFERENCE)
                ..rows.len().min(first + ROWS_FROM_DIFFERENCE)
        }
    };
    if range.start <= MAX_REMAINING_ROWS_SHOWN {
        range.start = 0;
    }
    if rows.len() - range.end <= MAX_REMAINING_ROWS_SHOWN {
        range.end = rows.len();
    }
    let left_out = |count: usize| {
        if count > 0 {
            let text = format!("({count} more rows: {more})");
            println!("  {}", paint(&DIM, &text));
        }
    };
    left_out(range.start);
    let column = (width.max(MIN_WIDTH) - 7) / 2;
    println!(
        "    {} \u{2502} {}",
        paint(&STRONG, &pad("expected", column)),
        paint(&STRONG, "yours")
    );
    let mut before = None;
    for row in &rows[range.clone()] {
        // Of a run of rows that one side lacks, only the first says so.
        let missing = (row.expected.is_none(), row.actual.is_none());
        let nothing = if row.same || before == Some(missing) {
            ""
        } else {
            "(nothing)"
        };
        before = Some(missing);
        print_row(row, column, nothing);
    }
    left_out(rows.len() - range.end);
}

fn print_row(row: &Row, column: usize, nothing: &str) {
    let cells = [
        cell(row.expected.as_ref(), column, nothing),
        cell(row.actual.as_ref(), column, nothing),
    ];
    let mark = if row.same { " " } else { "\u{2260}" };
    let styles = match &row {
        row if !row.same => [GOOD, BAD],
        Row {
            expected: Some(line),
            ..
        }
        | Row {
            actual: Some(line), ..
        } if !line.compared => [DIM, DIM],
        _ => [PLAIN, PLAIN],
    };
    for index in 0..cells[0].len().max(cells[1].len()) {
        let part = |side: usize| cells[side].get(index).map_or("", String::as_str);
        let mark = if index == 0 { mark } else { " " };
        println!(
            "  {mark} {} \u{2502} {}",
            paint(&styles[0], &pad(part(0), column)),
            paint(&styles[1], part(1)).trim_end()
        );
    }
}

/// A line in pieces of a column's width, further pieces indented.
fn cell(line: Option<&Line>, column: usize, nothing: &str) -> Vec<String> {
    let Some(line) = line else {
        return vec![nothing.to_owned()];
    };
    let indent = (line.depth * 2).min(column / 3);
    let mark = if line.compared { "" } else { "~ " };
    let mut pieces = Vec::new();
    let mut piece = format!("{:indent$}{mark}", "");
    let mut empty = true;
    for word in line.text.split(' ') {
        let mut word = word.to_owned();
        loop {
            let space = usize::from(!empty);
            let room = column.saturating_sub(piece.chars().count() + space);
            if word.chars().count() <= room {
                if !empty {
                    piece.push(' ');
                }
                piece.push_str(&word);
                empty = false;
                break;
            }
            if empty {
                // One word wider than the column is cut, a path after one of its slashes.
                let end = word
                    .char_indices()
                    .nth(room.max(1))
                    .map_or(word.len(), |(at, _)| at);
                let slash = word[..end].rfind('/').filter(|at| *at > 0);
                let cut = slash.map_or(end, |at| at + 1);
                let rest = word.split_off(cut);
                piece.push_str(&word);
                word = rest;
            }
            pieces.push(std::mem::replace(
                &mut piece,
                format!("{:1$}", "", indent + 4),
            ));
            empty = true;
        }
    }
    pieces.push(piece);
    pieces
}

fn pad(text: &str, column: usize) -> String {
    format!("{text:column$}")
}

/// How wide the terminal is, or 100 where there is none.
pub(crate) fn width() -> usize {
    let size = console::Term::stdout().size_checked();
    size.map_or(100, |(_, columns)| usize::from(columns).min(160))
}
