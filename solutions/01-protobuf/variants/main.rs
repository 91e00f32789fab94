//! Other right programs and the usual wrong ones, chosen by name.

fn main() {}
