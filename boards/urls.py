"""Addresses of the board: meetings by their id, everything of a case under its patient."""

from django.urls import path

from boards.views import attachments, boards, cases, decided, follow_up, meetings, papers, screen

app_name = "boards"
MEETING = "boards/<uuid:meeting_id>/"
CASE = "patients/<uuid:patient_id>/cases/<uuid:case_id>/"
urlpatterns = [
    path("boards/", boards.boards, name="boards"),
    path("boards/new/", boards.new_meeting, name="new_meeting"),
    path("boards/figures/", boards.board_figures, name="figures"),
    path("boards/figures.csv", boards.figures_csv, name="figures_csv"),
    path("boards/follow-up/", follow_up.follow_ups, name="follow_ups"),
    path(MEETING, meetings.meeting, name="meeting"),
    path(f"{MEETING}change/", meetings.change, name="change"),
    path(f"{MEETING}order/", meetings.order, name="order"),
    path(f"{MEETING}step/", meetings.step, name="step"),
    path(f"{MEETING}extend/", meetings.extend, name="extend"),
    path(f"{MEETING}members/", meetings.members, name="members"),
    path(f"{MEETING}members/invite/", meetings.invite, name="invite"),
    path(f"{MEETING}members/<uuid:member_id>/uninvite/", meetings.uninvite, name="uninvite"),
    path(f"{MEETING}attendance/", meetings.attendance, name="attendance"),
    path(f"{MEETING}chase/", meetings.chase, name="chase"),
    path(f"{MEETING}calendar.ics", meetings.calendar, name="calendar"),
    path(f"{MEETING}earlier/", follow_up.earlier, name="earlier"),
    path(f"{MEETING}minutes/", decided.minutes, name="minutes"),
    path(f"{MEETING}minutes/sign/", decided.sign, name="sign"),
    path(f"{MEETING}minutes/add/", decided.add_minutes, name="add_minutes"),
    path(f"{MEETING}minutes.pdf", papers.minutes_file, name="minutes_file"),
    path(f"{MEETING}packets/", papers.packets, name="packets"),
    path(f"{MEETING}packets/make/", papers.make_packet, name="make_packet"),
    path(f"{MEETING}packets/<uuid:paper_id>/", papers.packet, name="packet"),
    path("patients/<uuid:patient_id>/cases/", cases.patient_cases, name="patient"),
    path("patients/<uuid:patient_id>/cases/refer/", cases.refer, name="refer"),
    path("patients/<uuid:patient_id>/referrals/<uuid:referral_id>/case/", cases.open_case, name="open_case"),
    path(CASE, cases.case, name="case"),
    path(f"{CASE}edit/", cases.edit, name="edit"),
    path(f"{CASE}schedule/", cases.schedule, name="schedule"),
    path(f"{CASE}postpone/", cases.postpone, name="postpone"),
    path(f"{CASE}withdraw/", cases.withdraw, name="withdraw"),
    path(f"{CASE}assign/", cases.assign, name="assign"),
    path(f"{CASE}sheet.pdf", papers.case_sheet, name="case_sheet"),
    path(f"{CASE}text/", papers.case_text, name="case_text"),
    path(f"{CASE}attachments/", attachments.attachments, name="attachments"),
    path(f"{CASE}attachments/add/", attachments.attach_file, name="attach"),
    path(f"{CASE}attachments/<uuid:attachment_id>/", attachments.attachment, name="attachment"),
    path(f"{CASE}attachments/<uuid:attachment_id>/withdraw/", attachments.withdraw, name="withdraw_attachment"),
    path(f"{CASE}screen/", screen.screen, name="screen"),
    path(f"{CASE}draft/", screen.draft, name="draft"),
    path(f"{CASE}take-over/", screen.take_over, name="take_over"),
    path(f"{CASE}decision/", decided.decision, name="decision"),
    path(f"{CASE}decision/add/", decided.add, name="add"),
    path("patients/<uuid:patient_id>/follow-ups/<uuid:item_id>/", decided.outcome, name="outcome"),
]
