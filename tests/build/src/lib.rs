//! Building the course's programs through cargo.
//!
//! All of it needs names and paths only: no scenario, no network, no runtime. So the command line can link it, and is
//! there soon after a learner has typed the first command.

// Where things are.
mod root;
mod target_dir;

// One call of cargo.
mod call;
mod cargo;
mod diagnostics;
mod fresh;
mod machine;
mod progress;
mod sources;
mod target;

// What is built of the course.
mod broken;
mod fault;
mod files;
mod imports;
mod learner;
mod left_gap;
mod manifest;
mod overlay;
mod programs;
mod reference;
mod signature;
mod source;

// Many programs in one.
mod batch;
mod batch_files;
mod blame;
mod entry;
mod given_types;
mod slot;

// What is generated from the exercises' folders.
mod generated;
mod lists;
mod starter;

pub use batch::Batch;
pub use cargo::{Built, Errors, build, build_all};
pub use entry::{Entry, Outcome};
pub use fault::{Broken, Fault, Program, Unreadable};
pub use generated::{Generated, is_same};
pub use learner::{begun, changed_given, given_files, starter};
pub use left_gap::GapError;
pub use lists::{check_lib, check_main, solution_main, solution_run, solution_variants};
pub use machine::{INSTALL_LINKER, missing_linker};
pub use overlay::Overlay;
pub use programs::{Programs, Scratch, build_checker};
pub use progress::Progress;
pub use reference::build_reference;
pub use root::workspace_root;
pub use source::Source;
pub use starter::lesson_files;
pub use target::Target;
pub use target_dir::{heavy_dir, target_dir};
