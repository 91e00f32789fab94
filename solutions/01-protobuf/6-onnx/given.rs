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
    let files: usize = session.setting("files")?.parse()?;
    let mut peer = session.into_peer();
    for number in 1..=files {
        let file = peer.receive();
        match exercise(&file, &mut peer) {
            Ok(inputs) => {
                kit::report(format!("file {number}: a list of {}", inputs.len()));
                for input in inputs {
                    kit::report(format!("file {number}: {}", line(&input)));
                }
            }
            Err(error) => {
                eprintln!("file {number}: {error}");
                kit::report(format!("file {number}: an error"));
            }
        }
    }
    Ok(())
}

/// An input with all that it has.
fn line(input: &Input) -> String {
    let sides = input.shape.iter().map(|side| match side {
        Side::Exactly(size) => size.to_string(),
        Side::Named(name) => format!("{name:?}"),
        Side::Any => "any".to_owned(),
    });
    let sides = sides.collect::<Vec<_>>().join(", ");
    let element = input.element.as_str_name();
    format!("{:?}: {element} [{sides}]", input.name)
}
