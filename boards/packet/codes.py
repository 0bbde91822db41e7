"""The check code of a packet or of minutes: twelve signs on every page that name its content.

Equal content, equal code: two printouts can be compared, and a code can be looked up. Pure. Called by `contents`, `minutes`.
"""

from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

from pathways.engine import canonical_json
from pathways.presenters.why_not import WhyNot
from pathways.reviews.check_code import spelled


def code_of(content: Any) -> str:
    """60 bits of the sha256 of frozen values, as XXXX-XXXX-XXXX."""
    return spelled(sha256(canonical_json(plain_values(content)).encode()).digest())


def plain_values(content: Any) -> Any:
    """Frozen dataclasses as dicts, tuples as lists; what is no text, number or truth value as its text.

    Why an option is not listed has its whole sentence besides, which paper shows.
    """
    if is_dataclass(content) and not isinstance(content, type):
        values = {field.name: plain_values(getattr(content, field.name)) for field in fields(content)}
        return values | {"said": content.said, "near": content.near_said} if isinstance(content, WhyNot) else values
    if isinstance(content, list | tuple):
        return [plain_values(one) for one in content]
    if isinstance(content, dict):
        return {str(key): plain_values(value) for key, value in content.items()}
    if content is None or isinstance(content, bool | int | str):
        return str(content) if type(content) not in (bool, int, type(None)) else content
    return str(content)
