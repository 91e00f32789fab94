//! `cargo xtask serve`.

use std::ffi::OsString;

use anyhow::Result;
use build::{target_dir, workspace_root};

use crate::arguments::{Given, Syntax};
use crate::heavy::{self, Place};
use crate::subcommand::{Audience, Subcommand};

pub(super) const SERVE: Subcommand = Subcommand {
    name: "serve",
    about: "Run the reference server, which lesson 2 has built already",
    details: "  --listen ADDRESS   Where it listens; without it, on 127.0.0.1:50051.\n\n\
              What follows -- are options of the server, which its own --help lists.",
    examples: &["serve", "serve --listen 127.0.0.1:50052", "serve -- --help"],
    audience: Audience::Everyone,
    syntax: Syntax {
        values: &["[-- OPTIONS...]"],
        flags: &[],
        options: &["listen"],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    let mut options: Vec<OsString> = Vec::new();
    if let Some(address) = given.option("listen") {
        options.extend(["--listen".into(), address.clone()]);
    }
    options.extend(given.values().iter().cloned());
    // Below cargo's own folder, since the course's may be read-only.
    if !options.iter().any(|option| option == "--store") {
        let store = target_dir(&workspace_root())?.join("uploads");
        options.extend(["--store".into(), store.into_os_string()]);
    }
    heavy::run("reference", "reference", Place::Heavy, &options)
}
