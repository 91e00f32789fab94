//! Documents from a seed.

use anyhow::{Context, Result, bail};
use proto::model::v1::{RankRequest, RankResponse};

use crate::reference::Reference;

/// How near a score may come to where rounding to two decimals turns over. Another machine's arithmetic may differ in
/// the last bits of a float; a document this far from the edge is printed alike everywhere.
const MARGIN: f64 = 0.000_05;

/// The numbers from which a run's inputs are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

impl Seed {
    /// The seed of the snapshots in the repository.
    pub const PUBLISHED: Self = Self(1);

    /// A number for `purpose`, from 0 to `below`.
    pub fn draw(self, purpose: u64, below: u64) -> u64 {
        self.generator(purpose).u64(0..below)
    }

    /// Numbers for `purpose`.
    pub fn generator(self, purpose: u64) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.0.wrapping_mul(1_000_003).wrapping_add(purpose))
    }
}

/// Where a scenario gets its documents from.
pub struct Source<'a> {
    /// The run's seed.
    pub seed: Seed,
    reference: Option<&'a Reference>,
}

impl<'a> Source<'a> {
    /// Documents of this seed. `reference` is the server that takes part in the run, if one does.
    pub fn new(seed: Seed, reference: Option<&'a Reference>) -> Self {
        Self { seed, reference }
    }

    /// `count` documents as pairs of id and text.
    ///
    /// # Errors
    ///
    /// As for [`Source::documents_made`].
    pub async fn documents(&mut self, count: usize) -> Result<Vec<(String, String)>> {
        self.documents_made(count, |text| text).await
    }

    /// `count` documents as pairs of id and text, the text changed by `make`. Where the reference server takes part in
    /// the run, only those whose scores print alike on every machine. Documents of two calls share ids and texts.
    ///
    /// # Errors
    ///
    /// When the reference server does not answer, or nearly every document is rejected.
    pub async fn documents_made(
        &mut self,
        count: usize,
        make: impl Fn(String) -> String + Send,
    ) -> Result<Vec<(String, String)>> {
        let first = 100 + self.seed.draw(1, 800);
        let mut documents = Vec::new();
        for candidate in corpus::documents(self.seed.0, 20 * count) {
            let text = make(candidate.text);
            if let Some(reference) = self.reference
                && !prints_alike(&rank(reference, &text).await?)
            {
                continue;
            }
            documents.push((format!("doc-{}", first + documents.len() as u64), text));
            if documents.len() == count {
                return Ok(documents);
            }
        }
        bail!(
            "of {} documents made from seed {}, only {} are fit to be printed",
            20 * count,
            self.seed.0,
            documents.len()
        )
    }

    /// The version of the model that the reference server runs.
    ///
    /// # Errors
    ///
    /// When it does not answer, or takes no part in the run.
    pub async fn model_version(&self) -> Result<String> {
        let reference = self
            .reference
            .context("this scenario has no reference server")?;
        Ok(rank(reference, "version").await?.model_version)
    }
}

async fn rank(reference: &Reference, text: &str) -> Result<RankResponse> {
    let request = RankRequest {
        text: text.to_owned(),
    };
    let response = reference.host().rank(request).await;
    Ok(response
        .context("ask the reference server for the scores of a document")?
        .into_inner())
}

/// Whether all scores are clear of a rounding edge, and no two are printed alike and could change places.
fn prints_alike(response: &RankResponse) -> bool {
    let scores: Vec<_> = response
        .scores
        .iter()
        .map(|score| f64::from(score.probability))
        .collect();
    let clear = |score: &f64| ((score * 100.0).fract() - 0.5).abs() > MARGIN * 100.0;
    let apart = |pair: &[f64]| (pair[0] - pair[1]).abs() > MARGIN;
    scores.iter().all(clear) && scores.windows(2).all(apart)
}
