//! A class is graded once, and everything that is to be said of it is asserted on its results.

mod call;
mod class;
mod reading;
mod resume;
mod shared;
mod table;
