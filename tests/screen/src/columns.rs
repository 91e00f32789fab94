//! Rows as lines: side by side, or one below the other.

use report::{Line, Row};

use crate::blocks::depth;
use crate::paragraph::wrap;
use crate::style::Style;
use crate::view::View;
use crate::width::{cut_at, escape, pad, width};

/// What stands between two columns, and before the first.
const MARGINS: usize = 7;

/// How far the lines of one column are indented: a mark and two spaces.
const MARK_COLUMNS: usize = 4;

/// How a row is drawn.
#[derive(Clone, Copy)]
pub(crate) struct Columns<'a> {
    view: &'a View,
}

impl<'a> Columns<'a> {
    pub(crate) fn new(view: &'a View) -> Self {
        Self { view }
    }

    /// The width of one of two columns.
    fn column(self) -> usize {
        (self.view.columns - MARGINS) / 2
    }

    /// What stands above the rows. `sorted`: it says that the calls are sorted, in as many words as there is room for.
    pub(crate) fn head(self, sorted: bool) -> Vec<String> {
        let strong = |text: &str| self.view.styles.paint(Style::Strong, text);
        let (title, room) = match self.view.has_two_columns() {
            true => ("expected", self.column()),
            false => ("- expected  + yours", self.view.columns - 2),
        };
        let remarks = [" (calls sorted by their text)", " (sorted by text)"];
        let titles = remarks.iter().map(|remark| format!("{title}{remark}"));
        let title = titles
            .into_iter()
            .find(|title| sorted && width(title) <= room);
        let title = title.unwrap_or_else(|| match self.view.has_two_columns() {
            true => "expected".to_owned(),
            false => "- expected  + yours".to_owned(),
        });
        match self.view.has_two_columns() {
            true => vec![format!(
                "    {} \u{2502} {}",
                strong(&pad(&title, self.column())),
                strong("yours")
            )],
            false => vec![format!("  {}", strong(&title))],
        }
    }

    /// The lines of a row. Of rows that one side lacks, one after the other, only the first says so: `says_nothing`. Of a row
    /// that differs all is shown, of an equal one the beginning, and of one that a side lacks what `is_whole` says.
    pub(crate) fn row(self, row: &Row, says_nothing: bool, is_whole: bool) -> Vec<String> {
        let outermost = depth(row) == 0;
        match (&row.expected, &row.actual) {
            _ if !self.view.has_two_columns() => self.below_each_other(row),
            // What is the same needs the screen once.
            (Some(line), Some(yours)) if row.same && outermost => {
                let behind = numbered_otherwise(line, yours);
                let fits = width(&line.text) + width(&behind) + MARK_COLUMNS <= self.view.columns;
                let line = if fits { line.clone() } else { shorter(line) };
                self.across(&line, " ", &behind, Style::Strong)
            }
            (Some(line), None) if outermost && !self.fits(line) => {
                self.across(&shorter(line), mark(row), "  (not in yours)", Style::Good)
            }
            (None, Some(line)) if outermost && !self.fits(line) => {
                self.across(&shorter(line), mark(row), "  (only in yours)", Style::Bad)
            }
            _ => self.side_by_side(row, says_nothing, is_whole),
        }
    }

    /// A line of a transcript of which there is only one, over the whole width. Of a long one the beginning is enough.
    pub(crate) fn alone(self, line: &Line) -> Vec<String> {
        let style = match line {
            line if !line.compared => Style::Dim,
            line if line.depth == 0 => Style::Strong,
            _ => Style::Plain,
        };
        if self.view.full {
            return self.across(line, " ", "", style);
        }
        if line.depth == 0 {
            let fits = width(&line.text) + MARK_COLUMNS <= self.view.columns;
            let line = if fits { line.clone() } else { shorter(line) };
            return self.across(&line, " ", "", style);
        }
        let text = beginning(line, self.view.columns - MARK_COLUMNS);
        vec![format!("    {}", self.view.styles.paint(style, &text))]
    }

    fn fits(self, line: &Line) -> bool {
        width(&line.text) <= self.column()
    }

    fn across(self, line: &Line, mark: &str, behind: &str, style: Style) -> Vec<String> {
        let pieces = cell(line, behind, self.view.columns - MARK_COLUMNS);
        let paint = |piece: &String| self.view.styles.paint(style, piece);
        let lines = pieces.iter().enumerate();
        lines
            .map(|(index, piece)| {
                let mark = if index == 0 { mark } else { " " };
                format!("  {mark} {}", paint(piece))
            })
            .collect()
    }

    fn side_by_side(self, row: &Row, says_nothing: bool, is_whole: bool) -> Vec<String> {
        let column = self.column();
        let has_both = row.expected.is_some() && row.actual.is_some();
        // What is equal only says where the rest stands, and what is missing is one of several rows.
        let is_missing = !has_both && depth(row) > 0 && !is_whole;
        let is_cut = !self.view.full && (row.same || is_missing);
        let pieces = |line: &Option<Line>| match line {
            Some(line) if is_cut => vec![beginning(line, column)],
            Some(line) => cell(line, "", column),
            None if says_nothing => vec!["(nothing)".to_owned()],
            None => Vec::new(),
        };
        let cells = [pieces(&row.expected), pieces(&row.actual)];
        let only_shown = [&row.expected, &row.actual]
            .into_iter()
            .flatten()
            .all(|line| !line.compared);
        let styles = match row.same {
            false => [Style::Good, Style::Bad],
            true if only_shown => [Style::Dim; 2],
            true => [Style::Plain; 2],
        };
        let paint = |side: usize, text: &str| self.view.styles.paint(styles[side], text);
        let count = cells[0].len().max(cells[1].len());
        let line = |index: usize| {
            let part = |side: usize| cells[side].get(index).map_or("", String::as_str);
            let mark = if index == 0 { mark(row) } else { " " };
            let left = paint(0, &pad(part(0), column));
            let line = format!("  {mark} {left} \u{2502} {}", paint(1, part(1)));
            line.trim_end().to_owned()
        };
        (0..count).map(line).collect()
    }

