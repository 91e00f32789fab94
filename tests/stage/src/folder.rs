//! A folder for sockets that only this user may look into.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// The longest path of a folder, in bytes, in which a socket is put. The path of a socket has at most 103 bytes on some
/// systems, and its name takes the rest.
const MAX_PATH_BYTES: usize = 90;

/// Where folders are made if the system's own place for temporary files has too long a path, is not there, or may not be
/// written.
const SHORT_PLACE: &str = "/tmp";

/// A new folder. It goes away with this value, and all that is in it.
#[derive(Debug)]
pub(crate) struct PrivateFolder(PathBuf);

impl PrivateFolder {
    /// Makes one in the system's place for temporary files, or in `/tmp` if there cannot be a socket.
    pub(crate) fn new() -> io::Result<Self> {
        Self::at_or_near(&std::env::temp_dir())
    }

    fn at_or_near(place: &Path) -> io::Result<Self> {
        // A child may have another working directory, and a relative path would be another place there.
        let place = std::path::absolute(place)?;
        // Where both fail, the error is about the place that was asked for.
        Self::within(&place)
            .or_else(|error| Self::within(Path::new(SHORT_PLACE)).map_err(|_| error))
    }

    fn within(place: &Path) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let name = format!("wirebook-{}-{count}", std::process::id());
            let mut path = place.join(&name);
            if path.as_os_str().as_bytes().len() > MAX_PATH_BYTES {
                path = Path::new(SHORT_PLACE).join(&name);
            }
            match DirBuilder::new().mode(0o700).create(&path) {
                // Left behind by a process of the same id that was killed. Whose it is now, nobody knows.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => return made.map(|()| Self(path)),
            }
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        // Someone may have cleaned up before, and nobody is left who could act on an error.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn nobody_else_may_look_into_it_and_it_goes_away() {
        let folder = PrivateFolder::new().expect("there is room");
        let path = folder.path().to_owned();
        let mode = fs::metadata(&path).expect("it is there").permissions();
        assert_eq!(mode.mode() & 0o777, 0o700);
        fs::write(path.join("file"), "").expect("it is writable");
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn socket_fits_where_the_place_has_a_long_path() {
        let outer = PrivateFolder::new().expect("there is room");
        let long = outer.path().join("x".repeat(100));
        fs::create_dir(&long).expect("it is new");
        let folder = PrivateFolder::at_or_near(&long).expect("there is room");
        UnixListener::bind(folder.path().join("control")).expect("it fits");
    }

    #[test]
    fn socket_has_a_place_where_the_asked_for_one_cannot_be_used() {
        let outer = PrivateFolder::new().expect("there is room");
        let file = outer.path().join("a file");
        fs::write(&file, "").expect("it is writable");
        for place in [
            outer.path().join("not there"),
            file,
            "relative/and not there".into(),
        ] {
            let folder = PrivateFolder::at_or_near(&place).expect("there is room");
            assert!(folder.path().is_absolute());
            UnixListener::bind(folder.path().join("control")).expect("it fits");
        }
    }
}
