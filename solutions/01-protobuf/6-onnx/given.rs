//! How the course calls the exercise, and what it gives it.

use kit::{Error, Peer, Session};
use proto::onnx::tensor_proto::DataType;

// ANCHOR: input
/// An input of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// What its elements are.
    pub element: DataType,
    /// Its sides, from the outermost to the innermost.
    pub shape: Vec<Side>,
}
// ANCHOR_END: input

impl Input {
    /// An input of these parts.
    pub fn new(name: String, element: DataType, shape: Vec<Side>) -> Self {
        Self {
            name,
            element,
            shape,
        }
    }
}

// ANCHOR: side
/// A side of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// This very size.
    Exactly(i64),
    /// Any size, and the same wherever this name stands.
    Named(String),
    /// Any size.
    Any,
}
// ANCHOR_END: side

/// Runs the exercise.
pub async fn onnx(
    session: Session,
    exercise: impl Fn(&[u8], &mut Peer) -> Result<Vec<Input>, Error>,
) -> Result<(), Error> {
    let mut peer = session.into_peer();
    let file = peer.receive();
    for input in exercise(&file, &mut peer)? {
        let sides = input.shape.into_iter().map(|side| match side {
            Side::Exactly(size) => size.to_string(),
            Side::Named(name) => name,
            Side::Any => "any".to_owned(),
        });
        let sides = sides.collect::<Vec<_>>().join(", ");
        kit::report(format!(
            "{}: {} [{sides}]",
            input.name,
            input.element.as_str_name()
        ));
    }
    Ok(())
}