    fn below_each_other(self, row: &Row) -> Vec<String> {
        let mut lines = Vec::new();
        match (row.same, &row.expected, &row.actual) {
            (true, Some(line), _) | (true, None, Some(line)) => lines.extend(self.alone(line)),
            (false, expected, actual) => {
                for (line, mark, style) in [(expected, "-", Style::Good), (actual, "+", Style::Bad)]
                {
                    if let Some(line) = line {
                        lines.extend(self.across(line, mark, "", style));
                    }
                }
            }
            (true, None, None) => {}
        }
        lines
    }
}

/// How the call is numbered that is the same as the expected one but for its number, which does not count.
fn numbered_otherwise(expected: &Line, yours: &Line) -> String {
    let number = |line: &Line| line.text.split("  ").next().unwrap_or_default().to_owned();
    match number(expected) == number(yours) {
        true => String::new(),
        false => format!("  ({} in yours)", number(yours)),
    }
}

/// The line with the path of a call shortened to the method.
fn shorter(line: &Line) -> Line {
    let mut line = line.clone();
    if let (Some(begin), Some(end)) = (line.text.find("  /"), line.text.rfind('/'))
        && end > begin + 3
    {
        line.text.replace_range(begin + 2..end, "\u{2026}");
    }
    line
}

fn mark(row: &Row) -> &'static str {
    if row.same { " " } else { "\u{2260}" }
}

/// The beginning of a line, as much as a column holds.
fn beginning(line: &Line, columns: usize) -> String {
    let mut pieces = cell(line, "", columns);
    let first = pieces.swap_remove(0);
    if pieces.is_empty() {
        return first;
    }
    let whole = cell(line, "", usize::MAX).concat();
    let cut = &whole[..cut_at(&whole, columns - 1)];
    format!("{}\u{2026}", cut.trim_end())
}

/// A line in pieces of a column's width, further pieces indented, with something behind it.
fn cell(line: &Line, behind: &str, columns: usize) -> Vec<String> {
    let indent = " ".repeat((line.depth * 2).min(columns / 3));
    let mark = if line.compared { "" } else { "~ " };
    let text = escape(&line.text);
    let whole = format!("{indent}{mark}{text}{behind}");
    if width(&whole) <= columns {
        return vec![whole];
    }
    let mut pieces = Vec::new();
    let (first, next) = (format!("{indent}{mark}"), format!("{indent}    "));
    wrap(&text, columns, &first, &next, &mut pieces);
    match pieces.last_mut() {
        Some(last) if width(last) + width(behind) <= columns => last.push_str(behind),
        _ => pieces.push(format!("{next}{}", behind.trim_start())),
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{actual, both, differs, expected};

    fn drawn(columns: usize, row: &Row) -> Vec<String> {
        let view = View {
            columns,
            ..View::PIPE
        };
        let lines = Columns::new(&view).row(row, true, true);
        for line in &lines {
            assert!(width(line) <= columns, "{columns}: {line:?}");
        }
        lines
    }

    #[test]
    fn two_columns_stand_side_by_side() {
        assert_eq!(
            drawn(60, &differs(1, "a: 1", "a: 2")),
            [format!("  \u{2260} {:26} \u{2502}   a: 2", "  a: 1")]
        );
        assert_eq!(
            drawn(60, &expected(1, "a: 1")),
            [format!("  \u{2260} {:26} \u{2502} (nothing)", "  a: 1")]
        );
        assert_eq!(
            drawn(60, &both(1, "~ a: 1")),
            [format!("    {:26} \u{2502}   ~ a: 1", "  ~ a: 1")]
        );
    }

    #[test]
    fn what_is_long_goes_on_below_itself() {
        let lines = drawn(
            60,
            &differs(1, "text: \"one two three four five six\"", "text: \"\""),
        );
        assert_eq!(lines.len(), 2);
        assert!(
            lines[1].starts_with("          four five six\""),
            "{lines:?}"
        );
    }

    #[test]
    fn the_head_of_a_call_has_the_whole_width() {
        let head = "call 1  client > server  /classification.v1.DocumentClassifier/Classify";
        assert_eq!(drawn(80, &both(0, head)), [format!("    {head}")]);
        assert_eq!(
            drawn(80, &expected(0, head)),
            ["  \u{2260} call 1  client > server  \u{2026}/Classify  (not in yours)"]
        );
        let extra = drawn(80, &actual(0, head)).join("\n");
        assert!(extra.ends_with("(only in yours)"), "{extra}");
        let mut other = both(0, "call 17  a > b  /c.D/E");
        other.actual = Some(crate::testing::line(0, "call 1  a > b  /c.D/E"));
        assert_eq!(
            drawn(80, &other),
            ["    call 17  a > b  /c.D/E  (call 1 in yours)"]
        );
    }

    #[test]
    fn below_sixty_columns_expected_stands_above_yours() {
        assert_eq!(
            drawn(40, &differs(1, "a: 1", "a: 2")),
            ["  -   a: 1", "  +   a: 2"]
        );
        assert_eq!(drawn(40, &both(1, "a: 1")), ["      a: 1"]);
    }

    #[test]
    fn control_characters_are_written_out() {
        let lines = drawn(60, &actual(1, "a\u{1b}[2J")).join("\n");
        assert!(lines.contains("a\\u{1b}[2J"), "{lines}");
    }
}
