"""Addresses of this room, under `besluiten/`: meetings."""

from django.urls import URLPattern, path

from omkering.decide.views import attendance, meeting_agenda, meeting_requests, meetings, papers

_ONE = "vergadering/<int:pk>"
_ITEM = "vergadering/punt/<int:pk>"
_PAPER = "vergadering/stuk/<int:pk>"
_REQUEST = "vergaderingen/verzoek/<int:pk>"

urlpatterns: list[URLPattern] = [
    path("vergaderingen/", meetings.meetings, name="meetings"),
    path("vergaderingen/nieuw/", meetings.plan, name="plan_meeting"),
    path("vergaderingen/van/<int:pk>.ics", meetings.body_calendar, name="body_calendar"),
    path("vergaderingen/verzoeken/", meeting_requests.meeting_requests, name="meeting_requests"),
    path("vergaderingen/verzoek/nieuw/", meeting_requests.ask, name="request_meeting"),
    path(f"{_REQUEST}/", meeting_requests.meeting_request, name="meeting_request"),
    path(f"{_REQUEST}/steunen/", meeting_requests.support, name="support_request"),
    path(f"{_REQUEST}/steun-intrekken/", meeting_requests.withdraw_support, name="withdraw_support"),
    path(f"{_ONE}/", meetings.meeting, name="meeting"),
    path(f"{_ONE}/kalender.ics", meetings.meeting_calendar, name="meeting_calendar"),
    path(f"{_ONE}/wijzigen/", meetings.change, name="change_meeting"),
    path(f"{_ONE}/oproepen/", meetings.call, name="call_meeting"),
    path(f"{_ONE}/afgelasten/", meetings.cancel, name="cancel_meeting"),
    path(f"{_ONE}/stap/<slug:step>/", meetings.step, name="meeting_step"),
    path(f"{_ONE}/agenda/", meeting_agenda.edit_agenda, name="edit_agenda"),
    path(f"{_ONE}/agenda/nieuw/", meeting_agenda.add_agenda_item, name="add_agenda_item"),
    path(f"{_ONE}/stukken/", papers.papers, name="papers"),
    path(f"{_ONE}/stukken.pdf", papers.papers_pdf, name="papers_pdf"),
    path(f"{_ONE}/stuk/nieuw/", papers.add_paper, name="add_paper"),
    path(f"{_ONE}/aanmelden/", attendance.attendance, name="attendance"),
    path(f"{_ONE}/aankomst/", attendance.arrive, name="arrive"),
    path(f"{_ONE}/vertrek/", attendance.leave, name="leave"),
    path(f"{_ONE}/presentie/", attendance.presence, name="presence"),
    path(f"{_ONE}/presentie.<slug:form>", attendance.presence_file, name="presence_file"),
    path(f"{_ONE}/volmacht/<int:member>/", attendance.give_proxy, name="give_proxy"),
    path(f"{_ONE}/stemmers/<int:member>/", attendance.name_delegates, name="name_delegates"),
    path("vergadering/volmacht/<int:pk>/intrekken/", attendance.withdraw_proxy, name="withdraw_proxy"),
    path(f"{_ITEM}/", meeting_agenda.agenda_item, name="agenda_item"),
    path(f"{_ITEM}/wijzigen/", meeting_agenda.change_agenda_item, name="change_agenda_item"),
    path(f"{_ITEM}/plaats/", meeting_agenda.move_agenda_item, name="move_agenda_item"),
    path(f"{_ITEM}/volgorde/", meeting_agenda.add_turns, name="add_turns"),
    path(f"{_ITEM}/vervalt/", meeting_agenda.drop_agenda_item, name="drop_agenda_item"),
    path(f"{_ITEM}/belang/", meeting_agenda.declare_interest, name="declare_interest"),
    path(
        "vergadering/belang/<int:pk>/intrekken/", meeting_agenda.withdraw_interest, name="withdraw_interest"
    ),
    path("op-de-agenda/<int:pk>/", meeting_agenda.put_on_agenda, name="put_on_agenda"),
    path(f"{_PAPER}/", papers.paper, name="paper"),
    path(f"{_PAPER}/bestand/", papers.paper_file, name="paper_file"),
    path(f"{_PAPER}/intrekken/", papers.withdraw_paper, name="withdraw_paper"),
]
