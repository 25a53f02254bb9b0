"""Addresses of consultations, rounds, reactions, formal views, questions and meetings."""

from django.urls import path

from omkering.deliberate.views import (
    consultation_following,
    consultation_rounds,
    consultations,
    contributions,
    formal_views,
    meetings,
    questions,
)

_ROUND = "consultaties/ronde/<int:pk>"
_VIEW = "consultaties/zienswijze/<int:pk>"
_MEETING = "consultaties/bijeenkomst/<int:pk>"
_CONTRIBUTION = "consultaties/bijdrage/<int:pk>"
urlpatterns = [
    path("consultaties/", consultations.consultations, name="consultations"),
    path("consultaties/nieuw/", consultations.plan, name="plan_consultation"),
    path("consultaties/mijn/", contributions.mine, name="my_contributions"),
    path("consultaties/<int:pk>/", consultations.consultation, name="consultation"),
    path("consultaties/<int:pk>/wijzigen/", consultations.change, name="change_consultation"),
    path("consultaties/<int:pk>/afgelasten/", consultations.withdraw, name="withdraw_consultation"),
    path("consultaties/<int:pk>/ronde/", consultation_rounds.plan, name="plan_round"),
    path(
        "consultaties/<int:pk>/afdelingen/", consultation_rounds.plan_for_chapters, name="plan_chapter_rounds"
    ),
    path(f"{_ROUND}/", consultation_rounds.round, name="round"),
    path(f"{_ROUND}/wijzigen/", consultation_rounds.change, name="change_round"),
    path(f"{_ROUND}/openen/", consultation_rounds.open_now, name="open_round"),
    path(f"{_ROUND}/sluiten/", consultation_rounds.close_now, name="close_round"),
    path(f"{_ROUND}/verlengen/", consultation_rounds.extend, name="extend_round"),
    path(f"{_ROUND}/herinneren/", consultation_rounds.remind, name="remind_round"),
    path(f"{_ROUND}/afgelasten/", consultation_rounds.withdraw, name="withdraw_round"),
    path(f"{_ROUND}/volgen/", consultation_following.following, name="following"),
    path(f"{_ROUND}/respons.<slug:form>", consultation_following.response_file, name="response_file"),
    path(f"{_ROUND}/bijdragen/", contributions.contributions, name="contributions"),
    path(f"{_ROUND}/bijdragen.<slug:form>", contributions.contributions_file, name="contributions_file"),
    path(f"{_ROUND}/reageren/", contributions.react_to_whole, name="react_to_whole"),
    path("consultaties/reageren/<int:pk>/", contributions.react, name="react"),
    path(f"{_CONTRIBUTION}/", contributions.contribution, name="contribution"),
    path(f"{_CONTRIBUTION}/wijzigen/", contributions.change, name="change_reaction"),
    path(f"{_CONTRIBUTION}/intrekken/", contributions.withdraw, name="withdraw_reaction"),
    path(f"{_ROUND}/zienswijzen/", formal_views.views, name="views"),
    path(f"{_ROUND}/zienswijze/<int:member>/", formal_views.start, name="start_view"),
    path(f"{_VIEW}/", formal_views.view, name="view"),
    path(f"{_VIEW}/versies/", formal_views.versions, name="view_versions"),
    path(f"{_VIEW}/schrijven/", formal_views.write, name="write_view"),
    path(f"{_VIEW}/indienen/", formal_views.hand_in, name="hand_in_view"),
    path(f"{_VIEW}/terugnemen/", formal_views.take_back, name="take_back_view"),
    path(f"{_ROUND}/vragen/", questions.reply, name="reply"),
    path(f"{_ROUND}/vragen/uitslag/", questions.results, name="question_results"),
    path(f"{_ROUND}/vragen/uitslag.<slug:form>", questions.results_file, name="question_results_file"),
    path(f"{_ROUND}/vragen/beheren/", questions.edit, name="edit_questions"),
    path("consultaties/vraag/<int:pk>/eruit/", questions.take_out, name="withdraw_question"),
    path(f"{_ROUND}/bijeenkomst/", meetings.plan, name="plan_meeting"),
    path(f"{_MEETING}/", meetings.meeting, name="meeting"),
    path(f"{_MEETING}/agenda.ics", meetings.calendar, name="meeting_calendar"),
    path(f"{_MEETING}/wijzigen/", meetings.change, name="change_meeting"),
    path(f"{_MEETING}/afgelasten/", meetings.cancel, name="cancel_meeting"),
    path(f"{_MEETING}/verslag/", meetings.report, name="report_meeting"),
]
