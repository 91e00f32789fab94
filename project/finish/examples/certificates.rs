//! `cargo run --example certificates -- FOLDER`: certificates for a trial on this machine. They are not for any other
//! use: whoever can read the folder can be the server.

#[path = "../tests/it/certificates.rs"]
mod certificates;

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    let folder = PathBuf::from(folder);
    std::fs::create_dir_all(&folder)?;
    certificates::write(&folder)?;
    for entry in [
        "ca.pem",
        "client.key",
        "client.pem",
        "server.key",
        "server.pem",
    ] {
        println!("{}", folder.join(entry).display());
    }
    Ok(())
}
