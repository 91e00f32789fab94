//! The checker of lesson client-streaming. Written by `cargo xtask sync`: do not edit.

fn main() -> std::process::ExitCode {
    checks::main(&check_client_streaming::LESSON)
}
