//! FILL: what the peer does, and what must show of the exercise on the wire.

use anyhow::Result;
use checks::Diagnosis;
use stage::{Inputs, Peer, Scenario, Source};

/// FILL: what the exercise is run on. Without a network: the peer answers each document with its id.
pub(crate) struct LockStep;

#[stage::async_trait]
impl Scenario for LockStep {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let documents = source.documents(2).await?;
        let answers = documents.iter().enumerate();
        let answers = answers.map(|(index, (id, _))| (index + 1, id.clone().into_bytes()));
        Ok(Inputs {
            peer_sent: answers.collect(),
            documents,
            ..Inputs::default()
        })
    }
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[Diagnosis {
    name: "nothing-sent",
    seen: |evidence| {
        let shows = !evidence.cut_short() && evidence.sent().next().is_none();
        shows.then(|| "FILL: what was seen, with the ids and numbers of the run.".to_owned())
    },
    usually: "FILL: the usual cause, and what to look at.",
}];
