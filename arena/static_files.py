"""Collect the pages' files when one of them has changed since the last time."""

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_changed() -> bool:
    """Return whether there was anything to do."""
    stamp = settings.STATIC_ROOT / ".inputs"
    inputs = _digest_of_inputs()
    if stamp.exists() and stamp.read_text(encoding="ascii") == inputs:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(inputs, encoding="ascii")
    return True


def _digest_of_inputs() -> str:
    """Names, sizes and times: reading every file would take longer than collecting."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            modified_at = storage.get_modified_time(path)
            digest.update(f"{path} {storage.size(path)} {modified_at}\n".encode())
    return digest.hexdigest()
