"""Addresses of signing in and out, the account, people, teams and API clients."""

from django.urls import path

from netcare.access.views import account, api_clients, people, person, sign_in, teams

app_name = "access"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("account/", account.account, name="account"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/teams/", teams.teams, name="teams"),
    path("people/teams/new/", teams.new_team, name="new_team"),
    path("people/teams/<uuid:team_id>/", teams.team, name="team"),
    path("people/teams/<uuid:team_id>/members/<uuid:user_id>/end/", teams.leave_team, name="leave_team"),
    path("people/api-clients/", api_clients.api_clients, name="api_clients"),
    path("people/api-clients/new/", api_clients.new_api_client, name="new_api_client"),
    path("people/api-clients/<uuid:client_id>/revoke/", api_clients.revoke, name="revoke_api_client"),
    path("people/<uuid:user_id>/", person.person, name="person"),
    path("people/<uuid:user_id>/roles/", person.give_role, name="give_role"),
    path("people/<uuid:user_id>/roles/<slug:role>/end/", person.take_role, name="take_role"),
    path("people/<uuid:user_id>/disable/", person.disable, name="disable"),
    path("people/<uuid:user_id>/enable/", person.enable, name="enable"),
    path("people/<uuid:user_id>/password/", person.new_password, name="new_password"),
]
