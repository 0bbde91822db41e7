"""A wrong or missing environment value stops the program with a sentence that names the remedy."""

from pathlib import Path

import pytest

from tests.programs import free_port, manage, plain_environment

PRODUCTION = {
    "ALLOWED_HOSTS": "netcare.example",
    "SECRET_KEY": "used-by-this-test-alone-and-long-enough-to-be-accepted-0815",
    "TLS_PROXY_HEADER": "X-Forwarded-Proto",
    "DATABASE_URL": "postgresql://netcare_app:secret@127.0.0.1:1/netcare",
}

REFUSALS = [
    ({"DEBUG": "perhaps"}, "DEBUG is 'perhaps'. Accepted is true or false."),
    (
        PRODUCTION | {"DEBUG": "true"},
        "DEBUG is true while ALLOWED_HOSTS names a host beyond this machine; error pages would show patient data. "
        "Unset DEBUG, or leave only localhost in ALLOWED_HOSTS.",
    ),
    (
        PRODUCTION | {"SECRET_KEY": ""},
        "SECRET_KEY is not set, and ALLOWED_HOSTS names a host beyond this machine. Set it to at least 50 random "
        'characters, the same for every process: python -c "import secrets; print(secrets.token_urlsafe(50))"',
    ),
    (
        {"SECRET_KEY": "short"},
        "SECRET_KEY has 5 characters. Accepted is a random text of at least 50: "
        'python -c "import secrets; print(secrets.token_urlsafe(50))"',
    ),
    (
        PRODUCTION | {"TLS_PROXY_HEADER": ""},
        "TLS_PROXY_HEADER is not set, and ALLOWED_HOSTS names a host beyond this machine. netcare is served over TLS "
        "only: set it to the header in which the proxy says so, such as X-Forwarded-Proto.",
    ),
    (
        {"DATABASE_URL": "mysql://somewhere/netcare"},
        "DATABASE_URL begins with 'mysql'. Accepted is sqlite:////absolute/path/of/the.file or "
        "postgresql://role:password@host:5432/database.",
    ),
    (
        {"DATABASE_URL": "netcare.db"},
        "DATABASE_URL begins with 'nothing'. Accepted is sqlite:////absolute/path/of/the.file or "
        "postgresql://role:password@host:5432/database.",
    ),
    (
        {"DATABASE_OWNER_URL": "postgresql://owner@127.0.0.1/netcare"},
        "DATABASE_OWNER_URL is set, but DATABASE_URL is an SQLite file, which has no roles. Unset it, or set "
        "DATABASE_URL to a PostgreSQL address.",
    ),
    (
        {"REDIS_URL": "redis://127.0.0.1:6379/0"},
        "CELERY_BROKER_URL (or REDIS_URL) is set while the database is an SQLite file. Separate workers need "
        "PostgreSQL: set DATABASE_URL to its address, or unset the broker.",
    ),
    (
        PRODUCTION | {"CELERY_BROKER_URL": "amqp://127.0.0.1"},
        "CELERY_BROKER_URL begins with 'amqp'. Accepted is redis://host:6379/0, or unset.",
    ),
    ({"JOB_LEASE_SECONDS": "soon"}, "JOB_LEASE_SECONDS is 'soon'. Accepted is a number of seconds, 2 or more."),
    ({"JOB_LEASE_SECONDS": "1"}, "JOB_LEASE_SECONDS is 1. Accepted is 2 or more."),
]


def _plain(data: Path) -> dict[str, str]:
    return plain_environment() | {"NETCARE_DATA_DIR": str(data)}


@pytest.mark.parametrize(("variables", "sentence"), REFUSALS, ids=[sentence[:40] for _, sentence in REFUSALS])
def test_a_value_that_cannot_be_right_is_refused_with_the_remedy(
    variables: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    done = manage("check", environment=_plain(tmp_path) | variables)
    assert done.returncode == 1
    assert done.stderr.strip() == f"netcare is not configured: {sentence}"


def test_the_production_configuration_passes_every_deployment_check(tmp_path: Path) -> None:
    variables = _plain(tmp_path) | PRODUCTION
    done = manage("check", "--deploy", "--fail-level", "WARNING", environment=variables)
    assert done.returncode == 0, done.stderr


def test_the_key_of_the_embedded_default_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    variables = _plain(tmp_path / "data")
    assert manage("check", environment=variables).returncode == 0
    key = tmp_path / "data" / "secret_key"
    made = key.read_text()
    assert len(made) >= 50
    assert key.stat().st_mode & 0o777 == 0o600
    assert manage("check", environment=variables).returncode == 0
    assert key.read_text() == made


def test_serving_a_database_that_was_never_prepared_is_refused_with_the_remedy(tmp_path: Path) -> None:
    done = manage("serve", "--port", str(free_port()), environment=_plain(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: The database is not up to date: ")
    assert done.stderr.endswith("). Run `make setup`, or `manage.py migrate`.\n")
