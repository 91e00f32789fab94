"""Python's grpcio with generated code, and with its packages for health, reflection and status.

grpcio is built on gRPC's own core in C++: it shares no code with tonic, and none with the clients in Go.
"""

import hashlib
import queue
import signal
import unittest

import grpc
from classification.v1 import classification_pb2 as messages
from classification.v1 import classification_pb2_grpc as classifier
from google.protobuf import json_format
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status
from model.v1 import model_pb2, model_pb2_grpc

from calls import CLASSIFIER, HEALTH, INVOICE, LETTER, Client, FourKinds, Outcome, WithKey, details, kind, started
from server import LIMIT

STUBS = {
    CLASSIFIER: (messages, classifier.DocumentClassifierStub),
    HEALTH: (health_pb2, health_pb2_grpc.HealthStub),
    "model.v1.ModelHost": (model_pb2, model_pb2_grpc.ModelHostStub),
}


def outcome_of(error, answers=()):
    """An error as the other clients show it."""
    status = rpc_status.from_call(error)
    values = [(detail.type_url.rpartition("/")[2], detail.value) for detail in status.details] if status else []
    return Outcome(list(answers), error.code().name, error.details(), details(values))


def question(correlation_id, text):
    return json_format.ParseDict(started(correlation_id, text), messages.ClassificationEvent())


class Python:
    """The adapter."""

    def setUp(self):
        self.channel = grpc.insecure_channel(self.server.address)
        self.addCleanup(self.channel.close)
        self.stub = classifier.DocumentClassifierStub(self.channel)

    def call(self, method, *requests, metadata=()):
        service, _, name = method.partition("/")
        module, stub = STUBS[service]
        described = module.DESCRIPTOR.services_by_name[service.rpartition(".")[2]].methods_by_name[name]
        request_class = getattr(module, described.input_type.name)
        sent = [json_format.ParseDict(request, request_class()) for request in requests]
        argument = iter(sent) if described.client_streaming else sent[0]
        answers = []
        try:
            answer = getattr(stub(self.channel), name)(argument, timeout=LIMIT, metadata=metadata)
            for message in answer if described.server_streaming else [answer]:
                answers.append(json_format.MessageToDict(message))
        except grpc.RpcError as error:
            return outcome_of(error, answers)
        return Outcome(answers)

    def services(self):
        return ProtoReflectionDescriptorDatabase(self.channel).get_services()


