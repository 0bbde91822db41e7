"""Settings of the test suite: those of the application, with a data directory that is thrown away.

Only what would make tests slow or leave traces differs. The database is a file (or PostgreSQL through DATABASE_URL), as
in production; background tasks stay real.
"""

import atexit
import os
import shutil
import tempfile

if "NETCARE_TEST_DATA" not in os.environ:
    # The workers of a parallel run inherit the directory; the process that made it removes it.
    os.environ["NETCARE_TEST_DATA"] = tempfile.mkdtemp(prefix="netcare-test-")
    atexit.register(shutil.rmtree, os.environ["NETCARE_TEST_DATA"], ignore_errors=True)
# Each worker has a folder of its own: what the demo keeps in a file belongs to the database of that worker.
os.environ["NETCARE_DATA_DIR"] = os.path.join(
    os.environ["NETCARE_TEST_DATA"], os.environ.get("PYTEST_XDIST_WORKER", "alone")
)
os.environ.setdefault("LOG_LEVEL", "ERROR")

from netcare.settings import *  # noqa: F403
from netcare.settings import ALLOWED_HOSTS, DATA_DIR, DATABASES, EMBEDDED, STATIC_ROOT, STORAGES

ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
if EMBEDDED:
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
else:
    # A pool would hold connections open while the test database is made and dropped.
    DATABASES["default"]["OPTIONS"].pop("pool", None)
    # A name of this run's own: two runs at once on one server must not drop each other's database.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR.name.lower().replace("-", "_")}
# Names without hashes, so that no collection is needed before a page can be rendered.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# The usual hasher takes a quarter of a second by design; its strength is not what these tests are about.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
