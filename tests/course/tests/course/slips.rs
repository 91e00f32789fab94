//! No slip in a solution passes, unless it is as right as the solution.

use mutants::{Suite, Tally, run, table};

use crate::harness::catalogue;

/// How many programs run side by side.
const AT_ONCE: usize = 6;

/// Prints the counts of all exercises, and fails where a mutant passes that is not listed, or one is listed that does not.
#[tokio::test(flavor = "multi_thread")]
async fn slips_in_solutions_do_not_pass() {
    let suite = Suite {
        exercises: Vec::new(),
        at_once: AT_ONCE,
    };
    let tallies = run(catalogue(), &suite, |line| eprintln!("{line}")).await;
    let tallies = tallies.unwrap_or_else(|error| panic!("{error:#}"));
    let table = table(&tallies);
    println!("{table}");
    let complaints: String = tallies.iter().map(Tally::complaints).collect();
    assert!(complaints.is_empty(), "{table}\n{complaints}");
}
