//! How the course calls the exercise, and what it gives it.

use kit::{Error, Peer, Session};
use prost::Message;
use proto::classification::v1::{
    ClassificationResult, ClassifyRequest, ClassifyResponse, DocumentType,
};

/// What a result's document type says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// A type of this program's copy of the contract.
    Known(DocumentType),
    /// No type: the field is not on the wire.
    NotSet,
    /// A number from a newer copy of the contract.
    Newer(i32),
}

/// A `max_results` that is set, to a number that the contract does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange(pub i32);

/// Runs the exercise: for each ranking that the peer sends, on as many requests as the stage says.
pub async fn presence(
    session: Session,
    exercise: impl Fn(
        ClassifyRequest,
        &[ClassificationResult],
        &mut Peer,
    ) -> Result<Vec<Label>, OutOfRange>,
) -> Result<(), Error> {
    let requests = session.setting("requests")?.to_owned();
    let mut peer = session.into_peer();
    for count in requests.split(' ') {
        let ranking = ClassifyResponse::decode(peer.receive().as_slice())?.results;
        for _ in 0..count.parse()? {
            let request = ClassifyRequest::decode(peer.receive().as_slice())?;
            let id = request.document_id.clone();
            let line = match exercise(request, &ranking, &mut peer) {
                Ok(labels) if labels.is_empty() => "no labels".to_owned(),
                Ok(labels) => labels.iter().map(text).collect::<Vec<_>>().join(", "),
                Err(OutOfRange(count)) => format!("refused, max_results is {count}"),
            };
            kit::report(format!("{id}: {line}"));
        }
    }
    Ok(())
}

fn text(label: &Label) -> String {
    match label {
        Label::Known(document_type) => document_type.as_str_name().to_owned(),
        Label::NotSet => "not set".to_owned(),
        Label::Newer(number) => format!("newer type {number}"),
    }
}
