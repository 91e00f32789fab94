//! Documents from a seed.

use std::ops::Range;

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

/// The numbers in documents' ids: 356 in `doc-356`. All have the same number of digits, so ids sort as their numbers do.
const ID_NUMBERS: Range<u16> = 100..1_000;

/// Where a scenario gets its documents from.
pub struct Source<'a> {
    /// The run's seed.
    pub seed: Seed,
    reference: Option<&'a Reference>,
    /// How many ids were given so far.
    given: usize,
    /// How many of the corpus's documents were looked at so far.
    seen: usize,
}

impl<'a> Source<'a> {
    /// Documents of this seed. `reference` is the server that takes part in the run, if one does.
    pub fn new(seed: Seed, reference: Option<&'a Reference>) -> Self {
        Self {
            seed,
            reference,
            given: 0,
            seen: 0,
        }
    }

    /// `count` ids as documents have them, which no document of this run has. Three or more neither rise nor fall with
    /// the place: nobody can tell an id from a place.
    ///
    /// # Errors
    ///
    /// When there are no more.
    pub fn ids(&mut self, count: usize) -> Result<Vec<String>> {
        let ids = unordered_ids(self.seed, self.given, count)?;
        self.given += count;
        Ok(ids)
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
    /// the run, only those whose scores print alike on every machine. The documents of two calls are others. Their ids
    /// are those of [`Source::ids`].
    ///
    /// # Errors
    ///
    /// When the reference server does not answer, or nearly every document is rejected.
    pub async fn documents_made(
        &mut self,
        count: usize,
        make: impl Fn(String) -> String + Send,
    ) -> Result<Vec<(String, String)>> {
        let ids = self.ids(count)?;
        let candidates = 20 * count;
        let made = corpus::documents(self.seed.0, self.seen + candidates);
        let mut documents = Vec::new();
        for candidate in made.into_iter().skip(self.seen) {
            if documents.len() == count {
                break;
            }
            self.seen += 1;
            let text = make(candidate.text);
            if let Some(reference) = self.reference
                && !prints_alike(&rank(reference, &text).await?)
            {
                continue;
            }
            documents.push((ids[documents.len()].clone(), text));
        }
        if documents.len() == count {
            return Ok(documents);
        }
        bail!(
            "of {candidates} documents made from seed {}, only {} are fit to be printed",
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

/// `count` ids of this seed that were not among the first `given`.
fn unordered_ids(seed: Seed, given: usize, count: usize) -> Result<Vec<String>> {
    let mut numbers: Vec<_> = ID_NUMBERS.collect();
    seed.generator(1).shuffle(&mut numbers);
    let numbers = numbers.get_mut(given..given + count);
    let numbers = numbers.context("a run has fewer documents than there are ids")?;
    let descending = |pair: &[u16]| pair[0] > pair[1];
    // Of two, either order is a fair one.
    if count > 2 && (numbers.is_sorted() || numbers.windows(2).all(descending)) {
        numbers.swap(0, 1);
    }
    let numbers = numbers.iter();
    Ok(numbers.map(|number| format!("doc-{number}")).collect())
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_distinct_and_say_nothing_of_the_place() {
        let mut orders = BTreeSet::new();
        for seed in 0..500 {
            for count in [3, 4, 13] {
                let ids = unordered_ids(Seed(seed), 0, count).expect("there are so many");
                let mut sorted = ids.clone();
                sorted.sort();
                sorted.dedup();
                assert_eq!(sorted.len(), count, "{ids:?}");
                assert_ne!(ids, sorted, "{seed}");
                sorted.reverse();
                assert_ne!(ids, sorted, "{seed}");
            }
            let pair = unordered_ids(Seed(seed), 0, 2).expect("there are so many");
            orders.insert(pair.is_sorted());
        }
        assert_eq!(orders.len(), 2, "of two ids, either may come first");
    }

    #[tokio::test]
    async fn documents_of_two_calls_are_others() {
        let mut source = Source::new(Seed(5), None);
        let mut all = source.documents(2).await.expect("they are made");
        all.extend(source.documents(3).await.expect("they are made"));
        let ids: BTreeSet<_> = all.iter().map(|(id, _)| id).collect();
        let texts: BTreeSet<_> = all.iter().map(|(_, text)| text).collect();
        assert_eq!((ids.len(), texts.len()), (5, 5), "{all:?}");
    }

    #[test]
    fn more_documents_than_ids_are_refused() {
        assert!(unordered_ids(Seed(1), 899, 1).is_ok());
        assert!(unordered_ids(Seed(1), 899, 2).is_err());
    }
}
