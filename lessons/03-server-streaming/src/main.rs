//! Lesson 3, server-streaming: one request, many responses.
//!
//! A stream of answers: sent as they come, read to the end, left early, slowed down by its reader, and bounded in time.
//!
//! Provided by the course: do not edit. Each exercise has a file of its own, `ex1_...` to `ex6_...`, and `run.rs` with
//! its folder shows how the course calls it.

mod batch;
mod ex1_first_results;
mod ex2_bad_document;
mod ex3_drain;
mod ex4_caller_leaves;
mod ex5_slow_reader;
mod ex6_whole_deadline;
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
