"""netcare: wiring only. Settings, URLs, the Celery application, and the packages access, audit and jobs.

The Celery application is imported here so that `@shared_task` binds to it in every process.
"""

from netcare.celery import app as celery_app

__all__ = ["celery_app"]
