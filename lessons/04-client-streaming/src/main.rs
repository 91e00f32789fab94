//! Lesson 4, client-streaming: many requests, one response.
//!
//! Uploads: sent as they are read, received as they come, limited, committed, and answered early.
//!
//! Provided by the course: do not edit. Each exercise has a file of its own, `ex1_...` to `ex5_...`, and `run.rs` with
//! its folder shows how the course calls it.

mod edge;
mod ex1_in_chunks;
mod ex2_receive;
mod ex3_limit;
mod ex4_commit;
mod ex5_early_answer;
mod file;
mod order;
mod run;

kit::exercises! {
    "client-streaming.1": run::in_chunks(ex1_in_chunks::in_chunks);
    "client-streaming.2": run::receive(ex2_receive::receive);
    "client-streaming.3": run::limit(ex3_limit::limit);
    "client-streaming.4": run::commit(ex4_commit::commit);
    "client-streaming.5": run::early_answer(ex5_early_answer::early_answer);
}
