"""The reference server as a process, for one class of tests."""

import os
import pathlib
import select
import subprocess
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target/heavy/debug/reference"

# In seconds: longer than anything takes on a machine that is not broken.
LIMIT = 30


class Server:
    """Serves on a free port, with a store of its own, until it is stopped or this process ends."""

    def __init__(self, *options, key=None):
        self._folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(self._folder.name)
        self.store = folder / "uploads"
        if key is not None:
            (folder / "key").write_bytes(key)
            options = (*options, "--auth-key", str(folder / "key"))
        self.process = subprocess.Popen(
            [PROGRAM, "--listen", "127.0.0.1:0", "--stop-with-stdin", "--store", self.store, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "RUST_LOG": "info"},
        )
        self.log = []
        self._ended = False
        self._grew = threading.Condition()
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        self.address = self._read_address()

    def _read_address(self):
        readable, _, _ = select.select([self.process.stdout], [], [], LIMIT)
        line = self.process.stdout.readline() if readable else ""
        _, found, address = line.rstrip().partition("listening on http://")
        if not found:
            self.process.kill()
            self._reader.join(LIMIT)
            raise AssertionError(f"the server did not say where it listens: {line!r}, {self.log}")
        return address

    def _read_log(self):
        for line in self.process.stderr:
            with self._grew:
                self.log.append(line.rstrip())
                self._grew.notify_all()
        with self._grew:
            self._ended = True
            self._grew.notify_all()

    def line(self, request_id):
        """The access log's line about the call with this id, once it is there."""

        def lines():
            return [line for line in self.log if f'request_id="{request_id}"' in line and "status=" in line]

        with self._grew:
            self._grew.wait_for(lambda: lines() or self._ended, LIMIT)
            if not lines():
                raise AssertionError(f"the server's log has no line about the call {request_id}")
            return lines()[0]

    def files(self):
        """What is in the store, unfinished uploads too, by name. After the stop, no upload is on its way any more."""
        if not self.store.exists():
            return {}
        return {path.name: path.read_bytes() for path in self.store.iterdir()}

    def stop(self):
        """Closes the server's standard input and waits for a clean exit."""
        self.process.stdin.close()
        try:
            code = self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"the server did not stop within {LIMIT} s") from None
        finally:
            self._reader.join(LIMIT)
            self.process.stdout.close()
            self.process.stderr.close()
        if code != 0:
            raise AssertionError(f"the server ended with {code}: {self.log}")

    def remove(self):
        """Deletes the store."""
        self._folder.cleanup()
