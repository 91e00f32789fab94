"""What every client must see, whichever it is: the four kinds of call, their errors, health and reflection.

A client is an adapter: it takes and returns messages in protobuf's JSON form, so that one set of checks holds for all.
"""

import base64
import dataclasses
import hashlib
import time

import jwt
from google.protobuf import json_format
from google.rpc import error_details_pb2

from server import Server

CLASSIFIER = "classification.v1.DocumentClassifier"
HEALTH = "grpc.health.v1.Health"
SERVICES = [
    CLASSIFIER,
    HEALTH,
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
    "model.v1.ModelHost",
]

INVOICE = "Invoice 2041. Amount due: 1,240.00 EUR by 15 March."
RECEIPT = "Payment received: 9,640.00 EUR from Farrow Print on 17 August. Thank you for your payment."
LETTER = "Dear Ms Farrow, thank you for your letter of 3 May. Yours sincerely, T. Okafor"

KEY = b"a secret of at least 32 bytes, for tests"


@dataclasses.dataclass
class Outcome:
    """What a call came to: the messages, the name of the status, and its details by type."""

    messages: list
    code: str = "OK"
    message: str = ""
    details: dict = dataclasses.field(default_factory=dict)


def details(values):
    """The details of a status by the short name of their type, from pairs of full name and bytes."""
    decoded = {}
    for name, value in values:
        short = name.rpartition("google.rpc.")[2]
        detail = getattr(error_details_pb2, short).FromString(value)
        decoded[short] = json_format.MessageToDict(detail)
    return decoded


def token(key=KEY, **claims):
    """A token that the server accepts, except for the claims that are given here."""
    claims = {"sub": "alice", "iss": "wirebook", "aud": "reference", "exp": int(time.time()) + 600} | claims
    return jwt.encode(claims, key, algorithm="HS256")


def upload(document_id, *pieces):
    """A file as an honest client sends it: the last chunk commits."""
    chunks = [
        {"documentId": document_id, "chunkNumber": n, "data": base64.b64encode(piece).decode()}
        for n, piece in enumerate(pieces)
    ]
    file = b"".join(pieces)
    chunks[0]["mimeType"] = "text/plain"
    chunks[-1] |= {
        "isLast": True,
        "totalBytes": str(len(file)),
        "sha256": base64.b64encode(hashlib.sha256(file).digest()).decode(),
    }
    return chunks


def started(correlation_id, text):
    """A question of a ClassifyStream."""
    return {"correlationId": correlation_id, "classificationStarted": {"text": text}}


def kind(response):
    """The best guess of a ClassifyResponse."""
    return response["results"][0]["documentType"].removeprefix("DOCUMENT_TYPE_")


class Client:
    """The checks. A class of tests inherits them and adds `call` and `services`."""

    options = ()
    key = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.options, key=cls.key)
        cls.addClassCleanup(cls.server.remove)
        # What the uploads of a class must leave in the store, by name.
        cls.stored = {}

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        left = cls.server.files()
        if left != cls.stored:
            raise AssertionError(f"the store holds {sorted(left)} and not {sorted(cls.stored)}, or not as it was sent")

    def call(self, method, *requests, metadata=()):
        """Makes a call, half-closes after the requests, and reads it to its end."""
        raise NotImplementedError

    def services(self):
        """The services that reflection lists."""
        raise NotImplementedError

    def ok(self, method, *requests, metadata=()):
        """The messages of a call that goes well."""
        outcome = self.call(method, *requests, metadata=metadata)
        self.assertEqual((outcome.code, outcome.message), ("OK", ""))
        return outcome.messages

    def refused(self, code, reason, method, *requests, metadata=()):
        """A call that fails, with what every error of this server has."""
        request_id = f"{type(self).__name__}-{self._testMethodName}"
        metadata = [*metadata, ("x-request-id", request_id)]
        outcome = self.call(method, *requests, metadata=metadata)
        self.assertEqual(outcome.code, code, outcome)
        self.assertEqual(outcome.messages, [])
        info = outcome.details.get("ErrorInfo", {})
        self.assertEqual((info.get("reason"), info.get("domain")), (reason, "wirebook.example"), outcome)
        self.assertEqual(outcome.details.get("RequestInfo"), {"requestId": request_id}, outcome)
        return outcome

    def fields(self, outcome):
        """The fields that a BadRequest names."""
        bad = outcome.details.get("BadRequest", {})
        violations = bad.get("fieldViolations", [])
        self.assertTrue(all(violation["description"] in outcome.message for violation in violations), outcome)
        return [violation["field"] for violation in violations]


