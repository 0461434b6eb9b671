"""The fake model server counts what other tests rely on."""

import threading

import httpx2

from tests.fakes.behaviour import Behaviour, behaviour_in, name_with
from tests.fakes.model_server import ModelServer


def post(server: ModelServer, model: str, text: str = "hi") -> httpx2.Response:
    return httpx2.post(
        f"{server.url}/v1/chat/completions",
        json={"model": model, "messages": [{"role": "user", "content": text}]},
        trust_env=False,
    )


def test_a_behaviour_travels_in_the_model_s_name() -> None:
    name = name_with("m", status=429, times=2, rate=1.5, crlf=True, text="a&b=c")

    assert behaviour_in(name) == Behaviour(
        status=429, times=2, rate=1.5, crlf=True, text="a&b=c"
    )
    assert behaviour_in("m") is None


def test_a_behaviour_can_be_set_over_http(server: ModelServer) -> None:
    fields = {"model": "m", "status": 500, "times": 1, "code": "7"}
    httpx2.post(f"{server.url}/_control", json=fields, trust_env=False)

    assert [post(server, "m").status_code for _ in range(2)] == [500, 200]
    journal = httpx2.get(f"{server.url}/_journal", trust_env=False).json()
    assert [row["status"] for row in journal] == [500, 200]


def test_the_same_question_asked_twice_at_once_is_noticed(
    server: ModelServer,
) -> None:
    server.behave("slow", first_token_seconds=0.3)
    asked = [("slow", "one"), ("slow", "one"), ("slow", "two")]
    threads = [threading.Thread(target=post, args=(server, *pair)) for pair in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    post(server, "slow", "two")

    [(first, second)] = server.overlapping()
    assert first.digest == second.digest


def test_one_question_has_one_answer(server: ModelServer) -> None:
    bodies = {post(server, "m", text).text for text in ("a", "a", "b", "b")}

    assert len(bodies) == 2
