"""Giving and ending roles: who may, what excludes what, and that the database holds it on its own."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, connections, transaction

from netcare.access import EXCLUDED_PAIRS, Capability, NotAllowed, Role, RoleGrant, User
from netcare.access.actions import ChangeRefused, disable_user, end_role, grant_role
from netcare.audit.models import AuditEvent
from tests.cast import SYSTEM, Cast, acting, gather, person


def test_an_administrator_gives_a_role_and_it_counts_at_once(cast: Cast) -> None:
    assert not acting(cast.nora).may(Capability.PATIENT_READ).allowed
    grant_role(user=cast.nora, role=Role.VIEWER, by=acting(cast.ada))
    assert acting(cast.nora).may(Capability.PATIENT_READ).allowed
    row = AuditEvent.objects.newest_first()[0]
    assert (row.actor_name, row.action, row.subject) == ("Ada", "role.grant", "Nora: viewer")


def test_giving_a_role_twice_leaves_one_grant(cast: Cast) -> None:
    first = grant_role(user=cast.nora, role=Role.VIEWER, by=acting(cast.ada))
    assert grant_role(user=cast.nora, role=Role.VIEWER, by=acting(cast.ada)) == first


def test_an_ended_role_is_gone_at_once_and_stays_in_the_history(cast: Cast) -> None:
    end_role(user=cast.vera, role=Role.VIEWER, by=acting(cast.ada))
    assert not acting(cast.vera).roles
    grant = RoleGrant.objects.get(user=cast.vera)
    assert grant.ended_at is not None
    assert grant.ended_by == cast.ada


def test_nobody_gives_a_role_to_themselves(cast: Cast) -> None:
    with pytest.raises(NotAllowed) as refused:
        grant_role(user=cast.ada, role=Role.CLINICIAN, by=acting(cast.ada))
    assert refused.value.decision.sentence == "Nobody gives a role to themselves. Ask another administrator."


def test_only_an_administrator_gives_roles(cast: Cast) -> None:
    with pytest.raises(NotAllowed) as refused:
        grant_role(user=cast.nora, role=Role.VIEWER, by=acting(cast.clara))
    assert refused.value.decision.sentence == (
        "Your role (clinician) may not manage people and their roles. This is for: administrator."
    )


def test_an_administrator_gives_roles_at_the_own_institution_only(cast: Cast) -> None:
    with pytest.raises(NotAllowed) as refused:
        grant_role(user=cast.silas, role=Role.VIEWER, by=acting(cast.ada))
    assert refused.value.decision.sentence == "You may manage people and their roles of your own institution only."


def test_an_excluded_pair_is_refused_with_a_sentence(cast: Cast) -> None:
    with pytest.raises(ChangeRefused) as refused:
        grant_role(user=cast.apollo, role=Role.ADMINISTRATOR, by=acting(cast.ada))
    assert refused.value.sentence == (
        "Apollo is pathway approver, and nobody is pathway approver and administrator at once. "
        "End the role pathway approver first."
    )


@pytest.mark.parametrize("pair", [*EXCLUDED_PAIRS, *((b, a) for a, b in EXCLUDED_PAIRS)], ids="-".join)
def test_the_database_itself_refuses_an_excluded_pair(cast: Cast, pair: tuple[Role, Role]) -> None:
    user = person(cast.northside, "Pia", pair[0])
    with pytest.raises(IntegrityError, match="excluded pair of roles"), transaction.atomic():
        RoleGrant.objects.create(user=user, role=pair[1])
    assert acting(user).roles == {pair[0]}


def test_the_database_refuses_an_excluded_pair_made_by_an_update(cast: Cast) -> None:
    user = person(cast.northside, "Pia", Role.AUDITOR, Role.VIEWER)
    with pytest.raises(IntegrityError, match="excluded pair of roles"), transaction.atomic():
        RoleGrant.objects.filter(user=user, role=Role.VIEWER).update(role=Role.CLINICIAN)


def test_the_database_refuses_to_revive_an_ended_role_into_an_excluded_pair(cast: Cast) -> None:
    user = person(cast.northside, "Pia", Role.CLINICIAN)
    end_role(user=user, role=Role.CLINICIAN, by=SYSTEM)
    grant_role(user=user, role=Role.AUDITOR, by=SYSTEM)
    with pytest.raises(IntegrityError, match="excluded pair of roles"), transaction.atomic():
        RoleGrant.objects.filter(user=user, role=Role.CLINICIAN).update(ended_at=None)


def test_the_database_refuses_a_grant_to_oneself(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=cast.ada, role=Role.VIEWER, granted_by=cast.ada)


def test_the_database_refuses_a_role_for_programs_and_an_invented_one(cast: Cast) -> None:
    for role in ("api_client", "owner"):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleGrant.objects.create(user=cast.nora, role=role)


def test_an_auditor_may_also_be_a_viewer(cast: Cast) -> None:
    grant_role(user=cast.audra, role=Role.VIEWER, by=acting(cast.ada))
    assert acting(cast.audra).roles == {Role.AUDITOR, Role.VIEWER}


@pytest.mark.parametrize(("name", "role"), [("apollo", Role.APPROVER), ("audra", Role.AUDITOR)])
def test_the_last_approver_or_auditor_keeps_the_role(cast: Cast, name: str, role: Role) -> None:
    last: User = getattr(cast, name)
    with pytest.raises(ChangeRefused) as refused:
        end_role(user=last, role=role, by=acting(cast.ada))
    assert refused.value.sentence == (
        f"{last.display_name} is the last {role.title} of Northside Hospital. Give the role to another person first."
    )
    with pytest.raises(ChangeRefused):
        disable_user(user=last, by=acting(cast.ada))
    second = person(cast.northside, "Second", role)
    end_role(user=last, role=role, by=acting(cast.ada))
    assert role not in acting(last).roles
    assert role in acting(second).roles


def test_a_disabled_auditor_does_not_count_as_another_one(cast: Cast) -> None:
    second = person(cast.northside, "Second", Role.AUDITOR)
    disable_user(user=second, by=acting(cast.ada))
    with pytest.raises(ChangeRefused):
        end_role(user=cast.audra, role=Role.AUDITOR, by=acting(cast.ada))


@pytest.mark.only_postgresql
@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_make_an_excluded_pair_at_the_same_moment() -> None:
    """Both insert before either commits; the trigger locks the person, so the second waits and is refused."""
    user = gather().nora
    start, outcomes = threading.Barrier(2), []

    def give(role: Role) -> None:
        try:
            with transaction.atomic():
                start.wait()
                RoleGrant.objects.create(user=user, role=role, granted_at=datetime.now(UTC))
            outcomes.append("given")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=give, args=(role,)) for role in (Role.ADMINISTRATOR, Role.AUDITOR)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["given", "refused"]


def test_the_triggers_are_there_after_migrating(db: None) -> None:
    catalogue = "pg_trigger WHERE tgname" if connection.vendor == "postgresql" else "sqlite_master WHERE name"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {catalogue} LIKE 'access_role_grant_excluded_pairs%'")
        assert cursor.fetchone()[0] >= 1


def test_a_grant_needs_an_existing_person(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user_id=uuid.uuid4(), role=Role.VIEWER)
        connection.check_constraints()
