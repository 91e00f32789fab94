//! Lesson 2, unary: one request, one response.
//!
//! A client, a server, deadlines, health, many calls at a time, and calls that fail.
//!
//! Provided by the course: do not edit. Each exercise has a file of its own, `ex1_...` to `ex7_...`, and `run.rs` with
//! its folder shows how the course calls it.

mod answers;
mod edge;
mod ex1_classify;
mod ex2_deadline;
mod ex3_edge;
mod ex4_blocking;
mod ex5_health;
mod ex6_at_once;
mod ex7_failures;
mod run;

kit::exercises! {
    "unary.1": run::classify(ex1_classify::classify);
    "unary.2": run::deadline(ex2_deadline::ask);
    "unary.3": run::edge(|host, model_version| ex3_edge::Edge { host, model_version });
    "unary.4": run::blocking(ex4_blocking::clean_text);
    "unary.5": run::health(ex5_health::report_health);
    "unary.6": run::at_once(ex6_at_once::classify_all);
    "unary.7": run::failures(ex7_failures::ask);
}
