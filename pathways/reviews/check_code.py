"""The check code of a signed review: twelve signs on paper that name its content.

It is taken from the sha256 of everything that was signed, so a review whose rows were altered no longer has its code.
Who calls it: signing, the page that checks a code, the print; packets and minutes spell theirs the same way.
"""

import re
from hashlib import sha256

from pathways.engine import canonical_json
from pathways.models import Review, ReviewItem

# Crockford's base 32: no I, L, O or U, so that a code is read aloud without doubt.
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def check_code(review: Review, items: list[ReviewItem], snapshot_digest: str) -> str:
    """The code of a review: 60 bits of its digest as XXXX-XXXX-XXXX."""
    content = {
        "review": str(review.id),
        "snapshot": snapshot_digest,
        "signed_by": review.signed_by_name,
        "role": review.signed_role,
        "signed_at": review.signed_at.isoformat(),
        "preferences": review.preferences,
        "shared_decision": review.shared_decision,
        "remark": review.remark,
        "items": [
            {"option": i.option, "status": i.status, "verdict": i.verdict, "reasons": i.reasons, "line": i.line}
            for i in sorted(items, key=lambda item: item.option)
        ],
    }
    return spelled(sha256(canonical_json(content).encode()).digest())


def spelled(digest: bytes) -> str:
    """The first 60 bits of a digest as XXXX-XXXX-XXXX."""
    number = int.from_bytes(digest[:8], "big") >> 4
    signs = "".join(SIGNS[(number >> shift) & 31] for shift in range(55, -1, -5))
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def as_typed(text: str) -> str:
    """A code as somebody typed it from paper, in its one form; '' for what cannot be one."""
    signs = re.sub(r"[\s-]", "", text.upper()).translate(_LOOKALIKES)
    if len(signs) != 12 or any(sign not in SIGNS for sign in signs):
        return ""
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"
