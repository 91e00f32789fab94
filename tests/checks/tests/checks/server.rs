//! The reference server that is kept from check to check, in the form of a script that only listens.

use std::cell::Cell;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};
use checks::Server;
use tempfile::TempDir;

use crate::programs::SOCKET_VARIABLE;

/// A program that takes the arguments of the reference server and writes its id to a file.
struct Script {
    folder: TempDir,
    program: PathBuf,
}

impl Script {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let this = std::env::current_exe().expect("this test is a program");
        let text = format!(
            "#!/bin/sh\n\
             {SOCKET_VARIABLE}=\"${{2#unix:}}\" {} --exact programs::is_a_server >/dev/null &\n\
             while [ ! -S \"${{2#unix:}}\" ]; do sleep 0.02; done\n\
             echo $$ > {}\n\
             echo \"listening on $2\"\n\
             wait\n",
            this.display(),
            id_file(folder.path()).display(),
        );
        let program = folder.path().join("server");
        std::fs::write(&program, text).expect("it is new");
        let mode = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(&program, mode).expect("it is ours");
        Self { folder, program }
    }

    /// The id of the server that was started last.
    fn id(&self) -> String {
        let id = std::fs::read_to_string(id_file(self.folder.path()));
        id.expect("it was started").trim().to_owned()
    }

    fn kill(&self) {
        let killed = Command::new("kill")
            .args(["-s", "KILL", &self.id()])
            .status();
        assert!(killed.expect("kill runs").success());
        let stat = format!("/proc/{}/stat", self.id());
        // Its parent, this process, sees its end a moment later.
        while std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ")) {
            std::thread::yield_now();
        }
    }
}

fn id_file(folder: &Path) -> PathBuf {
    folder.join("id")
}

#[tokio::test]
async fn server_that_lives_is_kept_and_one_that_has_died_is_started_again() {
    let script = Script::new();
    let mut server = Server::default();
    let mut id_of_run = async || {
        let id = async |_: &_| Ok(script.id());
        server.with(&script.program, id).await.expect("it starts")
    };
    let first = id_of_run().await;
    assert_eq!(id_of_run().await, first);
    script.kill();
    assert_ne!(id_of_run().await, first);
}

#[tokio::test]
async fn run_in_which_the_server_dies_is_repeated_once() {
    let script = Script::new();
    let mut server = Server::default();
    for fails in [false, true] {
        let runs = Cell::new(0);
        let run = async |_: &_| -> Result<u32> {
            runs.set(runs.get() + 1);
            if runs.get() == 1 {
                script.kill();
                if fails {
                    bail!("the connection broke");
                }
            }
            Ok(runs.get())
        };
        let result = server.with(&script.program, run).await;
        assert_eq!(result.expect("the second is whole"), 2, "{fails}");
    }
}

/// A program that ends the server each time gets what its run came to.
#[tokio::test]
async fn run_is_not_repeated_again_and_again() {
    let script = Script::new();
    let mut server = Server::default();
    let runs = Cell::new(0);
    let run = async |_: &_| -> Result<()> {
        runs.set(runs.get() + 1);
        script.kill();
        Ok(())
    };
    let result = server.with(&script.program, run).await;
    result.expect("it is what the second run came to");
    assert_eq!(runs.get(), 2);
}
