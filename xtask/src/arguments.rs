//! How the command line is read.
//!
//! Each subcommand says what it takes as data, and gets what was given. It is read by lexopt, and the help is written by
//! hand: clap, which does more, is the dearest crate that only the command line would link, and a learner's first build
//! waits for all of them.

use std::collections::BTreeMap;
use std::ffi::OsString;

use anyhow::{Context, Result, bail};
use lexopt::Arg;

/// What a subcommand takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Syntax {
    /// The names of its values, such as `EXERCISE`. One in brackets may be left out, and `NAME...` stands for one or more.
    pub(crate) values: &'static [&'static str],
    /// Options without a value, without their dashes.
    pub(crate) flags: &'static [&'static str],
    /// Options with a value.
    pub(crate) options: &'static [&'static str],
}

/// What was given.
#[derive(Debug, Default)]
pub(crate) struct Given {
    values: Vec<OsString>,
    flags: Vec<&'static str>,
    options: BTreeMap<&'static str, OsString>,
}

/// What the arguments of a subcommand ask for.
#[derive(Debug)]
pub(crate) enum Asked {
    /// To be run with these.
    Run(Given),
    /// How it is called.
    Help,
}

impl Syntax {
    /// Reads the arguments that follow the subcommand's name.
    ///
    /// # Errors
    ///
    /// When there is one that it does not take, or one is missing.
    pub(crate) fn read(&self, arguments: impl IntoIterator<Item = OsString>) -> Result<Asked> {
        let mut parser = lexopt::Parser::from_args(arguments);
        let mut given = Given::default();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Short('h') | Arg::Long("help") => return Ok(Asked::Help),
                Arg::Value(value) => given.values.push(value),
                Arg::Long(name) => {
                    if let Some(flag) = self.flags.iter().find(|flag| **flag == name) {
                        given.flags.push(flag);
                    } else if let Some(option) = self.options.iter().find(|it| **it == name) {
                        let value = parser.value()?;
                        given.options.insert(option, value);
                    } else {
                        bail!("there is no option --{name}{}", self.known_options());
                    }
                }
                Arg::Short(name) => bail!("there is no option -{name}{}", self.known_options()),
            }
        }
        self.check_count(&given.values)?;
        Ok(Asked::Run(given))
    }

    fn check_count(&self, values: &[OsString]) -> Result<()> {
        let needed = self.values.iter().filter(|name| !name.starts_with('['));
        if let Some(missing) = needed.clone().nth(values.len()) {
            bail!("{missing} is missing");
        }
        let endless = self.values.iter().any(|name| name.contains("..."));
        if let Some(extra) = values.get(self.values.len())
            && !endless
        {
            bail!("{} is one argument too many", extra.display());
        }
        Ok(())
    }

    fn known_options(&self) -> String {
        let known = self.flags.iter().chain(self.options);
        let known: Vec<_> = known.map(|name| format!("--{name}")).collect();
        match known.as_slice() {
            [] => "; it takes none".to_owned(),
            known => format!("; it takes {}", known.join(", ")),
        }
    }
}

impl Given {
    /// Whether an option without a value was given.
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.flags.contains(&flag)
    }

    /// The values, in their order.
    pub(crate) fn values(&self) -> &[OsString] {
        &self.values
    }

    /// The value in this place, as text.
    ///
    /// # Errors
    ///
    /// When it is not UTF-8.
    pub(crate) fn value(&self, index: usize) -> Result<Option<&str>> {
        let value = self.values.get(index).map(|value| {
            let text = value.to_str();
            text.with_context(|| format!("{} is not UTF-8", value.display()))
        });
        value.transpose()
    }

    /// The value of an option.
    pub(crate) fn option(&self, name: &str) -> Option<&OsString> {
        self.options.get(name)
    }

    /// The value of an option as a whole number of at least `least`.
    ///
    /// # Errors
    ///
    /// When it is not one.
    pub(crate) fn number(&self, name: &str, least: u64) -> Result<Option<u64>> {
        let Some(value) = self.options.get(name) else {
            return Ok(None);
        };
        let number = value.to_str().and_then(|text| text.parse().ok());
        match number.filter(|number| *number >= least) {
            Some(number) => Ok(Some(number)),
            None => bail!(
                "--{name} takes a whole number, at least {least}, and not {}",
                value.display()
            ),
        }
    }
}
