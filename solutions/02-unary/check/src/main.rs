//! The checker of lesson unary. Written by `cargo xtask sync`: do not edit.

fn main() -> std::process::ExitCode {
    checks::main(&check_unary::LESSON)
}
