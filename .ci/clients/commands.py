"""What clients on the command line have in common."""

import json
import os
import signal
import subprocess

from server import LIMIT, ROOT


def run(*arguments):
    """Runs a command to its end: its exit code, output and errors."""
    # A session of its own: buf is a script that starts a program, and both are to end when the time is up.
    process = subprocess.Popen(
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    with process:
        try:
            output, errors = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            shown = " ".join(map(str, arguments))
            raise AssertionError(f"did not end within {LIMIT} s: {shown[:200]}") from None
    return process.returncode, output, errors


def documents(text):
    """The JSON values of a text, one behind the other."""
    decoder, values = json.JSONDecoder(), []
    text = text.strip()
    while text:
        value, end = decoder.raw_decode(text)
        values.append(value)
        text = text[end:].strip()
    return values


def data(requests):
    """Requests as both commands take them."""
    return " ".join(json.dumps(request) for request in requests)
