//! Writes the Rust code of the contracts, and their descriptors for reflection.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    // ANCHOR: descriptors
    let mut compiler = protox::Compiler::new(["proto"])?;
    compiler.include_imports(true);
    compiler.open_file("words/v1/words.proto")?;

    let out = PathBuf::from(env::var("OUT_DIR")?);
    let descriptors = compiler.encode_file_descriptor_set();
    fs::write(out.join("descriptors.bin"), descriptors)?;

    tonic_prost_build::compile_fds(compiler.file_descriptor_set())?;
    // ANCHOR_END: descriptors
    Ok(())
}
