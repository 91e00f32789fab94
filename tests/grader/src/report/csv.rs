//! The grades as comma-separated values, for spreadsheets and learning platforms: one line for each submission.
//!
//! | column | what |
//! |---|---|
//! | `submission` | the submission's name |
//! | one for each lesson, by its name | the points gained in it |
//! | `points` | the sum of these |
//! | `max_points` | the points that the whole course is worth |
//! | `isolation` | what protected the results from the submissions: `none` |
//!
//! A submission that the tool could not grade has empty cells: no points would be a grade.

use anyhow::{Context, Result};

use crate::class::{Class, Row};
use crate::result::Submission;

/// The table as CSV, with a header line. Lines end with a line feed.
///
/// # Errors
///
/// Never in practice: it writes to memory, and every row has a cell for each column.
pub fn text(class: &Class) -> Result<String> {
    let columns = columns(class);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns.iter().map(|column| &column.header))?;
    for row in &class.rows {
        writer.write_record(columns.iter().map(|column| (column.cell)(row)))?;
    }
    let bytes = writer.into_inner().context("write the grades as CSV")?;
    String::from_utf8(bytes).context("write the grades as CSV")
}

/// A column: what stands above it, and what a row has in it.
struct Column<'a> {
    header: String,
    cell: Box<dyn Fn(&Row) -> String + 'a>,
}

/// The columns, from left to right. This list is the format: there is no other place that knows them.
fn columns(class: &Class) -> Vec<Column<'_>> {
    let column = |header: &str, cell: Box<dyn Fn(&Row) -> String>| Column {
        header: literal(header),
        cell,
    };
    let mut columns = vec![column("submission", Box::new(|row| literal(&row.id)))];
    for lesson in &class.lessons {
        let name = lesson.name.clone();
        let cell = move |row: &Row| graded(row, |result| result.points_of(&name));
        columns.push(column(&lesson.name, Box::new(cell)));
    }
    let max_points = class.max_points();
    columns.push(column(
        "points",
        Box::new(|row| graded(row, |result| result.points)),
    ));
    columns.push(column(
        "max_points",
        Box::new(move |_| max_points.to_string()),
    ));
    let isolation = class.isolation;
    columns.push(column(
        "isolation",
        Box::new(move |_| isolation.to_string()),
    ));
    columns
}

/// A figure of a row's result, or an empty cell where there is none.
fn graded(row: &Row, figure: impl Fn(&Submission) -> u32) -> String {
    row.result()
        .map(|result| figure(result).to_string())
        .unwrap_or_default()
}

/// A text that a spreadsheet shows and does not calculate: one that looks like a formula is marked as text.
fn literal(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}
