//! `cargo xtask serve`.

use anyhow::Result;
use clap::{Arg, ArgMatches, Command};

use crate::heavy::{self, Place};

pub(crate) fn command() -> Command {
    Command::new("serve")
        .about("Run the reference server, which lesson 2 has built already")
        .after_help(
            "Examples:\n  cargo xtask serve\n  cargo xtask serve --listen 127.0.0.1:50052\n  \
             cargo xtask serve -- --help    the server's own options",
        )
        .arg(
            Arg::new("options")
                .help("Options of the server")
                .num_args(0..)
                .trailing_var_arg(true)
                .allow_hyphen_values(true),
        )
}

pub(crate) fn run(matches: &ArgMatches) -> Result<u8> {
    let options = matches.get_many::<String>("options");
    let options: Vec<_> = options.into_iter().flatten().cloned().collect();
    heavy::run("reference", "reference", Place::Heavy, &options)
}
