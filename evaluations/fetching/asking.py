"""Ask the provider for a claimed answer, without holding a database connection."""

import logging
import os

from django.conf import settings
from django.db import connection

from evaluations.contestants import KEY_VARIABLE
from evaluations.fetching.claims import Claim, Wait, claim_next
from evaluations.fetching.leases import keeper
from evaluations.fetching.rates import pace
from evaluations.fetching.storing import store_failure, store_ready
from evaluations.models import Contestant
from evaluations.models.encryption import UnreadableKey
from evaluations.providers import PROVIDERS
from evaluations.providers.base import (
    Cancelled,
    Completion,
    Connection,
    Key,
    OnText,
    ProviderError,
    Request,
    never,
)
from evaluations.providers.http import shared_client

logger = logging.getLogger(__name__)


def fetch_next(*, contestant_id: int) -> Wait | bool:
    """Fetch a contestant's next answer; false where there was nothing to do."""
    claim = claim_next(contestant_id=contestant_id)
    if not isinstance(claim, Claim):
        return claim or False
    with keeper.keep(claim.token, claimed_at=claim.asked_at):
        _fetch(claim)
    return True


def _fetch(claim: Claim) -> None:
    request = Request(
        messages=claim.answer.messages,
        parameters=claim.parameters,
        max_bytes=settings.ARENA_ANSWER_BYTES,
        pace=lambda: pace(claim.contestant),
    )
    try:
        completion = ask(
            claim.contestant, request, cancelled=lambda: keeper.lost(claim.token)
        )
    except ProviderError as error:
        if error.kind != "cancelled":
            store_failure(claim, kind=error.kind, sentence=error.message)
        # Else the lease is gone: the sweeper decides what becomes of the answer.
        logger.info("answer %s got none: %s", claim.answer.pk, error)
    else:
        store_ready(claim, completion)


def ask(
    contestant: Contestant,
    request: Request,
    *,
    on_text: OnText | None = None,
    cancelled: Cancelled = never,
) -> Completion:
    """Send one request to a contestant; raise ProviderError where no answer came."""
    connected = connect(contestant)
    # A call lasts up to minutes; the connection goes back to the pool meanwhile.
    connection.close()
    return PROVIDERS[contestant.provider].stream(
        connected,
        request,
        client=shared_client(allow_local=settings.ARENA_ALLOW_LOCAL_PROVIDERS),
        on_text=on_text,
        cancelled=cancelled,
    )


def connect(contestant: Contestant) -> Connection:
    """How to reach a contestant, its key opened."""
    try:
        plain = contestant.stored_key()
    except UnreadableKey as error:
        raise ProviderError("http", str(error), permanent=True) from None
    if contestant.key_variable:
        if not KEY_VARIABLE.fullmatch(contestant.key_variable):
            raise ProviderError(
                "http",
                "The variable of a key must be called ARENA_PROVIDER_KEY_ and more.",
                permanent=True,
            )
        plain = os.environ.get(contestant.key_variable, "")
        if not plain:
            raise ProviderError(
                "http",
                f"The environment variable {contestant.key_variable} holds no key.",
                permanent=True,
            )
    return Connection(
        base_url=contestant.base_url,
        api_model=contestant.api_model,
        key=Key(plain),
        provider=contestant.provider,
    )
