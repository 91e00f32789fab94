//! Lesson server-streaming, solved. Written by `cargo xtask sync`: do not edit.

#[path = "../given/batch.rs"]
mod batch;
#[path = "../1-first-results/solution.rs"]
mod ex1_first_results;
#[path = "../2-bad-document/solution.rs"]
mod ex2_bad_document;
#[path = "../3-drain/solution.rs"]
mod ex3_drain;
#[path = "../4-caller-leaves/solution.rs"]
mod ex4_caller_leaves;
#[path = "../5-slow-reader/solution.rs"]
mod ex5_slow_reader;
#[path = "../6-whole-deadline/solution.rs"]
mod ex6_whole_deadline;
#[path = "../given/host.rs"]
mod host;
mod run;

kit::exercises! {
    "server-streaming.1": run::first_results(|host, max_documents| ex1_first_results::Edge { host, max_documents });
    "server-streaming.2": run::bad_document(|host| ex2_bad_document::Edge { host });
    "server-streaming.3": run::drain(ex3_drain::read_batch);
    "server-streaming.4": run::caller_leaves(|host| ex4_caller_leaves::Edge { host });
    "server-streaming.5": run::slow_reader(|host, at_once| ex5_slow_reader::Edge { host, at_once });
    "server-streaming.6": run::whole_deadline(ex6_whole_deadline::read_within);
}
