//! The chart of a run as inline SVG: how many documents were asked about, how many answers were read, step by step.
//!
//! The two lines are told apart by their strokes and by what stands at their ends, and not by colour alone. All runs of a
//! figure have one scale, so that they can be compared.

use std::fmt::Write as _;

use catalogue::PaceRun;

use crate::html::escape;

const WIDTH: f64 = 344.0;
const HEIGHT: f64 = 250.0;
/// Of the field in which the lines are.
const LEFT: f64 = 34.0;
const RIGHT: f64 = 330.0;
const TOP: f64 = 82.0;
const BOTTOM: f64 = 216.0;
/// The most distances between two marks of an axis.
const MARKS: usize = 4;
/// Points of a line that lie nearer to each other are one.
const NEAREST: f64 = 1.0;

/// What the axes reach to, the same for all runs of a figure.
#[derive(Clone, Copy)]
pub(crate) struct Scale {
    steps: usize,
    documents: usize,
}

impl Scale {
    /// For all of these runs.
    pub(crate) fn of(runs: &[PaceRun]) -> Self {
        let counts = || runs.iter().flat_map(PaceRun::counts);
        Self {
            steps: runs.iter().map(|run| run.steps.len()).max().unwrap_or(1),
            documents: counts()
                .map(|(asked, read)| asked.max(read))
                .max()
                .unwrap_or(1),
        }
    }

    fn x(self, step: usize) -> f64 {
        LEFT + (RIGHT - LEFT) * step as f64 / self.steps.max(1) as f64
    }

    fn y(self, documents: usize) -> f64 {
        BOTTOM - (BOTTOM - TOP) * documents as f64 / self.documents.max(1) as f64
    }
}

/// A distance of 1, 2 or 5, or ten times as much and so on, of which `most` at the most lie within `length`.
pub(crate) fn round_step(length: usize, most: usize) -> usize {
    let tens = std::iter::successors(Some(1_usize), |ten| ten.checked_mul(10));
    let mut steps = tens.flat_map(|ten| [ten, ten.saturating_mul(2), ten.saturating_mul(5)]);
    steps.find(|step| length / step <= most).unwrap_or(length)
}

/// The `<svg>` of a run, the so manyth of its figure.
pub(crate) fn draw(run: &PaceRun, scale: Scale, id: &str, number: usize) -> String {
    let counts = run.counts();
    let (asked, read) = counts.last().copied().unwrap_or_default();
    let widest = widest(&counts);
    let ahead = widest.map_or(0, |(_, asked, read)| asked - read);
    let name = escape(&run.name);
    let mut out = format!(
        "<svg class=\"chart\" role=\"img\" aria-labelledby=\"{id}-run{number}-title\" aria-details=\"{id}-table\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">\n\
         <title id=\"{id}-run{number}-title\">{name}: asked the host about {asked}, read by the client {read}, at most {ahead} ahead</title>\n\
         <text class=\"name\" x=\"{LEFT}\" y=\"13\">{name}</text>\n"
    );
    legend(asked, read, ahead, &mut out);
    axes(scale, &mut out);
    area(&counts, scale, &mut out);
    let lines = [("asked", asked_of as Of), ("read", read_of as Of)];
    for (class, of) in lines {
        let corners = points(&counts, of, scale).join("L");
        let _ = writeln!(out, "<path class=\"line {class}\" d=\"M{corners}\"/>");
    }
    if let Some((step, asked, read)) = widest {
        bracket(scale.x(step), scale.y(asked), scale.y(read), &mut out);
    }
    for (class, of) in lines {
        let (x, y) = (scale.x(run.steps.len()), scale.y(of(&(asked, read))));
        mark(class, x, y, &mut out);
    }
    out.push_str("</svg>\n");
    out
}

/// One of the two counts.
type Of = fn(&(usize, usize)) -> usize;

fn asked_of((asked, _): &(usize, usize)) -> usize {
    *asked
}

fn read_of((_, read): &(usize, usize)) -> usize {
    *read
}

