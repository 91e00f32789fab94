//! `cargo xtask hint`.

use anyhow::{Result, anyhow};

use crate::exit;
use crate::paragraph::paragraph;

/// Show the hints of an exercise, one more at a time: a nudge, the API's name, almost the code.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: cargo xtask hint unary.2 --step 2")]
pub(crate) struct Arguments {
    /// The exercise, for example unary.2.
    exercise: String,
    /// How far to go, 1 to 3.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=3))]
    step: u8,
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