class FourKinds(Client):
    """Against a server that asks nobody who is calling."""

    def test_Classify_answers_with_the_best_guesses(self):
        request = {"text": INVOICE, "documentId": "doc-1", "modelVersion": "2026.1", "maxResults": 2}
        [answer] = self.ok(f"{CLASSIFIER}/Classify", request)
        self.assertEqual(answer["documentId"], "doc-1")
        self.assertEqual(answer["modelVersion"], "2026.1")
        self.assertEqual(kind(answer), "INVOICE")
        first, second = answer["results"]
        self.assertGreater(first["confidence"], 0.9)
        self.assertLess(second["confidence"], 0.1)
        self.assertIn("invoice", first["keywords"])

    def test_Classify_knows_unset_from_zero_and_from_false(self):
        [answer] = self.ok(f"{CLASSIFIER}/Classify", {"text": INVOICE, "includeKeywords": False})
        self.assertEqual(len(answer["results"]), 3)
        self.assertFalse(any("keywords" in result for result in answer["results"]), answer)
        outcome = self.refused(
            "INVALID_ARGUMENT", "INVALID_REQUEST", f"{CLASSIFIER}/Classify", {"text": INVOICE, "maxResults": 0}
        )
        self.assertEqual(self.fields(outcome), ["max_results"])

    def test_ClassifyBatch_answers_every_document_in_order(self):
        documents = [
            {"text": INVOICE, "documentId": "doc-1", "maxResults": 1},
            {"text": ""},
            {"text": RECEIPT},
            {"text": LETTER, "modelVersion": "2025.9"},
            {"text": LETTER, "maxResults": 5},
        ]
        answers = self.ok(f"{CLASSIFIER}/ClassifyBatch", {"requests": documents, "includeKeywords": True})
        self.assertEqual([answer.get("sequenceNumber", 0) for answer in answers], [0, 1, 2, 3, 4])
        self.assertEqual([answer.get("isLast", False) for answer in answers], [False] * 4 + [True])
        seen = [kind(answer["result"]) if "result" in answer else answer["error"]["code"] for answer in answers]
        self.assertEqual(seen, ["INVOICE", "INVALID_ARGUMENT", "RECEIPT", "NOT_FOUND", "LETTER"])
        self.assertEqual(answers[1]["error"]["message"], "text is empty: send 1 to 100000 characters")
        not_served = {"reason": "MODEL_NOT_SERVED", "servedVersion": "2026.1"}
        self.assertEqual(answers[3]["error"].get("metadata"), not_served)
        self.assertEqual(answers[0]["result"]["documentId"], "doc-1")
        counts = [len(answers[n]["result"]["results"]) for n in (0, 2, 4)]
        self.assertEqual(counts, [1, 3, 5])
        self.assertTrue(answers[0]["result"]["results"][0].get("keywords"), "the batch asked for keywords")

    def test_ClassifyBatch_marks_the_last_answer_when_it_is_a_failure(self):
        answers = self.ok(f"{CLASSIFIER}/ClassifyBatch", {"requests": [{"text": INVOICE}, {"text": ""}]})
        self.assertEqual([answer.get("isLast", False) for answer in answers], [False, True])
        self.assertEqual(answers[1]["error"]["code"], "INVALID_ARGUMENT")
        self.assertFalse(any("keywords" in guess for guess in answers[0]["result"]["results"]), answers[0])

    def test_UploadDocument_stores_what_was_sent(self):
        pieces = [b"one " * 5_000, b"two " * 5_000, b"three"]
        document_id = f"../{type(self).__name__}"
        [receipt] = self.ok(f"{CLASSIFIER}/UploadDocument", *upload(document_id, *pieces))
        self.assertEqual(receipt["documentId"], document_id)
        self.assertEqual(receipt["totalBytes"], "40005")
        self.assertEqual(receipt["totalChunks"], 3)
        file = b"".join(pieces)
        self.assertEqual(self.server.files().get(receipt["storageKey"]), file)
        self.stored[receipt["storageKey"]] = file

    def test_UploadDocument_refuses_another_checksum(self):
        chunks = upload("changed on its way", b"one", b"two")
        chunks[0]["data"] = base64.b64encode(b"One").decode()
        outcome = self.refused("INVALID_ARGUMENT", "INVALID_REQUEST", f"{CLASSIFIER}/UploadDocument", *chunks)
        self.assertEqual(self.fields(outcome), ["sha256"])

    def test_UploadDocument_refuses_a_hole_and_an_end_without_a_commit(self):
        chunks = upload("with a hole", b"one", b"two", b"three")
        outcome = self.refused(
            "INVALID_ARGUMENT", "INVALID_REQUEST", f"{CLASSIFIER}/UploadDocument", chunks[0], chunks[2]
        )
        self.assertEqual(self.fields(outcome), ["chunk_number"])
        outcome = self.refused("INVALID_ARGUMENT", "INVALID_REQUEST", f"{CLASSIFIER}/UploadDocument", *chunks[:2])
        self.assertEqual(self.fields(outcome), ["is_last"])

    def test_ClassifyStream_answers_every_event_by_its_id(self):
        events = [
            started("a", INVOICE),
            started("b", ""),
            started("c", LETTER),
            {"correlationId": "d"},
            started("", INVOICE),
        ]
        answers = self.ok(f"{CLASSIFIER}/ClassifyStream", *events)
        self.assertEqual(len(answers), 5)
        complete = self.by_id(answers, "classificationComplete")
        self.assertEqual({id: kind(answer) for id, answer in complete.items()}, {"a": "INVOICE", "c": "LETTER"})
        failed = self.by_id(answers, "classificationFailed")
        self.assertEqual(sorted(failed), ["", "b", "d"])
        self.assertEqual({failure["code"] for failure in failed.values()}, {"INVALID_ARGUMENT"})
        self.assertIn("correlation_id is empty", failed[""]["message"])

    def by_id(self, answers, event):
        """What answers of this kind hold, by their correlation ids."""
        return {answer.get("correlationId", ""): answer[event] for answer in answers if event in answer}

    def test_errors_say_all_that_is_wrong(self):
        outcome = self.refused(
            "INVALID_ARGUMENT", "INVALID_REQUEST", f"{CLASSIFIER}/Classify", {"text": "", "maxResults": 9}
        )
        self.assertEqual(self.fields(outcome), ["text", "max_results"])
        outcome = self.refused("INVALID_ARGUMENT", "INVALID_REQUEST", f"{CLASSIFIER}/ClassifyBatch", {})
        self.assertEqual(self.fields(outcome), ["requests"])

    def test_errors_say_what_is_served(self):
        outcome = self.refused(
            "NOT_FOUND", "MODEL_NOT_SERVED", f"{CLASSIFIER}/Classify", {"text": INVOICE, "modelVersion": "2025.9"}
        )
        self.assertEqual(outcome.details["ErrorInfo"]["metadata"], {"servedVersion": "2026.1"})

    def test_the_host_of_the_model_ranks_every_label(self):
        [answer] = self.ok("model.v1.ModelHost/Rank", {"text": INVOICE})
        self.assertEqual([answer["scores"][0]["label"], len(answer["scores"])], ["invoice", 5])
        outcome = self.refused("INVALID_ARGUMENT", "INVALID_REQUEST", "model.v1.ModelHost/Rank", {})
        self.assertEqual(self.fields(outcome), ["text"])

    def test_health_goes_by_full_names(self):
        for service in ["", CLASSIFIER, "model.v1.ModelHost"]:
            self.assertEqual(self.ok(f"{HEALTH}/Check", {"service": service}), [{"status": "SERVING"}], service)
        self.refused("NOT_FOUND", "NOT_FOUND", f"{HEALTH}/Check", {"service": "DocumentClassifier"})

    def test_reflection_lists_the_services(self):
        self.assertEqual(sorted(self.services()), SERVICES)