/// The first step after which the most documents were asked about whose answers were not read, with both counts. None
/// where there never was one.
fn widest(counts: &[(usize, usize)]) -> Option<(usize, usize, usize)> {
    let mut widest = None;
    let mut most = 0;
    for (step, (asked, read)) in counts.iter().enumerate() {
        let ahead = asked.saturating_sub(*read);
        if ahead > most {
            most = ahead;
            widest = Some((step, *asked, *read));
        }
    }
    widest
}

/// What the lines are, and how far each came.
fn legend(asked: usize, read: usize, ahead: usize, out: &mut String) {
    let (left, right) = (LEFT, LEFT + 24.0);
    let rows = [
        ("asked", format!("asked the host about: {asked}")),
        ("read", format!("read by the client: {read}")),
    ];
    let mut y = 28.0;
    for (class, text) in rows {
        let _ = writeln!(
            out,
            "<path class=\"line {class}\" d=\"M{left} {y}H{right}\"/>"
        );
        mark(class, right, y, out);
        entry(&text, y, out);
        y += 15.0;
    }
    bracket(left + 12.0, y - 6.0, y + 6.0, out);
    entry(&format!("at most {ahead} ahead"), y, out);
}

fn entry(text: &str, y: f64, out: &mut String) {
    let _ = writeln!(
        out,
        "<text class=\"entry\" x=\"{}\" y=\"{}\">{text}</text>",
        LEFT + 34.0,
        y + 4.0
    );
}

fn axes(scale: Scale, out: &mut String) {
    let _ = writeln!(
        out,
        "<text class=\"unit\" x=\"{LEFT}\" y=\"{}\">documents</text>",
        TOP - 4.0
    );
    for documents in (0..=scale.documents).step_by(round_step(scale.documents, MARKS)) {
        let y = scale.y(documents);
        let _ = writeln!(
            out,
            "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{RIGHT}\"/><text class=\"tick up\" x=\"{}\" y=\"{:.1}\">{documents}</text>",
            LEFT - 5.0,
            y + 4.0
        );
    }
    for step in (0..=scale.steps).step_by(round_step(scale.steps, MARKS)) {
        let x = scale.x(step);
        let _ = writeln!(
            out,
            "<path class=\"grid\" d=\"M{x:.1} {BOTTOM}v4\"/><text class=\"tick\" x=\"{x:.1}\" y=\"{}\">{step}</text>",
            BOTTOM + 16.0
        );
    }
    let _ = writeln!(
        out,
        "<text class=\"unit end\" x=\"{RIGHT}\" y=\"{}\">steps of the run</text>",
        BOTTOM + 30.0
    );
}

/// What is asked about and not read.
fn area(counts: &[(usize, usize)], scale: Scale, out: &mut String) {
    let mut around = points(counts, asked_of, scale);
    around.extend(points(counts, read_of, scale).into_iter().rev());
    let _ = writeln!(out, "<path class=\"ahead\" d=\"M{}Z\"/>", around.join("L"));
}

/// The corners of a line that goes up by a step where its count does.
fn points(counts: &[(usize, usize)], of: Of, scale: Scale) -> Vec<String> {
    let mut points = vec![(scale.x(0), scale.y(0))];
    for (step, pair) in counts.windows(2).enumerate() {
        let [before, after] = [of(&pair[0]), of(&pair[1])];
        if before != after {
            let x = scale.x(step + 1);
            match points.last_mut() {
                Some((last, y)) if x - *last < NEAREST => *y = scale.y(after),
                _ => points.extend([(x, scale.y(before)), (x, scale.y(after))]),
            }
        }
    }
    let end = counts.len() - 1;
    points.push((scale.x(end), scale.y(of(&counts[end]))));
    let point = |(x, y): (f64, f64)| format!("{x:.1} {y:.1}");
    points.into_iter().map(point).collect()
}

