"""The demo: fictional people and patients, and invented ones in any number, loaded through the actions that people use.

`manage.py load_demo` and `manage.py invent_patients` load them; `manage.py serve` prints `sign_ins()`. Nothing else
knows this package. It refuses to write a row by itself, and to load where other machines could reach the pages.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignIn:
    """One way in: who for, the user name, the password. A program has a header and a token instead."""

    role: str
    username: str
    password: str
    is_a_person: bool = True


def sign_ins() -> tuple[SignIn, ...]:
    """The ways into the demo that are open now, one per role; empty where the demo is not loaded."""
    from netcare.demo.people import open_sign_ins

    return open_sign_ins()
