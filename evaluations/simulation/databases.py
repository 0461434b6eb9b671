"""The databases of simulations: beside the arena's on the same server, never in it."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import DatabaseError, connection
from psycopg import errors, sql

from evaluations import simulated

BETWEEN = "_simulated_"
LABEL = re.compile(r"[a-z0-9][a-z0-9_]{0,29}")
# PostgreSQL cuts longer names.
LONGEST_NAME = 63

# The server keeps the comment with the database, also before it has any table.
_LIST = """
    SELECT datname, shobj_description(oid, 'pg_database'), pg_database_size(oid)
    FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid
"""

_STANDING = (
    "The database {} is there already: --replace makes it anew, --drop removes it, "
    "another --label leaves it alone."
)


class SimulationRefused(Exception):
    """The database cannot be made, filled or dropped; says why in a sentence."""


@dataclass(frozen=True, slots=True)
class SimulationDatabase:
    name: str
    label: str
    rule: str
    size: int


def names(*, label: str, rules: list[str]) -> dict[str, str]:
    """The database of each rule; raise SimulationRefused for a label that is none."""
    if not LABEL.fullmatch(label):
        raise SimulationRefused(
            "A label has up to 30 small letters, digits and underscores, "
            "and does not begin with an underscore."
        )
    named = {rule: f"{_prefix()}{label}_{rule}" for rule in rules}
    for name in named.values():
        if len(name.encode()) > LONGEST_NAME:
            raise SimulationRefused(f"The name {name} is too long: shorten the label.")
    return named


def _prefix() -> str:
    here = connection.settings_dict["NAME"]
    if simulated.simulation():
        raise SimulationRefused(
            f"{here} is a simulation's database: leave ARENA_DATABASE unset."
        )
    return f"{here}{BETWEEN}"


def all_of(*, label: str | None = None) -> list[SimulationDatabase]:
    """Simulations beside this arena's database, or those of one label."""
    with connection.cursor() as cursor:
        cursor.execute(_LIST, [_prefix()])
        found = [_read(*row) for row in cursor.fetchall()]
    return [one for one in found if one and label in (None, one.label)]


def _read(name: str, comment: str | None, size: int) -> SimulationDatabase | None:
    """Read the comment that `create` left; None where it is not one of ours."""
    try:
        told = json.loads(comment or "")["simulation"]
        return SimulationDatabase(name, told["label"], told["rule"], size)
    except (ValueError, KeyError, TypeError):
        return None


def refuse_standing(wanted: Iterable[str]) -> None:
    """Raise SimulationRefused where one of these databases is there already."""
    wanted = set(wanted)
    for one in all_of():
        if one.name in wanted:
            raise SimulationRefused(_STANDING.format(one.name))


def create(name: str, *, label: str, rule: str) -> None:
    """Make an empty database that says what it is for."""
    comment = json.dumps({"simulation": {"label": label, "rule": rule}})
    try:
        _execute("CREATE DATABASE {}", sql.Identifier(name))
    except DatabaseError as error:
        raise SimulationRefused(_in_words(error, name)) from error
    _execute("COMMENT ON DATABASE {} IS {}", sql.Identifier(name), sql.Literal(comment))


def drop(database: SimulationDatabase) -> None:
    """Drop a database that `all_of` has named; raise SimulationRefused if in use."""
    try:
        _execute("DROP DATABASE {}", sql.Identifier(database.name))
    except DatabaseError as error:
        raise SimulationRefused(_in_words(error, database.name)) from error


def _execute(statement: str, *parts: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*parts))


def _in_words(error: DatabaseError, name: str) -> str:
    match error.__cause__:
        case errors.DuplicateDatabase():
            return _STANDING.format(name)
        case errors.InsufficientPrivilege():
            return (
                f"The database's user may not make or drop {name}: "
                "give it the right CREATEDB."
            )
        case errors.ObjectInUse():
            return f"The database {name} is in use: end the arena that shows it."
    return str(error)


@contextmanager
def turned_to(name: str) -> Iterator[None]:
    """Let this process work on another database of the server, cache included."""
    arena = connection.settings_dict["NAME"]
    prefix = cache.key_prefix
    _turn(name, prefix=name)
    try:
        yield
    finally:
        _turn(arena, prefix=prefix)


def _turn(name: str, *, prefix: str) -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["NAME"] = name
    cache.key_prefix = prefix
    ContentType.objects.clear_cache()
