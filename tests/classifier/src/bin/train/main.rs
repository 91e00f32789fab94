//! Makes `tests/classifier/model/classifier.onnx` from the generated corpus, the same bytes on any machine.
//!
//! `train` writes the file; `train --check` trains again and fails if the file is not what came out. Training needs
//! no tract and one thread. (This program is part of the crate that embeds the file, so an empty file must be put in
//! its place before a lost one can be trained again.)

mod adam;
mod fit;
mod network;
mod onnx;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use anyhow::{Context, bail};

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let check = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--check"] => true,
        _ => {
            eprintln!("usage: train [--check]");
            return ExitCode::from(2);
        }
    };
    match write_or_check(check) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn write_or_check(check: bool) -> anyhow::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("model/classifier.onnx");
    let network = fit::train(|line| eprintln!("{line}"));
    let bytes = onnx::encode(&network);
    if !check {
        fs::write(&path, &bytes).with_context(|| format!("failed to write {}", path.display()))?;
        eprintln!("wrote {} bytes to {}", bytes.len(), path.display());
        return Ok(());
    }
    let committed =
        fs::read(&path).with_context(|| format!("failed to read {}", path.display()))?;
    if committed != bytes {
        bail!(
            "{} is not what training gives now, so the corpus, the trainer or the file was changed alone: \
             run `cargo xtask train` and commit the file",
            path.display()
        );
    }
    eprintln!("the model is what training gives");
    Ok(())
}
