//! The program behind `cargo xtask grade`: parses, grades, writes the reports, and turns the outcome into an exit code.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use grader::report::{csv, table};
use grader::result::{Isolation, Verdict};
use grader::terminal::{ERROR, PROGRESS, Screen};
use grader::{Event, Options, exercises, grade_class, output};

/// The exit code: everything was graded, whatever the grades.
const EXIT_GRADED: u8 = 0;

/// The exit code: the tool or the machine is at fault, or the call was wrong.
const EXIT_TOOL: u8 = 2;

/// Grade submissions: each a folder with the course's layout, of which only the exercises' files count.
#[derive(Debug, Parser)]
#[command(name = "grade", bin_name = "cargo xtask grade", max_term_width = 100)]
#[command(
    after_help = format!("Example: cargo xtask grade submissions/* --out results\n\n\
                  The same call goes on where it was interrupted, and grades again only what has changed. A new round, \
                  with other documents, has a new folder for its results, or another --seed.\n\n\
                  {}\n\n\
                  Exit codes: 0 graded, whatever the grades; 2 the tool or the machine is at fault, or the call was wrong.",
        Isolation::None.warning()
    )
)]
struct Arguments {
    /// The submissions: checkouts of the course, or folders like its lessons/. A submission is named after its folder.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Where the results go: grades.csv, and results/NAME.json for each submission.
    #[arg(long)]
    out: PathBuf,
    /// The seed of the documents that nobody has seen. Without it: that of the round in OUT, or a new one.
    #[arg(long)]
    seed: Option<u64>,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() {
                EXIT_TOOL
            } else {
                EXIT_GRADED
            };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let graded = runtime
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(run(arguments)));
    match graded {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("{} {error:#}", ERROR.apply_to("error:"));
            ExitCode::from(EXIT_TOOL)
        }
    }
}

async fn run(arguments: Arguments) -> Result<u8> {
    let options = Options {
        course: exercises::course_folder(),
        paths: arguments.paths,
        out: arguments.out,
        seed: arguments.seed,
    };
    let class = grade_class(&options, &mut draw).await?;
    output::write_text(&output::grades_path(&options.out), &csv::text(&class)?)?;
    print!("{}", table::text(&class, Screen::stdout()));
    eprintln!(
        "\nresults, grades.csv and the round's seed ({}) are in {}",
        class.seed,
        options.out.display()
    );
    Ok(match class.is_complete() {
        true => EXIT_GRADED,
        false => EXIT_TOOL,
    })
}

/// Prints what happens to standard error.
fn draw(event: Event<'_>) {
    match event {
        Event::Preparing => {
            eprintln!("{}", Isolation::None.warning());
            eprintln!("running the solutions, which say what is expected");
        }
        Event::Cargo(line) => progress(line.trim_end()),
        Event::Started { id, number, count } => eprintln!("{number}/{count} {id}"),
        Event::Retried { exercise } => {
            progress(&format!("    {exercise}: did not pass, tried once more"));
        }
        Event::Wavered { exercise } => {
            progress(&format!(
                "    {exercise}: passed the second time; does the solution waver beside it?"
            ));
        }
        Event::Restarted { error } => {
            progress(&format!("    the tool failed, and starts again: {error:#}"));
        }
        // The usual verdicts are in the table; a line is for those that raise a question.
        Event::Judged {
            verdict: Verdict::Passed | Verdict::Unfinished | Verdict::NotHandedIn,
            ..
        } => {}
        Event::Judged { exercise, verdict } => progress(&format!("    {exercise}: {verdict}")),
        Event::Graded { points, max_points } => {
            progress(&format!("    {points} of {max_points} points"));
        }
    }
}

fn progress(line: &str) {
    eprintln!("{}", PROGRESS.apply_to(line));
}
