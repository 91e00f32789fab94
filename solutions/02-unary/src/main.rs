//! Lesson unary, solved. Written by `cargo xtask sync`: do not edit.

#[path = "../given/answers.rs"]
mod answers;
#[path = "../given/edge.rs"]
mod edge;
#[path = "../1-classify/solution.rs"]
mod ex1_classify;
#[path = "../2-deadline/solution.rs"]
mod ex2_deadline;
#[path = "../3-edge/solution.rs"]
mod ex3_edge;
#[path = "../4-blocking/solution.rs"]
mod ex4_blocking;
#[path = "../5-health/solution.rs"]
mod ex5_health;
#[path = "../6-at-once/solution.rs"]
mod ex6_at_once;
#[path = "../7-failures/solution.rs"]
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
