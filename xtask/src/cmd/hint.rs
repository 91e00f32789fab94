//! `cargo xtask hint`.

use anyhow::{Result, anyhow};
use clap::{ArgMatches, Command, arg, value_parser};

use crate::exit;
use crate::paragraph::paragraph;

pub(crate) struct Arguments {
    exercise: String,
    step: u8,
}

impl Arguments {
    pub(crate) fn read(matches: &ArgMatches) -> Self {
        Self {
            exercise: matches.get_one("exercise").cloned().unwrap_or_default(),
            step: matches.get_one("step").copied().unwrap_or(1),
        }
    }
}

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

pub(crate) fn run(arguments: &Arguments) -> Result<u8> {
    let name = Some(arguments.exercise.as_str());
    for (_, exercise) in checks::select(name).map_err(|error| anyhow!(error))? {
        println!("{}: {}", exercise.id, exercise.title);
        for (index, hint) in exercise
            .hints
            .iter()
            .enumerate()
            .take(usize::from(arguments.step))
        {
            println!();
            paragraph(&format!("{}. ", index + 1), hint);
        }
        if arguments.step < 3 {
            println!(
                "\nMore: `cargo xtask hint {} --step {}`",
                exercise.id,
                arguments.step + 1
            );
        }
    }
    Ok(exit::PASSED)
}
