import pytest

from evaluations.discovery import Server, find_local_models
from evaluations.models import Contestant
from tests.factories import make_contestant
from tests.fakes.model_server import ModelServer

pytestmark = pytest.mark.django_db


def test_models_of_a_local_server_become_drafts_once():
    with ModelServer(models=["llama-3", "qwen:7b"]) as server:
        ours = Server("Ollama", server.port)

        first = find_local_models(own_port=8000, servers=[ours])
        second = find_local_models(own_port=8000, servers=[ours])

        assert server.calls == []
    assert [draft.api_model for draft in first] == ["llama-3", "qwen:7b"]
    assert {draft.state for draft in first} == {Contestant.State.DRAFT}
    assert second == []


@pytest.mark.parametrize(
    "models",
    [["qwen2.5:7b", "qwen25:7b"], [f"{'m' * 150}-{n}" for n in "ab"]],
    ids=["equal slugs", "equal beginnings"],
)
def test_models_with_like_names_are_all_offered(models):
    with ModelServer(models=models) as server:
        ours = Server("Ollama", server.port)

        drafts = find_local_models(own_port=8000, servers=[ours])
        again = find_local_models(own_port=8000, servers=[ours])

    assert [draft.api_model for draft in drafts] == models
    assert again == []


def test_a_name_that_an_admin_gave_already_is_no_hindrance():
    make_contestant(name="llama-3 (Ollama)")
    with ModelServer(models=["llama-3"]) as server:
        drafts = find_local_models(
            own_port=8000, servers=[Server("Ollama", server.port)]
        )

    assert [draft.slug for draft in drafts] == ["llama-3-ollama"]


def test_the_arenas_own_port_is_left_out():
    with ModelServer() as server:
        found = find_local_models(
            own_port=server.port, servers=[Server("vLLM", server.port)]
        )

        assert server.connections == 0
    assert found == []


def test_a_silent_port_and_a_server_of_another_kind_give_nothing():
    with ModelServer() as server:
        server.behave("*", body="<html>")
        silent = Server("LM Studio", 1)
        found = find_local_models(own_port=8000, servers=[silent])

    assert found == []
