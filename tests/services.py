"""Real PostgreSQL and Valkey for the tests.

Loaded by `-p tests.services`: settings are read before any fixture, so the services
start while this module is imported. Set DATABASE_URL and REDIS_URL to use others.

Of several test processes each has services of its own: what is kept in Valkey would
mix, and a transaction that is open in one database of a server keeps the tallies of
all the others waiting.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from arena.local.postgres import Postgres
from arena.local.valkey import Valkey

ROOT = Path(tempfile.mkdtemp(prefix="arena-test-"))
OWN_SERVICES = "ARENA_TESTS_OWN_SERVICES"
atexit.register(shutil.rmtree, ROOT, ignore_errors=True)

os.environ |= {
    "ARENA_VAR": str(ROOT),
    "SECRET_KEY": "only for tests: wj4dnq8v0uyl3m5g6z2x9c7b1s0k4f8h6t",
    "ARENA_FIELD_KEYS": "RL0L1Sc2Hwbnv2xkt3oDSNYqx0SjXHT4dPV3zNKgL4c=",
    "ARENA_SECURE": "off",
    "ARENA_STATIC_HASHES": "off",
    "ARENA_ALLOW_LOCAL_PROVIDERS": "on",
    "ARENA_DUMP_HOLD_DAYS": "0",
    # By chance; the tests of controls set their own.
    "ARENA_CONTROL_SHARE": "0",
    "ARENA_REPEAT_SHARE": "0",
    "DEBUG": "off",
    "PYTEST_DEBUG_TEMPROOT": str(ROOT),  # nothing stays behind
}

# Inherited by the other test processes, which shall not take these for the user's own.
OWN = os.environ.setdefault(
    OWN_SERVICES,
    " ".join(n for n in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(n)),
).split()

if "DATABASE_URL" in OWN:
    postgres = Postgres(ROOT, durable=False)
    postgres.start()
    atexit.register(postgres.stop)
    os.environ["DATABASE_URL"] = postgres.url("postgres")

if "REDIS_URL" in OWN:
    valkey = Valkey(ROOT)
    valkey.start()
    atexit.register(valkey.stop)
    os.environ["REDIS_URL"] = valkey.url()
