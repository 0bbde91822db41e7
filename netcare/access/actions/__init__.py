"""Every change of people, roles, teams and programs, each a named action: keyword-only, atomic, checked, recorded.

`NotAllowed` says that the actor may not; `ChangeRefused` that the change itself cannot stand, with the field it belongs
to. Called by the views of access, by management commands and by the tests' factories.
"""

from netcare.access.actions.accounts import create_user, disable_user, enable_user, set_password
from netcare.access.actions.api_clients import create_api_client, revoke_api_client
from netcare.access.actions.common import ChangeRefused
from netcare.access.actions.grants import end_role, grant_role
from netcare.access.actions.institutions import create_institution
from netcare.access.actions.teams import add_to_team, create_team, end_membership

__all__ = [
    "ChangeRefused",
    "add_to_team",
    "create_api_client",
    "create_institution",
    "create_team",
    "create_user",
    "disable_user",
    "enable_user",
    "end_membership",
    "end_role",
    "grant_role",
    "revoke_api_client",
    "set_password",
]
