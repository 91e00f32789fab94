//! A class is graded once, for all tests that look at results. Reports are tested on a class made by hand.

mod call;
mod class;
mod hostile;
mod reading;
mod report;
mod resume;
mod schema;
mod shared;