/// The end of a line: a disc or a square.
fn mark(class: &str, x: f64, y: f64, out: &mut String) {
    let _ = match class {
        "asked" => writeln!(
            out,
            "<circle class=\"end asked\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>"
        ),
        _ => writeln!(
            out,
            "<rect class=\"end read\" x=\"{:.1}\" y=\"{:.1}\" width=\"7\" height=\"7\"/>",
            x - 3.5,
            y - 3.5
        ),
    };
}

/// Shows the distance between two heights.
fn bracket(x: f64, top: f64, bottom: f64, out: &mut String) {
    let _ = writeln!(
        out,
        "<path class=\"bracket\" d=\"M{:.1} {top:.1}h8m-4 0V{bottom:.1}m-4 0h8\"/>",
        x - 4.0
    );
}

#[cfg(test)]
mod tests {
    use catalogue::PaceStep;

    use super::*;

    /// A run from its steps, `a` for asked and `r` for read.
    fn run(steps: &str) -> PaceRun {
        let step = |step| match step {
            'a' => PaceStep::Asked("doc-1".to_owned()),
            _ => PaceStep::Read("doc-1".to_owned()),
        };
        PaceRun {
            name: "bounded".to_owned(),
            steps: steps.chars().map(step).collect(),
        }
    }

    /// The corners of the line of this class.
    fn line(svg: &str, class: &str) -> Vec<(f64, f64)> {
        let path = svg.split(&format!("class=\"line {class}\" d=\"M")).nth(2);
        let path = path
            .and_then(|path| path.split_once('"'))
            .expect("a line")
            .0;
        let corner = |corner: &str| {
            let (x, y) = corner.split_once(' ').expect("two numbers");
            (x.parse().expect("a number"), y.parse().expect("a number"))
        };
        path.split('L').map(corner).collect()
    }

    #[test]
    fn line_that_stops_is_level_and_one_that_runs_on_is_not() {
        let runs = [run("aaar"), run(&"a".repeat(40))];
        let scale = Scale::of(&runs);
        let bounded = line(&draw(&runs[0], scale, "id", 1), "asked");
        let free = line(&draw(&runs[1], scale, "id", 2), "asked");
        let (end, before) = (bounded[bounded.len() - 1], bounded[bounded.len() - 2]);
        assert!(end.0 > before.0 && end.1 == before.1, "{bounded:?}");
        assert_eq!(free[free.len() - 1], (RIGHT, TOP), "{free:?}");
        assert_eq!(end.1, 205.9, "3 of 40, on the scale of both");
    }

    #[test]
    fn numbers_are_written_too() {
        let runs = [run("aaarara")];
        let svg = draw(&runs[0], Scale::of(&runs), "id", 1);
        for text in [
            ">asked the host about: 5<",
            ">read by the client: 2<",
            ">at most 3 ahead<",
            "bounded: asked the host about 5, read by the client 2, at most 3 ahead</title>",
        ] {
            assert!(svg.contains(text), "{text} in {svg}");
        }
    }

    #[test]
    fn a_line_of_many_steps_has_few_corners() {
        let runs = [run(&"aaar".repeat(5000))];
        let svg = draw(&runs[0], Scale::of(&runs), "id", 1);
        assert!(svg.len() < 40_000, "{}", svg.len());
        let asked = line(&svg, "asked");
        assert_eq!(asked[asked.len() - 1], (RIGHT, TOP));
    }

    #[test]
    fn distances_of_marks_are_round_and_few() {
        for (length, step) in [
            (1, 1),
            (4, 1),
            (5, 2),
            (9, 2),
            (10, 5),
            (40, 10),
            (99, 20),
            (3000, 1000),
        ] {
            assert_eq!(round_step(length, 4), step, "{length}");
        }
    }

    #[test]
    fn everything_lies_within_the_chart() {
        let runs = [run("a"), run("r"), run(&"aar".repeat(333))];
        let scale = Scale::of(&runs);
        for run in &runs {
            for class in ["asked", "read"] {
                for (x, y) in line(&draw(run, scale, "id", 1), class) {
                    assert!((LEFT..=RIGHT).contains(&x) && (TOP..=BOTTOM).contains(&y));
                }
            }
        }
    }
}
