//! The reference server that several checks share.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use stage::Reference;

/// How long a server that a failed run may have lost has to be seen as ended: the system closes a process's connections a
/// moment before it says that the process has ended.
const END_NOTICE: Duration = Duration::from_millis(200);

/// How often it is looked at meanwhile.
const LOOK_INTERVAL: Duration = Duration::from_millis(10);

/// The reference server that runs, if one does, and its program.
#[derive(Default)]
pub struct Server(Option<(PathBuf, Reference)>);

impl Server {
    /// Does something with the running server of this program. One that has ended since it was used last is started
    /// again. Where it ends meanwhile, what was done says nothing, and is done once more with a new one.
    ///
    /// # Errors
    ///
    /// When the server does not start, and those of `run`.
    pub async fn with<T>(
        &mut self,
        program: &Path,
        run: impl AsyncFn(&Reference) -> Result<T>,
    ) -> Result<T> {
        let result = run(self.running(program).await?).await;
        let begun = Instant::now();
        while result.is_err() && self.runs() && begun.elapsed() < END_NOTICE {
            tokio::time::sleep(LOOK_INTERVAL).await;
        }
        match self.runs() {
            true => result,
            false => run(self.running(program).await?).await,
        }
    }

    /// The running server of this program.
    async fn running(&mut self, program: &Path) -> Result<&Reference> {
        let same = matches!(&self.0, Some((path, _)) if path == program);
        if !same || !self.runs() {
            let reference = Reference::start(program).await;
            let reference = reference.context("start the reference server")?;
            self.0 = Some((program.to_owned(), reference));
        }
        let reference = self.0.as_ref().map(|(_, reference)| reference);
        reference.context("the reference server was not kept")
    }

    fn runs(&mut self) -> bool {
        self.0
            .as_mut()
            .is_some_and(|(_, reference)| reference.runs())
    }
}
