//! The program behind `cargo xtask grade`: parses, calls, and turns what came of it into an exit code.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use clap::Parser;
use grader::class::State;
use grader::{Options, Said, grade_class, table};

/// Everything was graded, whatever the grades.
const GRADED: u8 = 0;

/// The tool or the machine is at fault, or the call was wrong.
const TOOL: u8 = 2;

const DIM: Style = Style::new().dimmed();
const ERROR: Style = AnsiColor::Red.on_default().bold();

/// Grade submissions: each a folder with the course's layout, of which only the exercises' files count.
#[derive(Debug, Parser)]
#[command(name = "grade", bin_name = "cargo xtask grade", max_term_width = 100)]
#[command(
    after_help = "Example: cargo xtask grade submissions/* --out results\n\n\
                  The same call goes on where it was interrupted, and grades again only what has changed. A new round, \
                  with other documents, has a new folder for its results, or another --seed.\n\n\
                  Exit codes: 0 graded, whatever the grades; 2 the tool or the machine is at fault, or the call was wrong."
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
            let code = if error.use_stderr() { TOOL } else { GRADED };
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
            anstream::eprintln!("{ERROR}error:{ERROR:#} {error:#}");
            ExitCode::from(TOOL)
        }
    }
}

async fn run(arguments: Arguments) -> Result<u8> {
    let options = Options {
        course: checks::workspace_root(),
        paths: arguments.paths,
        out: arguments.out,
        seed: arguments.seed,
    };
    let class = grade_class(&options, &mut draw).await?;
    anstream::print!("{}", table::text(&class, width()));
    eprintln!(
        "\nresults, grades.csv and the round's seed ({}) are in {}",
        class.seed,
        options.out.display()
    );
    let failed = class
        .rows
        .iter()
        .any(|row| matches!(row.state, State::Failed(_)));
    Ok(if failed { TOOL } else { GRADED })
}

/// How wide the table may be. Into a pipe nothing is cut: who reads it there wants it whole.
fn width() -> usize {
    let stdout = std::io::stdout();
    match console::Term::stdout().size_checked() {
        Some((_, columns)) => usize::from(columns),
        None if stdout.is_terminal() => 80,
        None => usize::MAX,
    }
}

fn draw(said: Said<'_>) {
    match said {
        Said::Cargo(line) => anstream::eprintln!("{DIM}{}{DIM:#}", line.trim_end()),
        Said::Preparing => eprintln!("running the solutions, which say what is expected"),
        Said::Begun { id, number, of } => eprintln!("{number}/{of} {id}"),
        Said::Done { points, of } => anstream::eprintln!("{DIM}    {points} of {of} points{DIM:#}"),
        Said::Exercise { id, what } => anstream::eprintln!("{DIM}    {id}: {what}{DIM:#}"),
    }
}
