//! The course tests itself: every solution passes, every starter is unfinished, every mistake is named.

mod batch;
mod circles;
mod complete;
mod contributing;
mod course;
mod forms;
mod harness;
mod heavy;
mod house;
mod own_project;
mod pace;
mod right;
mod screens;
mod seeds;
mod slips;
mod starters;
mod tried;
mod variants;
