"""A process with the embedded worker and scheduler, as `manage.py serve` has them, that knows these tests' kinds of job.

Started by the tests as `python -m tests.integration.jobs.embedded_process`; it ends when it is told to.
"""

import signal
import threading

import django

if __name__ == "__main__":
    django.setup()

    from netcare.server.embedded import EmbeddedWorker
    from tests.integration.jobs import work  # noqa: F401  (registers the kinds of job)

    told_to_end = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told_to_end.set())
    worker = EmbeddedWorker()
    worker.start()
    print("working", flush=True)
    told_to_end.wait()
    print("stopped in time" if worker.stop() else "still working", flush=True)
