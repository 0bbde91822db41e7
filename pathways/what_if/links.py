"""The link that reproduces a what-if: its entries encrypted and signed, bound to one tumor, for thirty days.

What it is: a Fernet token (AES and HMAC, from `cryptography`) under a key derived from the secret key of the installation.
What it refuses to do: open for another patient or tumor, after its time, or when a single character was altered; and it
opens nothing by itself: the reader's rights are asked first, by the view. Called by the what-if view.
"""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from patients.entry import RawEntry
from patients.models import Tumor

LIFETIME = timedelta(days=30)
LONGEST = 8000
UNREADABLE = (
    "This link cannot be read: it was cut off or altered on the way. "
    "Ask for it to be sent again, or make the changes here."
)
FOREIGN = "This link was made for another patient or tumor, so nothing of it is shown here."


class LinkRefused(ValueError):
    """The link opens nothing; the sentence says why. `expired`: it was good once."""

    def __init__(self, sentence: str, *, expired: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.expired = expired


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link holds. `facts` and `ruleset` are digests: they tell whether it shows now what it showed then.

    `asked`: how the page was asked for: the day it is as of, the drafted limits, another report.
    """

    typed: Mapping[str, RawEntry]
    facts: str
    ruleset: str
    made_at: datetime
    asked: Mapping[str, str] = field(default_factory=dict)


def make_link(
    *,
    tumor: Tumor,
    typed: Mapping[str, RawEntry],
    facts: str,
    ruleset: str,
    at: datetime,
    asked: Mapping[str, str] | None = None,
) -> str:
    """The token for the address."""
    content = {
        "tumor": str(tumor.id),
        "asked": dict(asked or {}),
        "facts": facts,
        "ruleset": ruleset,
        "typed": {name: {part: value for part, value in asdict(raw).items() if value} for name, raw in typed.items()},
    }
    packed = zlib.compress(json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode(), 9)
    return _lock().encrypt_at_time(packed, int(at.timestamp())).decode()


def read_link(token: str, *, tumor: Tumor, at: datetime) -> Linked:
    """What the token holds. Raises LinkRefused with a sentence."""
    lock, data = _lock(), token.encode("ascii", "replace")
    if len(data) > LONGEST or not _is_one_spelling(data):
        raise LinkRefused(UNREADABLE)
    try:
        made = datetime.fromtimestamp(lock.extract_timestamp(data), UTC)
        if at - made > LIFETIME:
            days = f"{LIFETIME.days} days"
            raise LinkRefused(f"This link was made more than {days} ago and opens no more. Make it anew.", expired=True)
        packed = lock.decrypt_at_time(data, int(LIFETIME.total_seconds()), int(at.timestamp()))
    except InvalidToken:
        raise LinkRefused(UNREADABLE) from None
    content = json.loads(zlib.decompress(packed))
    if content["tumor"] != str(tumor.id):
        raise LinkRefused(FOREIGN)
    typed = {name: _entry(parts) for name, parts in content["typed"].items()}
    return Linked(typed, content["facts"], content["ruleset"], made, content.get("asked", {}))


def _is_one_spelling(data: bytes) -> bool:
    """Base 64 has spare bits at its end that decoding ignores; a link altered there is altered all the same."""
    try:
        return urlsafe_b64encode(urlsafe_b64decode(data)) == data
    except ValueError:
        return False


def _entry(parts: dict[str, object]) -> RawEntry:
    chosen = parts.pop("chosen", ())
    return RawEntry(chosen=tuple(chosen), **parts)  # type: ignore[arg-type]  # we wrote it ourselves, and signed it


def _lock() -> MultiFernet:
    """Links are made with the key in use; those made before a change of keys open as long as the old key is kept."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"netcare link of a what-if").derive(secret.encode())
    return Fernet(urlsafe_b64encode(derived))
