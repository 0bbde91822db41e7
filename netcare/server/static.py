"""Static files with hashed names and compressed forms, made again only when one of their sources changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def _fingerprint() -> str:
    """A digest over how they are stored, and the names, sizes and times of all sources."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            source = Path(storage.path(name))
            known = source.stat()
            digest.update(f"{name} {known.st_size} {known.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_if_changed() -> bool:
    """Collect into STATIC_ROOT unless it holds the same sources already. True when it collected."""
    marker = Path(settings.STATIC_ROOT) / "collected.sha256"
    wanted = _fingerprint()
    if marker.is_file() and marker.read_text(encoding="ascii") == wanted:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    marker.write_text(wanted, encoding="ascii")
    return True
