import httpx2
import pytest

from evaluations.providers import PROVIDERS
from evaluations.providers.base import Connection, ProviderError, Request
from evaluations.providers.house import PROGRAMS

MESSAGES = [{"role": "user", "content": "What is 12 times 12?"}]


@pytest.mark.parametrize("slug", sorted(PROGRAMS))
def test_every_house_program_answers_in_pieces(
    slug: str, client: httpx2.Client
) -> None:
    pieces: list[str] = []

    completion = PROVIDERS["house"].stream(
        Connection("", slug, provider="house"),
        Request(MESSAGES),
        client=client,
        on_text=pieces.append,
    )

    assert completion.text == "".join(pieces) == PROGRAMS[slug].answer(MESSAGES)
    assert (completion.served_model, completion.finish_reason) == (slug, "stop")


def test_an_unknown_program_is_named_with_the_known_ones(
    client: httpx2.Client,
) -> None:
    with pytest.raises(ProviderError) as caught:
        PROVIDERS["house"].stream(
            Connection("", "nobody"), Request(MESSAGES), client=client
        )

    assert (caught.value.status, caught.value.permanent) == (404, True)
    assert all(slug in caught.value.message for slug in PROGRAMS)


def test_a_cancelled_program_gives_no_answer(client: httpx2.Client) -> None:
    with pytest.raises(ProviderError) as caught:
        PROVIDERS["house"].stream(
            Connection("", min(PROGRAMS)),
            Request(MESSAGES),
            client=client,
            cancelled=lambda: True,
        )

    assert caught.value.kind == "cancelled"
