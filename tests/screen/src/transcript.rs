//! The part of the transcripts that is shown.

use std::fmt::{Result, Write};
use std::ops::Range;

use report::{Row, Verdict};

use crate::anchor::anchor;
use crate::blocks::{blocks, depth, identifies};
use crate::checked::Checked;
use crate::collapse::{Item, collapsed, whole};
use crate::columns::Columns;
use crate::paragraph::wrap;
use crate::style::Style;
use crate::view::View;
use crate::window::window;

/// However little room there is, so many lines of the transcripts are shown: what was expected, what came, and where.
const MIN_LINES: usize = 6;

/// The lines of the transcripts, as many as fit into `room`, or all where the whole is asked for. None where nothing was
/// run, or nothing differs.
pub(crate) fn lines(checked: &Checked, view: &View, room: usize) -> Vec<String> {
    let room = match view.full {
        true => usize::MAX,
        false => room.max(MIN_LINES),
    };
    let rows = &checked.report.difference;
    // With nothing to compare it with, what is expected needs no second column.
    let nothing_came = rows.iter().all(|row| row.actual.is_none());
    let unfinished = matches!(checked.report.verdict, Verdict::Unfinished { .. });
    if unfinished || nothing_came && !rows.is_empty() {
        expected(checked, view, room, unfinished)
    } else if rows.is_empty() {
        Vec::new()
    } else {
        side_by_side(checked, view, room)
    }
}

