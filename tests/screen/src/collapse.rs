//! A difference with what is equal, and what says nothing new, left out.

use std::ops::Range;

use report::Row;

use crate::blocks::{Kind, depth, equal, identifies};

/// Fewer rows than this are not worth a line that says that they are left out.
const MIN_LEFT_OUT: usize = 3;

/// Of rows that only one side has, how many are shown.
const SHOWN_OF_ONE_SIDE: usize = 4;

/// A part of what is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// A row, by its place.
    Row(usize),
    /// So many rows are left out, and why.
    LeftOut { rows: usize, why: String },
}

impl Item {
    /// How many rows it stands for.
    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Row(_) => 1,
            Self::LeftOut { rows, .. } => *rows,
        }
    }
}

/// All rows, one by one.
pub(crate) fn whole(rows: &[Row]) -> Vec<Item> {
    (0..rows.len()).map(Item::Row).collect()
}

/// What is left of the rows: those that differ, and what says where they stand. Rows in a block of which one side has
/// nothing are left out, but for those that say which call it is, unless it is the block of the `anchor`.
pub(crate) fn collapsed(rows: &[Row], blocks: &[Range<usize>], anchor: usize) -> Vec<Item> {
    let mut items = Vec::new();
    let mut equal_blocks: Vec<Range<usize>> = Vec::new();
    for block in blocks {
        if rows[block.clone()].iter().all(|row| row.same) {
            equal_blocks.push(block.clone());
            continue;
        }
        leave_out_equal(rows, &mut equal_blocks, &mut items);
        items.extend(within(rows, block.clone(), anchor));
    }
    leave_out_equal(rows, &mut equal_blocks, &mut items);
    items
}

fn leave_out_equal(rows: &[Row], blocks: &mut Vec<Range<usize>>, items: &mut Vec<Item>) {
    let Some(first) = blocks.first() else { return };
    let all = first.start..blocks.last().map_or(first.end, |last| last.end);
    match all.len() {
        1 => items.push(Item::Row(first.start)),
        count => {
            let kinds: Vec<_> = blocks
                .iter()
                .map(|block| Kind::of(&rows[block.start]))
                .collect();
            items.push(Item::LeftOut {
                rows: count,
                why: equal(&kinds),
            });
        }
    }
    blocks.clear();
}

/// The items of a block in which some rows differ.
fn within(rows: &[Row], block: Range<usize>, anchor: usize) -> Vec<Item> {
    let kept = kept(rows, block.clone(), anchor);
    let mut items = Vec::new();
    let mut at = block.start;
    while at < block.end {
        if kept[at - block.start] {
            items.push(Item::Row(at));
            at += 1;
            continue;
        }
        // Rows of the same kind, up to the next that is kept.
        let why = why_left_out(&rows[at]);
        let end = (at..block.end)
            .find(|index| kept[index - block.start] || why_left_out(&rows[*index]) != why)
            .unwrap_or(block.end);
        match end - at {
            count if count < MIN_LEFT_OUT => items.extend((at..end).map(Item::Row)),
            rows => items.push(Item::LeftOut {
                rows,
                why: format!("{rows} {why}"),
            }),
        }
        at = end;
    }
    items
}

fn why_left_out(row: &Row) -> &'static str {
    match row {
        Row { actual: None, .. } => "more rows that yours lacks",
        Row { expected: None, .. } => "more rows that only yours has",
        _ => "equal rows",
    }
}

