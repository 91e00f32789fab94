//! The name and the version of the format, as the first line has them.

/// What the first line of every transcript begins with.
pub(super) const NAME: &str = "wirebook-transcript";

/// The version of the format that is written and read here. A change that a reader of this version could not make sense
/// of takes another one.
pub(super) const VERSION: u32 = 2;
