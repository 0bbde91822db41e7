"""Walking many items in one job, so that it goes on where it stopped and one bad item does not stop the others.

Used inside handlers. Items are walked in the order of their keys; the last finished key is stored in the same
transaction as the item's own work, so each item is done once, however often the worker dies.
"""

import logging
from collections.abc import Callable, Iterable

from django.db import InterfaceError, OperationalError, transaction

from netcare.jobs.leases import ATTEMPTS, JobFailed, LeaseLost, RunningJob, Stopping

logger = logging.getLogger(__name__)


def for_each(job: RunningJob, keys: Iterable[str], work: Callable[[str], None], *, noun: str = "item") -> None:
    """Do `work(key)` for every key, in the order of the keys, each in a transaction of its own.

    An item whose work raises is skipped, and so is one that ended its worker on all attempts but the last: both are
    named in `job.skipped` with a sentence. A database that is away is not the item's fault: that error goes up, and
    the job is tried again. The keys are identifiers; they appear in no log.
    """
    ordered = sorted(keys)
    remaining = [key for key in ordered if key > job.cursor]
    done = len(ordered) - len(remaining)
    if remaining and job.attempt >= ATTEMPTS:
        # The workers before this one died on the first of the remaining items.
        key, *remaining = remaining
        done += 1
        _skip(job, key, f"This {noun} ended {ATTEMPTS - 1} workers, and was left out.", done, len(ordered), noun)
    for key in remaining:
        done += 1
        try:
            with transaction.atomic():
                work(key)
                job.progress(done, len(ordered), _message(job, done, len(ordered), noun), cursor=key)
        except (LeaseLost, Stopping, JobFailed, OperationalError, InterfaceError):
            raise
        except Exception as problem:  # one bad item must not stop the others; it is named, never passed over silently
            logger.exception("One %s of a job of the kind %s was left out.", noun, job.kind)
            _skip(job, key, f"This {noun} failed with {type(problem).__name__}.", done, len(ordered), noun)


def _skip(job: RunningJob, key: str, sentence: str, done: int, total: int, noun: str) -> None:
    job.skipped.append({"key": key, "sentence": sentence})
    job.progress(done, total, _message(job, done, total, noun), cursor=key)


def _message(job: RunningJob, done: int, total: int, noun: str) -> str:
    left_out = f"; {len(job.skipped)} left out" if job.skipped else ""
    return f"{done} of {total} {noun}{'' if total == 1 else 's'}{left_out}"
