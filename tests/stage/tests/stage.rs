//! Runs of programs that do too much, too little, or nothing, as processes. This test program is also the programs under
//! test: see `programs`.

#[path = "stage/programs.rs"]
mod programs;

#[path = "stage/harness.rs"]
mod harness;
#[path = "stage/memory.rs"]
mod memory;
#[path = "stage/orphans.rs"]
mod orphans;
#[path = "stage/reports.rs"]
mod reports;
#[path = "stage/sleep.rs"]
mod sleep;
