//! Writes the Rust code of the contracts, whenever one of them has changed. It
//! goes to the folder `OUT_DIR`, which cargo chooses, and never to `src/`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=proto");
    // protox reads the files, so no `protoc` has to be installed. `proto` is
    // the folder from which it looks for a file, and for what the file imports.
    let descriptors = protox::compile(["words/v1/words.proto"], ["proto"])?;
    tonic_prost_build::compile_fds(descriptors)?;
    Ok(())
}
