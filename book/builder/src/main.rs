//! `cargo run -p book -- [--out DIR] [--check]`: builds the book and says where it is.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use book::{MAX_PAGE_BYTES, Options, build};
use clap::Parser;

/// Build the book.
#[derive(Parser)]
#[command(after_help = "Example: cargo run -p book -- --check")]
struct Args {
    /// The folder to build into, new or with a built book [default: target/book in the repository]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Also follow every link, weigh every page, and take mdBook's warnings as errors
    #[arg(long)]
    check: bool,
    /// The repository [default: the one that this program was built from]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let root = args.root.unwrap_or_else(home);
    let out = args.out.unwrap_or_else(|| root.join("target/book"));
    let out = std::path::absolute(&out).unwrap_or(out);
    let options = Options {
        root,
        out,
        check: args.check,
    };
    match build(&options) {
        Ok(report) => {
            eprintln!("{} chapters in {:.0?}", report.chapters, report.took);
            if let Some(checked) = report.checked {
                eprintln!(
                    "heaviest page: {}, {} KB of {} KB; links out of the book: {}, not looked up",
                    checked.heaviest.page.display(),
                    checked.heaviest.bytes / 1000,
                    MAX_PAGE_BYTES / 1000,
                    checked.external
                );
            }
            println!("{}", report.index.display());
            ExitCode::SUCCESS
        }
        Err(problems) => {
            for problem in &problems {
                eprintln!("{problem}");
            }
            eprintln!("the book has problems: {} to mend", problems.len());
            ExitCode::FAILURE
        }
    }
}

/// Two folders above this crate.
fn home() -> PathBuf {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    home.canonicalize().unwrap_or(home)
}
