"""The Celery application. The broker only rings the bell: the rows of `netcare.jobs` are the truth about work.

Used by `manage.py serve` (a worker thread in the one server process) and by `celery -A netcare worker` and
`celery -A netcare beat` where there is a broker. Tasks never run eagerly in the caller.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netcare.settings")

app = Celery("netcare")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
