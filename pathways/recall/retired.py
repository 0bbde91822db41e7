"""When an option was retired between two versions, and why: the reason on record, not the rules that went with it.

What it refuses to do: name a cause that nobody gave; without a reason on record it says the version alone.
Who calls it: the recall's presenter.
"""

from pathways.drafts.reasons import TAKEN_OUT, reasons_between
from pathways.models import RulesetVersion
from pathways.selectors import ruleset_of


def retired_since(option: str, before: RulesetVersion, after: RulesetVersion) -> str:
    """Such as " in version 3, because: Out of use. (Source: the label)", to stand behind "The option was retired"."""
    given = reasons_between(before, after).get(f"option {option}", [])
    said = [one for one in given if one.wording == TAKEN_OUT]
    if said:
        last = said[-1]
        return f" in version {last.draft.published.version}, because: {last.text} (Source: {last.source})"
    later = RulesetVersion.objects.filter(code=after.code, version__gt=before.version, version__lte=after.version)
    for version in later.order_by("version"):
        if all(one.code != option for one in ruleset_of(version).options):
            return f" in version {version.version}."
    return "."