class PythonFourKinds(Python, FourKinds, unittest.TestCase):
    def test_reflection_describes_the_contract(self):
        pool = DescriptorPool(ProtoReflectionDescriptorDatabase(self.channel))
        served = pool.FindServiceByName(CLASSIFIER)
        ours = messages.DESCRIPTOR.services_by_name["DocumentClassifier"]

        def shape(service):
            return [
                (m.name, m.input_type.full_name, m.client_streaming, m.output_type.full_name, m.server_streaming)
                for m in service.methods
            ]

        self.assertEqual(shape(served), shape(ours))
        for name, message in messages.DESCRIPTOR.message_types_by_name.items():
            fields = pool.FindMessageTypeByName(message.full_name).fields
            self.assertEqual([(f.number, f.name) for f in fields], [(f.number, f.name) for f in message.fields], name)

    def test_every_response_names_the_call(self):
        sent = [("x-request-id", "call-1"), ("x-correlation-id", "ask-1")]
        _, call = self.stub.Classify.with_call(
            messages.ClassifyRequest(text=INVOICE), timeout=LIMIT, metadata=sent
        )
        headers = dict(call.initial_metadata())
        self.assertEqual((headers.get("x-request-id"), headers.get("x-correlation-id")), ("call-1", "ask-1"))
        self.assertIn('status="OK"', self.server.line("call-1"))

    def test_ClassifyStream_answers_before_the_next_question_is_asked(self):
        questions = queue.SimpleQueue()
        answers = self.stub.ClassifyStream(iter(questions.get, None), timeout=LIMIT)
        for correlation_id, text in [("a", INVOICE), ("b", ""), ("c", LETTER)]:
            questions.put(question(correlation_id, text))
            self.assertEqual(next(answers).correlation_id, correlation_id)
        questions.put(None)
        self.assertEqual(list(answers), [])
        self.assertEqual(answers.code(), grpc.StatusCode.OK)

    def test_UploadDocument_takes_a_long_file_and_refuses_one_byte_too_many(self):
        def chunks(document_id, length, commit):
            checksum, size = hashlib.sha256(), 1 << 20
            for number, start in enumerate(range(0, length, size)):
                data = bytes([number]) * min(size, length - start)
                checksum.update(data)
                chunk = messages.DocumentChunk(document_id=document_id, chunk_number=number, data=data)
                if number == 0:
                    chunk.mime_type = "application/pdf"
                if commit and start + size >= length:
                    chunk.is_last, chunk.total_bytes, chunk.sha256 = True, length, checksum.digest()
                yield chunk

        receipt = self.stub.UploadDocument(chunks("long", 3 << 20, True), timeout=LIMIT)
        self.assertEqual((receipt.total_bytes, receipt.total_chunks), (3 << 20, 3))
        self.stored[receipt.storage_key] = b"".join(bytes([number]) * (1 << 20) for number in range(3))
        with self.assertRaises(grpc.RpcError) as caught:
            self.stub.UploadDocument(chunks("too long", (50 << 20) + 1, False), timeout=LIMIT)
        outcome = outcome_of(caught.exception)
        self.assertEqual((outcome.code, self.fields(outcome)), ("INVALID_ARGUMENT", ["data"]))

    def test_the_server_ends_calls_at_their_deadline(self):
        # Client and server watch the same deadline, and the server is a little ahead. On a busy machine the client may
        # still notice it first; then the status is the client's, has no details, and shows nothing about the server.
        # When both notice it at the same moment, grpcio passes the server's message on without decoding its "%20", and
        # grpcio-status refuses it.
        for _ in range(20):
            questions = queue.SimpleQueue()
            questions.put(question("a", INVOICE))
            with self.assertRaises(grpc.RpcError) as caught:
                for answer in self.stub.ClassifyStream(iter(questions.get, None), timeout=0.3):
                    self.assertEqual(answer.correlation_id, "a")
            questions.put(None)
            self.assertEqual(caught.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
            try:
                outcome = outcome_of(caught.exception)
            except ValueError:
                continue
            if outcome.details:
                self.assertEqual(outcome.details["ErrorInfo"]["reason"], "DEADLINE_EXCEEDED")
                return
        self.fail("of 20 deadlines, the server ended none")

    def test_a_cancel_reaches_the_server(self):
        questions = queue.SimpleQueue()
        questions.put(question("a", INVOICE))
        answers = self.stub.ClassifyStream(
            iter(questions.get, None), timeout=LIMIT, metadata=[("x-request-id", "cancelled")]
        )
        self.assertEqual(next(answers).correlation_id, "a")
        answers.cancel()
        self.assertEqual(answers.code(), grpc.StatusCode.CANCELLED)
        self.assertIn('status="CANCELLED"', self.server.line("cancelled"))
        questions.put(None)

    def test_a_cancelled_upload_leaves_nothing(self):
        # The store is checked after the server has stopped, as for all uploads here.
        chunks = queue.SimpleQueue()
        chunks.put(messages.DocumentChunk(document_id="cancelled", mime_type="text/plain", data=b"one"))
        call = self.stub.UploadDocument.future(
            iter(chunks.get, None), timeout=LIMIT, metadata=[("x-request-id", "upload")]
        )
        # The answer of another call on the same connection: the chunk before it has arrived.
        self.ok(f"{HEALTH}/Check", {})
        call.cancel()
        # tonic shows its handler a cancel as the end of the stream, so the handler may still answer that the commit is
        # missing. Nobody receives that.
        self.assertRegex(self.server.line("upload"), 'status="(CANCELLED|INVALID_ARGUMENT)"')
        chunks.put(None)

    def test_unknown_methods_are_unimplemented(self):
        call = self.channel.unary_unary(f"/{CLASSIFIER}/Summarise")
        with self.assertRaises(grpc.RpcError) as caught:
            call(b"", timeout=LIMIT)
        outcome = outcome_of(caught.exception)
        self.assertEqual(outcome.code, "UNIMPLEMENTED")
        self.assertEqual(outcome.details["ErrorInfo"], {"reason": "UNIMPLEMENTED", "domain": "wirebook.example"})

    def test_a_message_beyond_the_limit_is_out_of_range(self):
        chunk = messages.DocumentChunk(document_id="a", mime_type="text/plain", data=bytes(4 << 20))
        with self.assertRaises(grpc.RpcError) as caught:
            self.stub.UploadDocument(iter([chunk]), timeout=LIMIT)
        self.assertEqual(outcome_of(caught.exception).code, "OUT_OF_RANGE")


class PythonWithKey(Python, WithKey, unittest.TestCase):
    pass


class PythonOverload(Python, Client, unittest.TestCase):
    """A server that works on one text and lets none wait."""

    options = ("--inference-threads", "1", "--queue", "0")

    def test_overload_says_when_to_come_back(self):
        request = messages.ClassifyRequest(text="Invoice due. " * 7_500)
        calls = [self.stub.Classify.future(request, timeout=LIMIT) for _ in range(64)]
        refused = [outcome_of(call) for call in calls if call.exception() is not None]
        self.assertIn(len(refused), range(1, 64), "at least one is accepted, and at least one is refused")
        for outcome in refused:
            self.assertEqual(outcome.code, "RESOURCE_EXHAUSTED")
            self.assertEqual(outcome.details["ErrorInfo"]["reason"], "SERVER_BUSY")
            self.assertEqual(outcome.details.get("RetryInfo"), {"retryDelay": "0.250s"}, outcome)
            violation = {"subject": "texts", "description": "1 texts run and 0 wait"}
            self.assertEqual(outcome.details.get("QuotaFailure"), {"violations": [violation]}, outcome)


class PythonStop(Python, Client, unittest.TestCase):
    """A server that gets SIGTERM while it is watched and has a call in flight."""

    def test_watchers_see_a_stop_and_a_call_in_flight_finishes(self):
        watch = health_pb2_grpc.HealthStub(self.channel).Watch(
            health_pb2.HealthCheckRequest(service=CLASSIFIER), timeout=LIMIT
        )
        status = health_pb2.HealthCheckResponse
        self.assertEqual(next(watch).status, status.SERVING)
        questions = queue.SimpleQueue()
        answers = self.stub.ClassifyStream(iter(questions.get, None), timeout=LIMIT)
        questions.put(question("before", INVOICE))
        self.assertEqual(next(answers).correlation_id, "before")

        self.server.process.send_signal(signal.SIGTERM)

        self.assertEqual([answer.status for answer in watch], [status.NOT_SERVING])
        questions.put(question("after", LETTER))
        answer = json_format.MessageToDict(next(answers))
        self.assertEqual((answer["correlationId"], kind(answer["classificationComplete"])), ("after", "LETTER"))
        questions.put(None)
        self.assertEqual(list(answers), [])
        self.assertEqual(answers.code(), grpc.StatusCode.OK)
