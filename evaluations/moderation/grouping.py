"""Near duplicates: prompts of the same text, the same words, much the same meaning."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from evaluations.models import Prompt, PromptEmbedding
from evaluations.models.prompts import PromptQuerySet
from evaluations.providers.base import Key, ProviderError
from evaluations.providers.embeddings import AT_ONCE, EmbeddingServer, Vectors, embed
from evaluations.providers.http import shared_client

logger = logging.getLogger(__name__)

# Any number that no other advisory lock of the arena uses.
GROUP_LOCK: Final = 4_017_006
COMPARED_AT_ONCE: Final = 500
EMBEDDED_AT_ONCE: Final = 20 * AT_ONCE
# Models of embeddings read a few hundred words at best.
EMBEDDED_CHARS: Final = 4000
SHOWN: Final = 5

_Found = Prompt.Found


@dataclass
class _Known:
    """What a prompt may be near to: heads of groups, by wording and by direction."""

    # Of a wording: the head of its group, and the texts that have it.
    worded: dict[str, tuple[int, set[tuple[str, ...]]]] = field(default_factory=dict)
    heads: list[int] = field(default_factory=list)
    vectors: list[Vectors] = field(default_factory=list)

    def add(self, prompt: Prompt, vector: Vectors | None) -> None:
        head = prompt.near_id or prompt.pk
        if prompt.wording:
            _, texts = self.worded.setdefault(prompt.wording, (head, set()))
            texts.add(tuple(prompt.turns))
        if vector is not None:
            self.heads.append(head)
            self.vectors.append(vector)

    def nearest(self, vector: Vectors) -> tuple[int, float] | None:
        """The head of the group that lies nearest, and the cosine."""
        alike = [i for i, other in enumerate(self.vectors) if len(other) == len(vector)]
        if not alike:
            return None
        cosines = np.stack([self.vectors[i] for i in alike]) @ vector
        best = int(cosines.argmax())
        return self.heads[alike[best]], float(cosines[best])


def group_prompts() -> int:
    """Compare the prompts that are new with all others; return how many there were.

    What volunteers keep private is compared with nothing.
    """
    _embed_new()
    compared = 0
    while batch := _compare_batch():
        compared += batch
    return compared


def likely_duplicates(*, prompt: Prompt) -> list[Prompt]:
    """Some of its group, and of its words, the approved ones first."""
    head = prompt.near_id or prompt.pk
    same = Q(near=head) | Q(pk=head)
    if prompt.wording:
        same |= Q(wording=prompt.wording)
    found = _public().filter(same).exclude(pk=prompt.pk).select_related("prompt_set")
    approved = Case(
        When(state=Prompt.State.APPROVED, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return list(found.order_by(approved, "pk")[:SHOWN])


def _public() -> PromptQuerySet:
    return Prompt.objects.exclude(state=Prompt.State.PRIVATE)


def _compare_batch() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        # Two at once would each miss what the other is about to enter.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GROUP_LOCK])
        new = list(
            _public()
            .filter(near_checked_at__isnull=True)
            .order_by("pk")[:COMPARED_AT_ONCE]
        )
        vectors = _vectors_of(new)
        known = _known(new) if new else _Known()
        now = timezone.now()
        for prompt in new:
            vector = vectors.get(prompt.pk)
            _place(prompt, vector, known)
            prompt.near_checked_at = now
            if prompt.state != Prompt.State.REJECTED:
                known.add(prompt, vector)
        columns = ["near", "near_found", "near_similarity", "near_checked_at"]
        Prompt.objects.bulk_update(new, columns)
    return len(new)


def _place(prompt: Prompt, vector: Vectors | None, known: _Known) -> None:
    """Say which group a prompt belongs to, if to any."""
    prompt.near_id, prompt.near_found, prompt.near_similarity = None, "", None
    if prompt.wording in known.worded:
        head, texts = known.worded[prompt.wording]
        exact = tuple(prompt.turns) in texts
        found = _Found.EXACT if exact else _Found.WORDING
        _join(prompt, head, found, 1.0)
    elif vector is not None and (nearest := known.nearest(vector)):
        head, cosine = nearest
        if cosine >= settings.ARENA_EMBEDDINGS_SIMILARITY:
            _join(prompt, head, _Found.EMBEDDING, round(cosine, 4))


def _join(prompt: Prompt, head: int, found: str, similarity: float) -> None:
    if head != prompt.pk:
        prompt.near_id, prompt.near_found = head, found
        prompt.near_similarity = similarity


def _known(new: Sequence[Prompt]) -> _Known:
    """Of those compared before: all of these wordings, and all that have vectors."""
    compared = _public().filter(near_checked_at__isnull=False)
    compared = compared.exclude(state=Prompt.State.REJECTED).order_by("pk")
    known = _Known()
    wordings = {prompt.wording for prompt in new} - {""}
    for prompt in compared.filter(wording__in=wordings):
        known.add(prompt, None)
    rows = _embeddings().filter(prompt__in=compared).order_by("prompt")
    for pk, near, vector in rows.values_list("prompt", "prompt__near", "vector"):
        known.heads.append(near or pk)
        known.vectors.append(_read(vector))
    return known


def _embeddings() -> QuerySet[PromptEmbedding]:
    """Of the model in use; none where no server is named."""
    if not settings.ARENA_EMBEDDINGS:
        return PromptEmbedding.objects.none()
    return PromptEmbedding.objects.filter(model=settings.ARENA_EMBEDDINGS_MODEL)


def _vectors_of(prompts: Iterable[Prompt]) -> Mapping[int, Vectors]:
    rows = _embeddings().filter(prompt__in=[prompt.pk for prompt in prompts])
    return {pk: _read(vector) for pk, vector in rows.values_list("prompt", "vector")}


def _read(vector: bytes | memoryview) -> Vectors:
    return np.frombuffer(bytes(vector), dtype="<f4")


def _embed_new() -> None:
    """Ask the server for what it has not been asked; its trouble holds nothing up."""
    if not settings.ARENA_EMBEDDINGS:
        return
    known = _embeddings().values("prompt")
    missing = _public().exclude(pk__in=known).exclude(wording="").order_by("pk")
    # Neither what was rejected nor what somebody may still be asking leaves the arena.
    missing = missing.exclude(state=Prompt.State.REJECTED)
    missing = missing.exclude(origin=Prompt.Origin.LIVE, state=Prompt.State.PENDING)
    new = list(missing[:EMBEDDED_AT_ONCE])
    for start in range(0, len(new), AT_ONCE):
        try:
            _embed(new[start : start + AT_ONCE])
        except ProviderError as error:
            logger.warning("no embeddings for now: %s", error)
            return


def _embed(prompts: Sequence[Prompt]) -> None:
    model = settings.ARENA_EMBEDDINGS_MODEL
    server = EmbeddingServer(
        settings.ARENA_EMBEDDINGS, model, Key(settings.ARENA_EMBEDDINGS_KEY)
    )
    texts = ["\n\n".join(prompt.turns)[:EMBEDDED_CHARS] for prompt in prompts]
    # The operator named the server: it may well be on this machine.
    vectors = embed(texts, server, client=shared_client(allow_local=True))
    with transaction.atomic():
        keys = [prompt.pk for prompt in prompts]
        # One whose words its volunteer erases meanwhile gets none.
        kept = _public().filter(pk__in=keys).exclude(wording="")
        still = set(kept.select_for_update().values_list("pk", flat=True))
        PromptEmbedding.objects.bulk_create(
            (
                PromptEmbedding(
                    prompt_id=pk, model=model, vector=vector.astype("<f4").tobytes()
                )
                for pk, vector in zip(keys, vectors, strict=True)
                if pk in still
            ),
            ignore_conflicts=True,
        )
        # Compared before they had one, and found to be like none.
        lonely = Prompt.objects.filter(pk__in=still, near__isnull=True)
        lonely.update(near_checked_at=None)
