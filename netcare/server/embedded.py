"""Celery's worker and scheduler as threads of the web server's process, over a broker in memory.

Used by `manage.py serve` where no broker is configured. The broker forgets everything when the process ends; the job
rows do not, so a start queues what the last process left, and a stop gives back what runs.
"""

import logging
import threading
import time
from typing import Any

from celery import signals
from celery.beat import Service
from celery.worker import WorkController, state
from django.db import connections
from django.utils import timezone

from netcare.celery import app
from netcare.jobs import leases
from netcare.jobs.tasks import sweep_at

logger = logging.getLogger(__name__)

# Two, so that the refresh of one patient need not wait for that of all.
CONCURRENCY = 2


def _close_connections(**_: Any) -> None:
    """After each task: a thread of the pool keeps no database connection while it waits."""
    connections.close_all()


class EmbeddedWorker:
    """The worker and the scheduler of this process; `start` once, `stop` once."""

    def __init__(self) -> None:
        self.worker = WorkController(
            app=app,
            hostname="netcare@embedded",
            pool="threads",
            concurrency=CONCURRENCY,
            loglevel="WARNING",
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        self.scheduler = Service(app, max_interval=1, scheduler_cls="celery.beat:Scheduler")
        self.threads = [
            threading.Thread(target=self.worker.start, name="worker", daemon=True),
            threading.Thread(target=self.scheduler.start, name="scheduler", daemon=True),
        ]

    def start(self) -> None:
        """Queue what the last process left, then begin to work."""
        leases.stopping.clear()
        state.should_stop = None
        signals.task_postrun.connect(_close_connections)
        sweep_at(now=timezone.now(), fresh_start=True)
        for thread in self.threads:
            thread.start()

    def stop(self, *, patience: float = 10.0) -> bool:
        """Let running jobs give themselves back, and end the threads. True when they ended in time."""
        leases.stopping.set()
        state.should_stop = 0
        self.scheduler.stop(wait=False)
        until = time.monotonic() + patience
        for thread in self.threads:
            if thread.ident is not None:
                thread.join(timeout=max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self.threads)
