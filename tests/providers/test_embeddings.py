import numpy as np
import pytest

from evaluations.providers.base import Key, ProviderError
from evaluations.providers.embeddings import EmbeddingServer as Address
from evaluations.providers.embeddings import embed
from evaluations.providers.http import make_client
from tests.fakes.embedding_server import EmbeddingServer


def ask(server: EmbeddingServer, *texts: str):
    address = Address(server.base_url, "small", Key("sk-test"))
    with make_client(allow_local=True) as client:
        return embed(texts, address, client=client)


def test_texts_become_vectors_of_length_one_in_their_order():
    with EmbeddingServer() as server:
        vectors = ask(server, "aab", "zz")

    assert vectors.shape == (2, 26)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1])
    assert (vectors[0][0], vectors[1][25]) == (pytest.approx(2 / 5**0.5), 1)
    [asked] = server.asked
    assert asked == {"path": "/v1/embeddings", "model": "small", "input": ["aab", "zz"]}
    assert server.keys == ["Bearer sk-test"]


@pytest.mark.parametrize(
    "body",
    [
        b"no json",
        b"{}",
        b'{"data": [{"index": 0, "embedding": [0.0, 0.0]}]}',
        b'{"data": [{"index": 0, "embedding": [NaN]}]}',
        b'{"data": [{"index": 0, "embedding": "AAAA"}]}',
        b'{"data": []}',
    ],
)
def test_what_is_no_list_of_vectors_is_refused(body):
    with EmbeddingServer(body=body) as server, pytest.raises(ProviderError) as raised:
        ask(server, "a")

    assert raised.value.kind == "malformed"


def test_a_refusal_keeps_its_status():
    with EmbeddingServer() as server:
        server.status = 401
        with pytest.raises(ProviderError) as raised:
            ask(server, "a")

    assert raised.value.status == 401
