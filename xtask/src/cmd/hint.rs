//! `cargo xtask hint`.

use anyhow::{Result, anyhow};
use build::workspace_root;
use catalogue::{Course, plain};
use clap::{ArgMatches, Command, arg, value_parser};

use crate::exit;
use crate::paragraph::paragraph;

pub(crate) fn command() -> Command {
    Command::new("hint")
        .about("Show the hints of an exercise, one more at a time: a nudge, the API's name, almost the code")
        .after_help("Example: cargo xtask hint unary.2 --step 2")
        .arg(arg!(<exercise> "The exercise, for example unary.2"))
        .arg(
            arg!(--step <N> "How far to go, 1 to 3")
                .default_value("1")
                .value_parser(value_parser!(u8).range(1..=3)),
        )
}

pub(crate) fn run(matches: &ArgMatches) -> Result<u8> {
    let name = matches.get_one::<String>("exercise").map(String::as_str);
    let step: u8 = matches.get_one("step").copied().unwrap_or(1);
    let course = Course::read(&workspace_root())?;
    for (_, exercise) in course.select(name).map_err(|error| anyhow!(error))? {
        println!("{}: {}", exercise.id, exercise.title);
        for (index, hint) in exercise.hints.iter().take(usize::from(step)).enumerate() {
            println!();
            paragraph(&format!("{}. ", index + 1), &plain(hint));
        }
        if step < 3 {
            println!(
                "\nMore: `cargo xtask hint {} --step {}`",
                exercise.id,
                step + 1
            );
        }
    }
    Ok(exit::PASSED)
}
