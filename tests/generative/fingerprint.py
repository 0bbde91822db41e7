"""Prints one digest of the bytes of many assessments; the test of reproducibility runs it in processes of their own.

`python -m tests.generative.fingerprint COUNT [reversed]`; with `reversed` each record names its features, and each set
its members, in the opposite order.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from random import Random
from typing import Any

from pathways.engine import assess, assessment_json
from tests.generative import starter


def turned(features: dict[str, Any]) -> dict[str, Any]:
    """The same record, written in the opposite order."""
    return {
        name: value[::-1] if isinstance(value, tuple) else value for name, value in reversed(list(features.items()))
    }


def fingerprint(count: int, *, opposite: bool = False) -> str:
    random, digest, ruleset = Random("fingerprint"), sha256(), starter.ruleset()
    for number in range(count):
        features = starter.maker().any_patient(random)
        record = turned(features) if opposite else features
        checked = {name: ruleset.dictionary.check(name, value) for name, value in record.items()}
        digest.update(assessment_json(assess(ruleset, checked), f"patient {number}").encode())
    return f"{ruleset.digest} {digest.hexdigest()}"


if __name__ == "__main__":
    print(fingerprint(int(sys.argv[1]), opposite="reversed" in sys.argv))
