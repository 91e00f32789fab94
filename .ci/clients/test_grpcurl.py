"""grpcurl, which is written in Go with grpc-go and asks reflection for the contract."""

import base64
import unittest

import grpc

from calls import FourKinds, Outcome, WithKey, details
from commands import data, documents, run
from server import ROOT

GRPCURL = ROOT / "target/python/bin/grpcurl"
# grpcurl adds this to the status for its exit code.
FAILED = 64
NAMES = {code.value[0]: code.name for code in grpc.StatusCode}


class Grpcurl:
    """The adapter."""

    def call(self, method, *requests, metadata=()):
        headers = [part for name, value in metadata for part in ("-H", f"{name}: {value}")]
        code, output, errors = run(
            GRPCURL, "-plaintext", "-format-error", *headers, "-d", data(requests), self.server.address, method
        )
        if code == 0:
            return Outcome(documents(output))
        self.assertGreater(code, FAILED, errors)
        [status] = documents(errors)
        self.assertEqual(status["code"], code - FAILED)
        values = [(detail["@type"], base64.b64decode(detail["@value"])) for detail in status.get("details", [])]
        return Outcome(documents(output), NAMES[status["code"]], status["message"], details(values))

    def services(self):
        code, output, errors = run(GRPCURL, "-plaintext", self.server.address, "list")
        self.assertEqual(code, 0, errors)
        return output.split()


class GrpcurlFourKinds(Grpcurl, FourKinds, unittest.TestCase):
    def test_reflection_describes_a_method(self):
        method = "classification.v1.DocumentClassifier.UploadDocument"
        code, output, errors = run(GRPCURL, "-plaintext", self.server.address, "describe", method)
        self.assertEqual(code, 0, errors)
        self.assertIn("( stream .classification.v1.DocumentChunk )", output)


class GrpcurlWithKey(Grpcurl, WithKey, unittest.TestCase):
    pass