/// Writes the whole transcript of a run that passed, in one column: nothing in it differs from what was expected.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn write_transcript(out: &mut impl Write, checked: &Checked, view: &View) -> Result {
    let view = &View {
        full: true,
        ..*view
    };
    let columns = Columns::new(view);
    let lines = checked.report.actual.iter();
    let lines = lines.flat_map(|line| columns.alone(line));
    for line in titled(&title("yours, as expected", checked), view)
        .into_iter()
        .chain(lines)
    {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// What is expected, from the beginning, in one column.
fn expected(checked: &Checked, view: &View, room: usize, unfinished: bool) -> Vec<String> {
    let columns = Columns::new(view);
    let title = match unfinished {
        true => "expected",
        false => "expected (nothing came from your program)",
    };
    let all = &checked.report.expected;
    let drawn: Vec<_> = all.iter().map(|line| columns.alone(line)).collect();
    let mut lines = titled(&self::title(title, checked), view);
    let room = room.saturating_sub(lines.len());
    let shown = fitting(&drawn, room, |left_out| {
        remarks(checked, view, left_out, 0, left_out)
    });
    lines.extend(drawn[..shown].iter().flatten().cloned());
    let left_out = drawn.len() - shown;
    lines.extend(remarks(checked, view, left_out, 0, left_out));
    lines
}

fn title(title: &str, checked: &Checked) -> String {
    let sorted = match has_sorted_calls(checked) {
        true => "; calls are sorted by their text",
        false => "",
    };
    format!("{title}{sorted}")
}

fn titled(title: &str, view: &View) -> Vec<String> {
    let mut lines = Vec::new();
    wrap(title, view.columns, "    ", "    ", &mut lines);
    let paint = |line: &String| view.styles.paint(Style::Strong, line);
    lines.iter().map(paint).collect()
}

/// Whether a reader must know that the first call need not be the first that was made.
fn has_sorted_calls(checked: &Checked) -> bool {
    let lines = checked.report.expected.iter();
    let calls = lines.filter(|line| line.depth == 0 && line.text.starts_with("call "));
    checked.report.calls_sorted && calls.count() > 1
}

/// How many of these can be shown above what is then said.
fn fitting(drawn: &[Vec<String>], room: usize, remarks: impl Fn(usize) -> Vec<String>) -> usize {
    let mut shown = drawn.len();
    loop {
        let lines: usize = drawn[..shown].iter().map(Vec::len).sum();
        let needed = lines.saturating_add(remarks(drawn.len() - shown).len());
        if needed <= room || shown <= 1 {
            return shown;
        }
        shown -= 1;
    }
}

/// The rows around the one that the report is about.
fn side_by_side(checked: &Checked, view: &View, room: usize) -> Vec<String> {
    let rows = &checked.report.difference;
    let blocks = blocks(rows);
    let anchor = anchor(&checked.report, &blocks);
    let items = match view.full {
        true => whole(rows),
        false => collapsed(rows, &blocks, anchor),
    };
    let heights: Vec<_> = drawn(checked, view, anchor, &items)
        .iter()
        .map(Vec::len)
        .collect();
    let at = items.iter().position(|item| *item == Item::Row(anchor));
    let at = at.unwrap_or(0);
    let head = Columns::new(view).head(has_sorted_calls(checked));
    let pinned = pinned(rows, &blocks, anchor, &items);
    // What is said below, and what is pinned, take lines from the window, which decides in turn what is said and pinned.
    let mut reserved = head.len();
    loop {
        let shown = window(&heights, at, room.saturating_sub(reserved));
        let above: Vec<_> = pinned
            .iter()
            .filter(|index| **index < shown.start)
            .collect();
        let above: Vec<_> = above.iter().map(|index| items[**index].clone()).collect();
        let before = count(&items[..shown.start]) - above.len();
        let after = count(&items[shown.end..]);
        let left_out = items
            .iter()
            .any(|item| matches!(item, Item::LeftOut { .. }));
        let hidden = before + after + usize::from(left_out);
        let below = remarks(checked, view, hidden, before, after);
        let above: Vec<_> = drawn(checked, view, anchor, &above)
            .into_iter()
            .flatten()
            .collect();
        let needed = head.len() + above.len() + below.len();
        if needed <= reserved || reserved >= room {
            let shown = drawn(checked, view, anchor, &items[shown]);
            let shown = shown.into_iter().flatten();
            return [head, above, shown.collect(), below].concat();
        }
        reserved = needed;
    }
}

/// The places of the items that stay in sight above the window: the head of the block that the report is about, and what
/// says which call it is.
fn pinned(rows: &[Row], blocks: &[Range<usize>], anchor: usize, items: &[Item]) -> Vec<usize> {
    let Some(block) = blocks.iter().find(|block| block.contains(&anchor)) else {
        return Vec::new();
    };
    let identity = block.clone().find(|index| identifies(&rows[*index]));
    let wanted = [
        Some(block.start),
        identity.filter(|index| *index != block.start),
    ];
    let place = |index: usize| items.iter().position(|item| *item == Item::Row(index));
    wanted.into_iter().flatten().filter_map(place).collect()
}

fn count(items: &[Item]) -> usize {
    items.iter().map(Item::rows).sum()
}

/// The lines of each item.
fn drawn(checked: &Checked, view: &View, anchor: usize, items: &[Item]) -> Vec<Vec<String>> {
    let rows = &checked.report.difference;
    let columns = Columns::new(view);
    let mut before = None;
    let mut draw = |item: &Item| match item {
        Item::LeftOut { why, .. } => {
            before = None;
            parenthesis(why, view)
        }
        Item::Row(index) => {
            let row = &rows[*index];
            let lacks = (row.expected.is_none(), row.actual.is_none());
            // The head of a call that one side lacks says so itself.
            let head = rows[..=*index].iter().rfind(|row| depth(row) == 0);
            let is_said = head.is_some_and(|head| {
                lacks != (false, false) && lacks == (head.expected.is_none(), head.actual.is_none())
            });
            let is_head = depth(row) == 0;
            let says_nothing = !row.same && before != Some(lacks) && (is_head || !is_said);
            before = Some(lacks);
            let is_whole = *index == anchor || is_alone(rows, *index);
            columns.row(row, says_nothing, is_whole)
        }
    };
    items.iter().map(&mut draw).collect()
}

/// Whether few rows beside this one lack the same side: then it is not one of many that say little each.
fn is_alone(rows: &[Row], index: usize) -> bool {
    let lacks = |row: &Row| (row.expected.is_none(), row.actual.is_none());
    let is_like = |row: &&Row| lacks(row) == lacks(&rows[index]);
    let above = rows[..index].iter().rev().take_while(is_like).count();
    let below = rows[index + 1..].iter().take_while(is_like).count();
    above + below <= 1
}

fn parenthesis(text: &str, view: &View) -> Vec<String> {
    let mut lines = Vec::new();
    wrap(
        &format!("({text})"),
        view.columns,
        "    ",
        "     ",
        &mut lines,
    );
    let paint = |line: &String| view.styles.paint(Style::Dim, line);
    lines.iter().map(paint).collect()
}

/// What is said below the rows: how much is left out, and how to see all.
fn remarks(
    checked: &Checked,
    view: &View,
    hidden: usize,
    before: usize,
    after: usize,
) -> Vec<String> {
    let mut parts = Vec::new();
    match (before, after) {
        (0, 0) => {}
        (0, after) => parts.push(format!("{after} more {}", rows(after))),
        (before, 0) => parts.push(format!("{before} {} above", rows(before))),
        (before, after) => parts.push(format!("{before} {} above, {after} below", rows(before))),
    }
    if hidden > 0 {
        parts.push(format!("`{}` shows all", checked.full_command()));
    }
    match parts.is_empty() {
        true => Vec::new(),
        false => parenthesis(&parts.join("; "), view),
    }
}

fn rows(count: usize) -> &'static str {
    match count {
        1 => "row",
        _ => "rows",
    }
}
