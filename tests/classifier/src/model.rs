//! The ONNX model as tract runs it: a bag of words in, probabilities with and without each word out.
//!
//! Shapes, for a text of N distinct words: `tokens` is i64 `[N]`, `counts` is f32 `[N, 1]`; `probabilities` is f32
//! `[1, 5]`, and row i of `without`, f32 `[N, 5]`, is what `probabilities` would be if word i were not in the text.

use anyhow::{Context as _, ensure};
use corpus::Kind;
use tract_onnx::prelude::*;

use crate::error::Error;
use crate::words::{Bag, ROWS};

/// The optimised network and what its metadata says about it.
#[derive(Debug)]
pub(crate) struct Model {
    plan: Arc<TypedRunnableModel>,
    version: String,
    labels: Vec<Kind>,
}

/// The network's answer for one text. Columns are in the order of [`Model::labels`].
pub(crate) struct Answer {
    pub(crate) probabilities: Vec<f32>,
    /// One row for each entry of the bag.
    pub(crate) without: Vec<Vec<f32>>,
}

impl Model {
    /// Reads an ONNX file. Fails unless its metadata names five known labels and this crate's number of rows.
    pub(crate) fn read(mut bytes: &[u8]) -> Result<Model, Error> {
        let onnx = onnx();
        let proto = onnx
            .proto_model_for_read(&mut bytes)
            .map_err(Error::model("decode the model"))?;
        let metadata = |key: &str| {
            let found = proto.metadata_props.iter().find(|entry| entry.key == key);
            found
                .map(|entry| entry.value.as_str())
                .with_context(|| format!("the metadata lacks {key:?}"))
        };
        let described = || -> TractResult<(String, Vec<Kind>)> {
            let labels: Option<Vec<Kind>> = metadata("labels")?
                .split(',')
                .map(Kind::from_label)
                .collect();
            let labels = labels
                .filter(|labels| labels.len() == Kind::ALL.len())
                .context("the labels are not the document types")?;
            let rows = metadata("rows")?;
            ensure!(
                rows == ROWS.to_string(),
                "the tables have {rows} rows, words are hashed to {ROWS}"
            );
            Ok((metadata("version")?.to_owned(), labels))
        };
        let (version, labels) = described().map_err(Error::model("read the model's metadata"))?;
        let plan = onnx
            .model_for_proto_model(&proto)
            .and_then(|model| model.into_optimized())
            .and_then(|model| model.into_runnable())
            .map_err(Error::model("prepare the model"))?;
        Ok(Model {
            plan,
            version,
            labels,
        })
    }

    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// The label of each column.
    pub(crate) fn labels(&self) -> &[Kind] {
        &self.labels
    }

    /// Scores a bag that is not empty. Calls share no state, so they do not wait for each other.
    pub(crate) fn run(&self, bag: &Bag) -> Result<Answer, Error> {
        let tokens: Vec<i64> = bag
            .entries()
            .iter()
            .map(|entry| i64::from(entry.row))
            .collect();
        let counts: Vec<f32> = bag
            .entries()
            .iter()
            .map(|entry| entry.count as f32)
            .collect();
        let answer = || -> TractResult<Answer> {
            let tokens = Tensor::from_shape(&[tokens.len()], &tokens)?;
            let counts = Tensor::from_shape(&[counts.len(), 1], &counts)?;
            let outputs = self.plan.run(tvec!(tokens.into(), counts.into()))?;
            let values = |output: usize| -> TractResult<Vec<f32>> {
                Ok(outputs[output]
                    .try_as_plain_ram()?
                    .as_slice::<f32>()?
                    .to_vec())
            };
            let without = values(1)?
                .chunks(self.labels.len())
                .map(<[f32]>::to_vec)
                .collect();
            Ok(Answer {
                probabilities: values(0)?,
                without,
            })
        };
        answer().map_err(Error::model("run the model"))
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn broken_file_is_an_error_that_says_what_failed() {
        let committed = crate::model_bytes();
        for (bytes, doing) in [
            (&committed[..1000], "failed to decode the model"),
            (&[][..], "failed to read the model's metadata"),
        ] {
            let error = Model::read(bytes).unwrap_err();
            assert_eq!(error.to_string(), doing);
            assert!(error.source().is_some());
        }
    }
}
