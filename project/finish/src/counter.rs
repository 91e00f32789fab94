//! What the service does. It knows nothing of TLS, of logs, or of how the
//! server stops.

use std::collections::HashSet;
use std::io;
use std::path::Path;

use tonic::{Request, Response, Status};

use crate::words::v1::word_counter_server::WordCounter;
use crate::words::v1::{CountRequest, CountResponse};

/// Counts words. It is made once, before the first call, and all calls share
/// it.
pub struct Counter {
    /// The list of common words, in lower case.
    common: HashSet<String>,
}

impl Counter {
    /// Reads the list of common words, one on each line.
    pub fn load(list: &Path) -> io::Result<Self> {
        let list = String::from_utf8(crate::read(list)?).map_err(io::Error::other)?;
        let common = list.lines().map(str::to_owned).collect();
        Ok(Self { common })
    }
}

#[tonic::async_trait]
impl WordCounter for Counter {
    async fn count(
        &self,
        request: Request<CountRequest>,
    ) -> Result<Response<CountResponse>, Status> {
        let Some(document) = request.into_inner().document else {
            return Err(Status::invalid_argument("document is missing"));
        };
        let mut answer = CountResponse::default();
        for word in document.text.split_whitespace() {
            answer.words += 1;
            if !self.common.contains(&word.to_lowercase()) {
                answer.uncommon += 1;
            }
        }
        Ok(Response::new(answer))
    }
}
