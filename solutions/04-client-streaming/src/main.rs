//! Lesson client-streaming, solved. Written by `cargo xtask sync`: do not edit.

#[path = "../given/edge.rs"]
mod edge;
#[path = "../1-in-chunks/solution.rs"]
mod ex1_in_chunks;
#[path = "../2-receive/solution.rs"]
mod ex2_receive;
#[path = "../3-limit/solution.rs"]
mod ex3_limit;
#[path = "../4-commit/solution.rs"]
mod ex4_commit;
#[path = "../5-early-answer/solution.rs"]
mod ex5_early_answer;
#[path = "../given/file.rs"]
mod file;
#[path = "../given/order.rs"]
mod order;
mod run;

kit::exercises! {
    "client-streaming.1": run::in_chunks(ex1_in_chunks::in_chunks);
    "client-streaming.2": run::receive(ex2_receive::receive);
    "client-streaming.3": run::limit(ex3_limit::limit);
    "client-streaming.4": run::commit(ex4_commit::commit);
    "client-streaming.5": run::early_answer(ex5_early_answer::early_answer);
}
