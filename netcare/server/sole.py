"""At most one embedded server on one data directory: two brokers in memory would each ring only their own bell."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError

try:
    import fcntl
except ImportError:  # a platform without file locks: the job leases alone keep work from being done twice
    fcntl = None  # type: ignore[assignment]


@contextmanager
def process(directory: Path) -> Iterator[None]:
    """Hold the directory's lock while serving; a second server is refused with a sentence."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "serve.lock").open("a+", encoding="ascii") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.seek(0)
                raise CommandError(
                    f"Another netcare server (process {file.read().strip() or 'unknown'}) uses the data directory "
                    f"{directory}. Stop it first, or name another directory in NETCARE_DATA_DIR."
                ) from None
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield
