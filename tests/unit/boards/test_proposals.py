"""What is proposed for a case that is not ready."""

from boards.presenters.agenda import proposal_said


def test_facts_are_named_only_where_some_would_settle_more() -> None:
    assert proposal_said(3, 2) == (
        "3 of six checks are not met, and 2 facts would settle more options. "
        "Keep it to agree on the work-up, or postpone it."
    )
    assert proposal_said(3, 0) == "3 of six checks are not met. Keep it to agree on the work-up, or postpone it."
