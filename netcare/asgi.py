"""The ASGI application, for a hospital that runs an ASGI server. netcare itself serves through `netcare.wsgi`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netcare.settings")

application = get_asgi_application()
