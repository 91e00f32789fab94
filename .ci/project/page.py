"""Runs the commands of the page "Your own project" one after the other, and compares what they print.

The first argument is the course's folder. The programs run in the current one, where `wirebook` leads to the course. A
command that runs a server goes on in the background. A later block that begins with `^C` sends it what Ctrl-C sends, and
shows what it prints then, until it ends. Of a trace, only the form is compared.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

# Long enough for a build on a slow machine.
LIMIT_SECONDS = 600
# `cargo new` is followed by a reader who writes these files, which the page shows.
WRITTEN = ["Cargo.toml", "Cargo.lock", "build.rs", "common-words.txt", "proto", "src"]


def main():
    root = pathlib.Path(sys.argv[1])
    page = (root / "book/src/your-own-project.md").read_text()
    session = Session(root)
    blocks = re.findall(r"^```console\n(.*?)^```$", page, re.M | re.S)
    if not blocks:
        sys.exit("the page has no commands")
    try:
        for block in blocks:
            session.block(block)
    finally:
        session.close()
    print(f"{len(blocks)} blocks of commands print what the page says")


class Session:
    def __init__(self, root):
        self.root, self.folder, self.server = root, os.getcwd(), None
        self.environment = dict(os.environ, CARGO_NET_OFFLINE="true", CARGO_TERM_COLOR="never")

    def block(self, block):
        commands = re.split(r"^\$ ", block, flags=re.M)
        if commands[0]:
            self.more(commands[0].splitlines())
        for command in commands[1:]:
            # A command goes on after a backslash at a line's end.
            line, *output = command.replace("\\\n", "").splitlines()
            if "--bin server" in line:
                self.start(line, output)
            else:
                self.run(line, output)

    def run(self, line, expected):
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_SECONDS,
        )
        compare(line, expected, done.stdout.splitlines())
        folder = self.folder
        if line.startswith("cd "):
            folder = os.path.normpath(os.path.join(folder, line.removeprefix("cd ")))
        elif line.startswith("cargo new"):
            self.write(pathlib.Path(folder) / line.split()[-1])
        self.folder = folder

    def write(self, project):
        for name in WRITTEN:
            source = self.root / "project/start" / name
            if source.is_dir():
                shutil.copytree(source, project / name, dirs_exist_ok=True)
            else:
                shutil.copy(source, project / name)

    def start(self, line, expected):
        # The next project's server takes the port of the last one, which the page ends without showing it.
        self.close()
        self.server = subprocess.Popen(
            ["bash", "-c", f"exec {line}"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        compare(line, expected, [self.server.stdout.readline().rstrip("\n") for _ in expected])

    def more(self, expected):
        """What the server prints after `^C`, until it ends."""
        if not expected[0].startswith("^C"):
            sys.exit(f"neither a command nor ^C: {expected}")
        shown = [expected[0].removeprefix("^C"), *expected[1:]]
        os.killpg(self.server.pid, signal.SIGINT)
        output, _ = self.server.communicate(timeout=LIMIT_SECONDS)
        compare("^C", shown, output.splitlines())
        self.server = None

    def close(self):
        if self.server:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.communicate()
            self.server = None


def compare(line, expected, printed):
    if masked(expected) != masked(printed):
        sys.exit("\n".join([f"$ {line}", "the page says:", *expected, "it printed:", *printed]))


def masked(lines):
    return [re.sub(r"\b[0-9a-f]{32}\b", "TRACE", line).rstrip() for line in lines]


if __name__ == "__main__":
    main()