class WithKey(Client):
    """Against a server that asks everybody for a token."""

    key = KEY

    # One good call of each kind.
    GOOD = {
        "Classify": [{"text": INVOICE}],
        "ClassifyBatch": [{"requests": [{"text": INVOICE}]}],
        "UploadDocument": upload("with a token", b"file"),
        "ClassifyStream": [started("a", INVOICE)],
    }

    def test_every_kind_of_call_needs_a_token(self):
        for method, requests in self.GOOD.items():
            with self.subTest(method):
                self.refused("UNAUTHENTICATED", "TOKEN_MISSING", f"{CLASSIFIER}/{method}", *requests)
                bearer = [("authorization", f"Bearer {token()}")]
                [answer] = self.ok(f"{CLASSIFIER}/{method}", *requests, metadata=bearer)
                if method == "UploadDocument":
                    self.stored[answer["storageKey"]] = b"file"

    def test_invalid_tokens_are_refused(self):
        for bad in [token(exp=1), token(aud="another"), token(iss="mallory"), token(key=KEY[::-1])]:
            self.refused(
                "UNAUTHENTICATED",
                "TOKEN_NOT_ACCEPTED",
                f"{CLASSIFIER}/Classify",
                {"text": INVOICE},
                metadata=[("authorization", f"Bearer {bad}")],
            )

    def test_health_and_reflection_stay_open(self):
        self.assertEqual(self.ok(f"{HEALTH}/Check", {}), [{"status": "SERVING"}])
        self.assertEqual(sorted(self.services()), SERVICES)
