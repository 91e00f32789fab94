//! `model.v1.ModelHost`: what an edge, the server that learners write, asks of the host that runs the model.

use classifier::Score;
use proto::model::v1::model_host_server::ModelHost;
use proto::model::v1::{RankRequest, RankResponse, Score as WireScore};
use tonic::{Request, Response, Status};

use super::validate;
use crate::inference::Inference;

/// Answers the calls of a [`ModelHost`] client.
#[derive(Debug)]
pub struct HostService {
    inference: Inference,
}

impl HostService {
    /// A service that ranks its texts with `inference`.
    pub fn new(inference: Inference) -> Self {
        Self { inference }
    }
}

#[tonic::async_trait]
impl ModelHost for HostService {
    async fn rank(&self, request: Request<RankRequest>) -> Result<Response<RankResponse>, Status> {
        let text = validate::rank(request.into_inner())?;
        let ranking = self.inference.rank(text).await?;
        Ok(Response::new(RankResponse {
            scores: ranking.scores.into_iter().map(wire_score).collect(),
            model_version: self.inference.model_version().to_owned(),
        }))
    }
}

fn wire_score(score: Score) -> WireScore {
    WireScore {
        label: score.label.label().to_owned(),
        probability: score.probability,
        keywords: score.keywords,
    }
}
