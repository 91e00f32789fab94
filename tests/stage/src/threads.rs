//! The threads of a process and of all that it has started, as the kernel lists them.

use std::fs;
use std::path::PathBuf;

/// The folders in `/proc` of all threads of a process and of its descendants. `None` where it does not exist or ends
/// meanwhile, and on systems other than Linux.
pub(crate) fn of_tree(process: u32) -> Option<Vec<PathBuf>> {
    let mut threads = Vec::new();
    let mut processes = vec![process];
    while let Some(process) = processes.pop() {
        for thread in fs::read_dir(format!("/proc/{process}/task")).ok()? {
            let thread = thread.ok()?.path();
            let children = fs::read_to_string(thread.join("children")).ok()?;
            for child in children.split_whitespace() {
                processes.push(child.parse().ok()?);
            }
            threads.push(thread);
        }
    }
    Some(threads)
}
