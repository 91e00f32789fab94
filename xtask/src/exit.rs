//! Exit codes. Scripts and CI may rely on them.

use std::process::ExitCode;

use crate::style::{ERROR, paint};

/// All that was asked for passed.
pub(crate) const PASSED: u8 = 0;

/// Something that was checked did not pass.
pub(crate) const FAILED: u8 = 1;

/// The tool or the machine is at fault, or the call was wrong.
pub(crate) const TOOL: u8 = 2;

/// Says what is wrong with the tool or the machine.
pub(crate) fn tool(error: &anyhow::Error) -> ExitCode {
    eprintln!("{} {error:#}", paint(&ERROR, "error:"));
    ExitCode::from(TOOL)
}
