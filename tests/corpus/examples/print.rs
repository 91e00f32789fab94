//! Prints documents: `cargo run -p corpus --example print -- varied 1 10`.

use std::process::ExitCode;

use corpus::{Style, documents_in};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let style = match args.next().as_deref() {
        None | Some("clean") => Style::Clean,
        Some("varied") => Style::Varied,
        Some("held-out") => Style::HeldOut,
        Some(other) => {
            eprintln!("no style is called {other:?}: use clean, varied or held-out");
            return ExitCode::from(2);
        }
    };
    let mut number = |default| args.next().map_or(Ok(default), |arg| arg.parse::<u64>());
    let (Ok(seed), Ok(count)) = (number(1), number(10)) else {
        eprintln!("usage: print [clean|varied|held-out] [SEED] [COUNT]");
        return ExitCode::from(2);
    };
    for document in documents_in(style, seed, count as usize) {
        println!("--- {}\n{}", document.kind, document.text);
    }
    ExitCode::SUCCESS
}
