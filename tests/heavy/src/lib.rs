//! Nothing but a manifest: one set of features for the third-party crates that the heavy programs share.
//!
//! The reference server, the grader, the book's builder, the code generator and the trainer are built one at a time,
//! into `target/heavy`. cargo resolves features for what it is asked to build, so each of them would get its shared
//! crates with the features that it happens to need, and cargo would compile a crate once for each set of them, with
//! everything above it: tract-core, half a minute, once for the trainer and once for the server.
//!
//! Each of these programs depends on this crate, whose manifest lists the crates that would differ, with the features
//! of all. What only one program asks for in a lesser form is listed in that program's manifest instead, so that the
//! book's builder need not compile tonic, nor the trainer. Nothing that a learner's first build touches depends on this
//! crate. `tests/course/tests/course/heavy.rs` holds that no two programs differ, and names the crate that does.
