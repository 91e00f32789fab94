//! The checker of lesson bidirectional. Written by `cargo xtask sync`: do not edit.

fn main() -> std::process::ExitCode {
    checks::main(&check_bidirectional::LESSON)
}
