"""buf curl, which is written in Go with connect-go, over gRPC and over gRPC-Web."""

import base64
import unittest

from calls import Client, FourKinds, Outcome, WithKey, details
from commands import data, documents, run
from server import ROOT

BUF = ROOT / "target/buf/node_modules/.bin/buf"
# buf curl shifts the status left by this many bits for its exit code. A lower code is an error of buf curl itself.
SHIFT = 3


class BufCurl:
    """The adapter."""

    # What the contract is read from: reflection, unless something else is said here.
    contract = ()
    protocol = "grpc"

    def call(self, method, *requests, metadata=()):
        headers = [part for name, value in metadata for part in ("--header", f"{name}: {value}")]
        url = f"http://{self.server.address}/{method}"
        code, output, errors = run(
            BUF, "curl", "--protocol", self.protocol, *self.contract, *headers, "--data", data(requests), url
        )
        if code == 0:
            return Outcome(documents(output))
        self.assertGreaterEqual(code, 1 << SHIFT, errors)
        [status] = documents(errors)
        values = [
            (detail["type"], base64.b64decode(detail["value"] + "==")) for detail in status.get("details", [])
        ]
        return Outcome(documents(output), status["code"].upper(), status.get("message", ""), details(values))

    def services(self):
        url = f"http://{self.server.address}"
        code, output, errors = run(BUF, "curl", "--protocol", "grpc", "--list-services", url)
        self.assertEqual(code, 0, errors)
        return output.split()


class BufCurlFourKinds(BufCurl, FourKinds, unittest.TestCase):
    pass


class BufCurlWithKey(BufCurl, WithKey, unittest.TestCase):
    pass


class BufCurlWeb(BufCurl, Client, unittest.TestCase):
    """gRPC-Web over HTTP/1.1. It cannot carry reflection, so the contract comes from the file.

    What is refused here is refused after it was read. HTTP/1.1 ends the connection on whoever still writes, and the
    answer may be lost.
    """

    contract = ("--schema", "proto")
    protocol = "grpcweb"
    test_Classify = FourKinds.test_Classify_answers_with_the_best_guesses
    test_ClassifyBatch = FourKinds.test_ClassifyBatch_answers_every_document_in_order
    test_errors = FourKinds.test_errors_say_all_that_is_wrong
