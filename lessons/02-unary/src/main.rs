//! Lesson 2, unary: one request, one response.
//!
//! Given: nothing here is yours to edit. Each exercise has a file of its own, `ex1_...` to `ex7_...`, and `run.rs` shows
//! how the course calls it.

mod edge;
mod ex1_classify;
mod ex2_deadline;
mod ex3_edge;
mod ex4_blocking;
mod ex5_health;
mod ex6_at_once;
mod ex7_failures;
mod run;

fn main() -> std::process::ExitCode {
    kit::main(&[
        ("unary.1", |session| {
            Box::pin(run::classify(session, ex1_classify::classify))
        }),
        ("unary.2", |session| {
            Box::pin(run::deadline(session, ex2_deadline::ask))
        }),
        ("unary.3", |session| {
            Box::pin(run::edge(session, |host, model_version| ex3_edge::Edge {
                host,
                model_version,
            }))
        }),
        ("unary.4", |session| {
            Box::pin(run::blocking(session, ex4_blocking::clean_aside))
        }),
        ("unary.5", |session| {
            Box::pin(run::health(session, ex5_health::report_health))
        }),
        ("unary.6", |session| {
            Box::pin(run::at_once(session, ex6_at_once::classify_all))
        }),
        ("unary.7", |session| {
            Box::pin(run::failures(session, ex7_failures::ask))
        }),
    ])
}
