//! Writes `proto/src/generated` from the `.proto` files, or checks that it is in step with them.
//!
//! protox parses the files, so no protoc is needed; tonic-prost-build writes the messages, clients and servers.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use build::{Generated, workspace_root};
use prost::Message;

const CONTRACTS: [&str; 8] = [
    "classification/v1/classification.proto",
    "model/v1/model.proto",
    "control/v1/control.proto",
    "reading/v1/reading.proto",
    "evolution/v1/task.proto",
    "evolution/v2/task.proto",
    "evolution/reused/task.proto",
    "onnx/onnx.proto",
];

fn main() -> ExitCode {
    let check = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => {
            eprintln!("usage: proto-codegen [--check]");
            return ExitCode::from(2);
        }
    };
    match run(check) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Where the generated code is, from the course's folder.
const GENERATED: &str = "proto/src/generated";

fn run(check: bool) -> Result<()> {
    let root = workspace_root();
    let fresh = tempfile::tempdir()?;
    generate(&root.join("proto"), fresh.path())?;
    let mut generated = Generated::default();
    for entry in fs::read_dir(fresh.path())? {
        let entry = entry?;
        generated.add(
            Path::new(GENERATED).join(entry.file_name()),
            fs::read(entry.path())?,
        );
    }
    generated.write_or_check(&root, &[GENERATED], check, "cargo xtask proto")
}

fn generate(proto: &Path, out: &Path) -> Result<()> {
    let mut descriptors = protox::compile(CONTRACTS, [proto]).context("parse the .proto files")?;
    tonic_prost_build::configure()
        .out_dir(out)
        // A service that a lesson writes spells out the methods that it is about; all others answer UNIMPLEMENTED. So a
        // new RPC breaks no `impl`.
        .generate_default_stubs(true)
        .emit_rerun_if_changed(false)
        .compile_fds(descriptors.clone())
        .context("generate Rust code")?;
    // Comments and positions are for the generated code; readers of descriptors at run time need neither.
    for file in &mut descriptors.file {
        file.source_code_info = None;
    }
    fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    // Programs that print calls decode health checks by it, without linking tonic-health.
    fs::write(
        out.join("health.bin"),
        tonic_health::pb::FILE_DESCRIPTOR_SET,
    )?;
    Ok(())
}
