//! A process group: a program, and all that it has started.

use rustix::process::{Pid, Signal, kill_process_group};

/// The group that a process leads, which must have been started with `process_group(0)`. Ends with this value, whatever
/// way that goes: by a return, an error, a panic, or because a future that holds it is dropped.
#[derive(Debug)]
pub(crate) struct Group(Option<Pid>);

impl Group {
    /// The group of the process with this id.
    pub(crate) fn of(leader: u32) -> Self {
        let leader = i32::try_from(leader).ok();
        Self(leader.and_then(Pid::from_raw))
    }

    /// Ends every process of the group at once.
    pub(crate) fn kill(&self) {
        // It fails where all have ended. The system gives no id to a new process while a group of that id is left, and
        // this is called at most a moment after the last process of it was waited for.
        let _ = self.0.map(|group| kill_process_group(group, Signal::KILL));
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read};
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};
    use std::time::Duration;

    use super::*;

    /// A shell, and a child of its own that the shell waits for. Both hold the pipe open for as long as they live.
    #[test]
    fn what_the_leader_started_ends_with_it() {
        let mut leader = Command::new("sh")
            .args(["-c", "sh -c 'echo started; sleep 600'; :"])
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("there is a shell");
        let group = Group::of(leader.id());
        let mut output = BufReader::new(leader.stdout.take().expect("it is piped"));
        let mut line = String::new();
        output.read_line(&mut line).expect("it writes");
        drop(group);
        // Reading does not end while one of them lives.
        let (end, ended) = std::sync::mpsc::channel();
        std::thread::spawn(move || end.send(output.read_to_string(&mut String::new())));
        let ended = ended.recv_timeout(Duration::from_secs(20));
        ended.expect("all end").expect("it is a pipe");
        assert_eq!(line, "started\n");
        assert!(!leader.wait().expect("it ended").success());
    }
}
