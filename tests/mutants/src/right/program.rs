//! A program that takes its time.

use crate::gap;

/// A solution that does nothing for two seconds before it does what it does. It waits as such code waits: an asynchronous
/// function on the runtime's timer, a plain one by sleeping.
pub fn paused(solution: &str) -> String {
    let begin = gap::range(solution).start;
    let (before, after) = solution.split_at(begin);
    let function = before.rfind("fn ").unwrap_or(0);
    let pause = match before[..function].trim_end().ends_with("async") {
        true => "tokio::time::sleep(std::time::Duration::from_secs(2)).await;",
        false => "std::thread::sleep(std::time::Duration::from_secs(2));",
    };
    format!("{before}{pause}\n{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_of_its_functions_kind() {
        let plain = "fn f() {\n    // gap\n    a();\n    // end of gap\n}\n";
        assert!(paused(plain).contains("// gap\nstd::thread::sleep"));
        let asynchronous = format!("pub async {plain}");
        assert!(paused(&asynchronous).contains("// gap\ntokio::time::sleep"));
    }
}
