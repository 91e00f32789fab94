//! The subcommands. Each is a file with a constant that says how it is called, and a function that does it.

mod bench;
mod book;
mod check;
mod grade;
mod hint;
mod list;
mod mutants;
mod new;
mod proto;
mod record;
mod reset;
mod screens;
mod serve;
mod start;
mod stress;
mod sync;
mod train;
mod trial;

use std::ffi::OsString;

use anyhow::{Result, anyhow, bail};

use crate::arguments::Asked;
use crate::exit;
use crate::subcommand::{Audience, Subcommand, print_paragraph, print_row};

/// All of them, in the order in which people meet them: learners, instructors, whoever writes the course.
const SUBCOMMANDS: &[&Subcommand] = &[
    &start::START,
    &check::CHECK,
    &list::LIST,
    &hint::HINT,
    &reset::RESET,
    &book::BOOK,
    &serve::SERVE,
    &bench::BENCH,
    &grade::GRADE,
    &trial::TRIAL,
    &new::NEW,
    &sync::SYNC,
    &record::RECORD,
    &screens::SCREENS,
    &stress::STRESS,
    &mutants::MUTANTS,
    &proto::PROTO,
    &train::TRAIN,
];

/// Does what the command line says, and returns the exit code. Without a subcommand: where you are, as `start` shows it.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> Result<u8> {
    let mut arguments = arguments.into_iter();
    let Some(name) = arguments.next() else {
        return start::show(false);
    };
    let name = name.display().to_string();
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        // `help check` is `check --help`.
        return match arguments.next() {
            Some(name) => {
                find(&name.display().to_string()).map(|subcommand| subcommand.print_help())
            }
            None => Ok(print_help()),
        };
    }
    let subcommand = find(&name)?;
    let asked = subcommand
        .syntax
        .read(arguments)
        .map_err(|error| anyhow!("{error}. `cargo xtask {name} --help` says how it is called"))?;
    match asked {
        Asked::Run(given) => (subcommand.run)(&given),
        Asked::Help => Ok(subcommand.print_help()),
    }
}

fn find(name: &str) -> Result<&'static Subcommand> {
    let Some(subcommand) = SUBCOMMANDS.iter().find(|it| it.name == name) else {
        let names: Vec<_> = SUBCOMMANDS.iter().map(|it| it.name).collect();
        bail!(
            "there is no command {name:?}; there are {}. `cargo xtask --help` says what they do",
            names.join(", ")
        );
    };
    Ok(subcommand)
}

fn print_help() -> u8 {
    println!("Wirebook: gRPC in Rust, judged by what crosses the wire\n");
    println!("Usage: cargo xtask [COMMAND]");
    for (audience, heading) in [
        (Audience::Everyone, "Commands:"),
        (Audience::Authors, "For whoever writes the course:"),
    ] {
        println!("\n{heading}");
        for subcommand in SUBCOMMANDS.iter().filter(|it| it.audience == audience) {
            print_row(subcommand.name, subcommand.about);
        }
    }
    println!();
    print_paragraph(
        "Each has --help. Example: `cargo xtask start` shows where you are and what to do next.\nExit codes: 0 all passed, 1 \
         some did not, 2 the tool or the machine is at fault.",
    );
    exit::PASSED
}
