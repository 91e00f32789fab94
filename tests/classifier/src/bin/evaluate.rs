//! Prints the figures of the model card: `evaluate` to standard output, `evaluate --write` into `MODEL_CARD.md`,
//! `evaluate --check` fails if the card says something else.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use anyhow::{Context, bail};
use classifier::evaluation::{self, Outcome};
use classifier::{Classifier, Kind};
use corpus::Style;

const BEGIN: &str =
    "<!-- figures: written by `cargo run -p classifier --bin evaluate -- --write` -->\n";
const END: &str = "<!-- end of figures -->";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let done = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => figures().map(|figures| print!("{figures}")),
        ["--write"] => write_or_check(false),
        ["--check"] => write_or_check(true),
        _ => {
            eprintln!("usage: evaluate [--write | --check]");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn write_or_check(check: bool) -> anyhow::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("MODEL_CARD.md");
    let card =
        fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    let (head, rest) = card
        .split_once(BEGIN)
        .context("the card lacks the place for figures")?;
    let (_, tail) = rest
        .split_once(END)
        .context("the card lacks the end of the figures")?;
    let wanted = format!("{head}{BEGIN}{}{END}{tail}", figures()?);
    if wanted == card {
        return Ok(());
    }
    if check {
        bail!(
            "the card's figures are not the model's: run `cargo run -p classifier --bin evaluate -- --write`"
        );
    }
    fs::write(&path, wanted).with_context(|| format!("failed to write {}", path.display()))
}

/// The figures as Markdown.
fn figures() -> anyhow::Result<String> {
    let classifier = Classifier::load()?;
    let sets = [
        ("Written by hand, unseen", evaluation::unseen()),
        ("Written by hand, development", evaluation::development()),
        (
            "Generated, held-out wordings",
            evaluation::generated(Style::HeldOut),
        ),
        (
            "Generated, known wordings",
            evaluation::generated(Style::Varied),
        ),
        ("Generated, clean", evaluation::generated(Style::Clean)),
    ];
    let mut summary = String::from(
        "\n| documents | count | right | mean top score | nine in ten top scores lie in |\n",
    );
    summary.push_str("|---|---:|---:|---:|---|\n");
    let mut details = String::new();
    for (name, documents) in sets {
        let outcomes = evaluation::outcomes(&classifier, documents)?;
        let mut tops: Vec<f32> = outcomes
            .iter()
            .map(|outcome| outcome.scores[0].probability)
            .collect();
        tops.sort_by(f32::total_cmp);
        writeln!(
            summary,
            "| {name} | {} | {:.1} % | {:.2} | {:.2} to {:.2} |",
            outcomes.len(),
            100.0 * evaluation::accuracy(&outcomes),
            evaluation::mean_confidence(&outcomes),
            tops[tops.len() / 20],
            tops[tops.len() * 19 / 20],
        )?;
        write_confusion(&mut details, name, &outcomes)?;
    }
    Ok(format!("{summary}{details}\n"))
}

fn write_confusion(out: &mut String, name: &str, outcomes: &[Outcome]) -> std::fmt::Result {
    let header: String = Kind::ALL.iter().map(|kind| format!(" {kind} |")).collect();
    writeln!(
        out,
        "\n{name}: what it is (rows), what the model says (columns)\n"
    )?;
    writeln!(out, "| |{header}\n|---|{}", "---:|".repeat(Kind::ALL.len()))?;
    for (kind, row) in Kind::ALL.iter().zip(evaluation::confusion(outcomes)) {
        let cells: String = row.iter().map(|count| format!(" {count} |")).collect();
        writeln!(out, "| {kind} |{cells}")?;
    }
    Ok(())
}