/// Which rows of a block are shown, by their places in it.
fn kept(rows: &[Row], block: Range<usize>, anchor: usize) -> Vec<bool> {
    let of_block = &rows[block.clone()];
    let mut kept = vec![false; of_block.len()];
    kept[0] = true;
    if let Some(index) = of_block.iter().position(identifies) {
        kept[index] = true;
    }
    let has_anchor = block.contains(&anchor);
    let one_sided = |row: &Row| (row.expected.is_none(), row.actual.is_none());
    let alone = of_block
        .iter()
        .all(|row| one_sided(row) == one_sided(&of_block[0]) && one_sided(row) != (false, false));
    if alone && !has_anchor {
        return kept;
    }
    // How many rows in front lack the same side.
    let mut run = 0;
    for (index, row) in of_block.iter().enumerate() {
        let lacks_a_side = one_sided(row) != (false, false);
        let goes_on = index > 0 && one_sided(row) == one_sided(&of_block[index - 1]);
        run = if lacks_a_side && goes_on { run + 1 } else { 0 };
        let near_anchor =
            (anchor..=anchor + SHOWN_OF_ONE_SIDE).contains(&(block.start + index)) && has_anchor;
        if !row.same && (run < SHOWN_OF_ONE_SIDE || near_anchor) {
            kept[index] = true;
            keep_parents(of_block, index, &mut kept);
        }
    }
    kept
}

/// Keeps the rows that a row belongs to: the message of a field, the call of a message.
fn keep_parents(rows: &[Row], index: usize, kept: &mut [bool]) {
    let mut within = depth(&rows[index]);
    for parent in (0..index).rev() {
        if depth(&rows[parent]) < within {
            within = depth(&rows[parent]);
            kept[parent] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::blocks;
    use crate::testing::{both, differs, expected};

    fn items(rows: &[Row], anchor: usize) -> Vec<String> {
        let items = collapsed(rows, &blocks(rows), anchor);
        let count: usize = items.iter().map(Item::rows).sum();
        assert_eq!(count, rows.len(), "every row is counted once");
        let text = |item| match item {
            Item::Row(index) => index.to_string(),
            Item::LeftOut { why, .. } => why,
        };
        items.into_iter().map(text).collect()
    }

    #[test]
    fn equal_calls_are_one_line() {
        let mut rows = Vec::new();
        for call in 1..=4 {
            rows.push(both(0, &format!("call {call}  a > b  /x")));
            rows.push(both(1, "-> half-close"));
        }
        rows.push(expected(0, "call 5  a > b  /x"));
        rows.push(both(0, "connections"));
        rows.push(both(1, "a > b: 1"));
        assert_eq!(items(&rows, 8), ["4 calls equal", "8", "connections equal"]);
    }

    #[test]
    fn a_field_that_differs_keeps_its_message_and_its_call() {
        let rows = [
            both(0, "call 1  a > b  /x"),
            both(1, "-> Request"),
            both(2, "a: 1"),
            both(2, "document_id: \"doc-1\""),
            both(2, "b: 1"),
            both(2, "c: 1"),
            both(2, "d: 1"),
            both(1, "<- Response"),
            both(2, "a: 1"),
            differs(2, "b: 1", "b: 2"),
            both(1, "<- OK"),
        ];
        assert_eq!(
            items(&rows, 9),
            ["0", "1", "2", "3", "3 equal rows", "7", "8", "9", "10"]
        );
    }

    #[test]
    fn what_one_side_lacks_is_shown_in_part() {
        let mut rows = vec![both(0, "call 1  a > b  /x")];
        rows.extend((0..10).map(|row| expected(1, &format!("row {row}"))));
        assert_eq!(
            items(&rows, 0),
            ["0", "1", "2", "3", "4", "6 more rows that yours lacks"]
        );
        // The row that the report is about is shown wherever it is.
        assert_eq!(
            items(&rows, 8),
            [
                "0",
                "1",
                "2",
                "3",
                "4",
                "3 more rows that yours lacks",
                "8",
                "9",
                "10"
            ]
        );
    }

    #[test]
    fn of_a_call_that_is_missing_it_is_said_which() {
        let mut rows = vec![differs(0, "reported", "other")];
        rows.push(expected(0, "call 1  a > b  /x"));
        rows.push(expected(1, "-> Request"));
        rows.push(expected(2, "document_id: \"doc-1\""));
        rows.extend((0..5).map(|_| expected(1, "more")));
        assert_eq!(
            items(&rows, 0),
            ["0", "1", "2", "3", "5 more rows that yours lacks"]
        );
        assert_eq!(items(&rows, 1).len(), 7);
    }
}
