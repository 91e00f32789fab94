//! The generated code, a module for each part of a package's name: the code of
//! `words.v1` finds that of `document.v1` at `super::super::document::v1`.

pub mod document {
    pub mod v1 {
        tonic::include_proto!("document.v1");
    }
}

pub mod words {
    pub mod v1 {
        tonic::include_proto!("words.v1");
    }
}
