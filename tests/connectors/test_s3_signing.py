"""Signatures against the examples that AWS publishes with the rules (Signature Version 4, S3, 2013-05-24)."""

from datetime import UTC, datetime

import pytest

from connectors.documents.s3_signing import EMPTY, Signer, encoded_path, encoded_query

NOW = datetime(2013, 5, 24, tzinfo=UTC)
SIGNER = Signer(
    "examplebucket.s3.amazonaws.com",
    "us-east-1",
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
)


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "body", "signature"),
    [
        (
            "GET", "/test.txt", {}, {"Range": "bytes=0-9"}, EMPTY,
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "PUT", "/test$file.text", {},
            {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            "GET", "/", {"lifecycle": ""}, {}, EMPTY,
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
        (
            "GET", "/", {"prefix": "J", "max-keys": "2"}, {}, EMPTY,
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ],
    ids=["a range of an object", "an object to store", "a parameter without a value", "a list"],
)  # fmt: skip
def test_published_examples(
    method: str, path: str, query: dict[str, str], headers: dict[str, str], body: str, signature: str
) -> None:
    signed = SIGNER.signed(method, encoded_path(path), encoded_query(query), headers, NOW, body)
    assert signed["Authorization"].endswith(f",Signature={signature}")
    assert headers.items() <= signed.items()
    assert (signed["x-amz-date"], signed["x-amz-content-sha256"]) == ("20130524T000000Z", body)
