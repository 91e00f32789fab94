//! The checker of lesson server-streaming. Written by `cargo xtask sync`: do not edit.

fn main() -> std::process::ExitCode {
    checks::main(&check_server_streaming::LESSON)
}
