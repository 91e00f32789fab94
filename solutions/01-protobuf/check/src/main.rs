//! The checker of lesson protobuf. Written by `cargo xtask sync`: do not edit.

fn main() -> std::process::ExitCode {
    checks::main(&check_protobuf::LESSON)
}
