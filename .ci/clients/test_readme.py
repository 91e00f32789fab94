"""The README's sessions with the reference server: each prints what the page shows."""

import doctest
import os
import re
import unittest
from unittest import mock

from calls import Client
from commands import documents, run
from server import ROOT

SHOWN = "127.0.0.1:50051"
# A proxy that nobody serves, as a network may prescribe one. The sessions must not ask it for this machine.
PROXY = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy", "grpc_proxy")}
# The commands that are run. The others set up what is set up here already, or do not end.
RUN = ("grpcurl ", "mkdir ", "target/python/bin/python -m ")


def without_times(value):
    """JSON without what differs from run to run, and with figures as exact as the page is meant to be."""
    if isinstance(value, dict):
        return {name: without_times(inner) for name, inner in value.items() if name != "processingTimeMs"}
    if isinstance(value, list):
        return [without_times(inner) for inner in value]
    return round(value, 4) if isinstance(value, float) else value


def comparable(output):
    return without_times(documents(output)) if output.startswith("{") else output


class Checker(doctest.OutputChecker):
    """Figures are compared as in JSON. White space is not: an empty line would end what is expected."""

    def check_output(self, want, got, optionflags):
        want, got = (re.sub(r"\d+\.\d{5,}", lambda figure: f"{float(figure[0]):.4f}", text) for text in (want, got))
        return super().check_output(want, got, optionflags | doctest.NORMALIZE_WHITESPACE)


class Readme(Client, unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        environment = mock.patch.dict(os.environ, PROXY)
        environment.start()
        cls.addClassCleanup(environment.stop)

    def blocks(self, language):
        """The code blocks of the server's section, with the address of the server of this test."""
        text = (ROOT / "README.md").read_text()
        section = text.split("## The reference server\n")[1].split("\n## ")[0]
        blocks = re.findall(rf"^```{language}\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
        self.assertTrue(blocks, f"the section has no {language}")
        return [block.replace(SHOWN, self.server.address) for block in blocks]

    def test_the_commands_print_what_the_page_shows(self):
        commands = [
            (match[1], match[2])
            for block in self.blocks("console")
            for match in re.finditer(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
            if match[1].startswith(RUN)
        ]
        self.assertGreater(len(commands), 3)
        path = f"{ROOT / 'target/python/bin'}{os.pathsep}{os.environ['PATH']}"
        for command, shown in commands:
            with self.subTest(command):
                code, output, errors = run("env", f"PATH={path}", "bash", "-c", command)
                self.assertEqual((code, errors), (0, ""))
                self.assertEqual(comparable(output), comparable(shown))

    def test_the_python_session_prints_what_the_page_shows(self):
        [session] = self.blocks("pycon")
        test = doctest.DocTestParser().get_doctest(session, {}, "the session", "README.md", 0)
        self.addCleanup(lambda: test.globs["channel"].close())
        failures = []
        runner = doctest.DocTestRunner(Checker(), verbose=False)
        outcome = runner.run(test, out=failures.append, clear_globs=False)
        self.assertGreater(outcome.attempted, 5)
        self.assertEqual(outcome.failed, 0, "".join(failures))
