"""Every value that the settings read from the environment stands in the how-to for production."""

import re

from tests.programs import ROOT


def test_every_environment_value_is_documented() -> None:
    read = re.findall(r'_read\(\s*"\w+", "([A-Z_]+)"', (ROOT / "netcare/settings.py").read_text(encoding="utf-8"))
    told = re.findall(r"^ *\| `([A-Z_]+)`", (ROOT / "docs/production.md").read_text(encoding="utf-8"), re.M)
    assert len(read) > 8
    assert set(read) == set(told)
