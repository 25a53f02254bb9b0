"""Addresses of this room, under `besluiten/`: motions, undertakings, and what follows on them."""

from django.urls import URLPattern, path

from omkering.decide.views import (
    follow_up,
    motion_changes,
    motion_talks,
    motion_writing,
    motions,
    undertakings,
)

_ONE = "motie/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("moties/", motions.listing, name="motions"),
    path("moties/moties.<slug:kind>", motions.export, name="export_motions"),
    path("moties/mijn/", motions.mine, name="my_motions"),
    path("motie/nieuw/", motion_writing.new, name="new_motion"),
    path("motie/uit/<int:pk>/", motion_writing.make_from, name="motion_from"),
    path("motie/lijkt-op/", motion_writing.similar, name="similar_motions"),
    path(_ONE, motions.motion, name="motion"),
    path(f"{_ONE}wijzigen/", motion_writing.edit, name="change_motion"),
    path(f"{_ONE}indienen/", motion_changes.file, name="file_motion"),
    path(f"{_ONE}ondertekenen/", motion_changes.sign, name="sign_motion"),
    path("motie/handtekening/<int:pk>/weg/", motion_changes.unsign, name="withdraw_signature"),
    path(f"{_ONE}intrekken/", motion_changes.withdraw, name="withdraw_motion"),
    path(f"{_ONE}toelating/", motion_changes.urgency, name="decide_urgency"),
    path(f"{_ONE}toelating/stemming/", motion_changes.ask_urgency, name="ask_urgency"),
    path(f"{_ONE}vergadering/", motion_changes.bring, name="bring_motion"),
    path(f"{_ONE}agenda/", motion_changes.place, name="place_motion"),
    path(f"{_ONE}aanhouden/", motion_changes.hold, name="hold_motion"),
    path(f"{_ONE}overnemen/", motion_changes.take_over, name="take_over_motion"),
    path(f"{_ONE}splitsen/", motion_changes.split, name="split_motion"),
    path(f"{_ONE}samenvoegen/", motion_talks.merge, name="merge_motions"),
    path(f"{_ONE}overleg/", motion_talks.ask, name="ask_motion_talk"),
    path("motie/overleg/<int:pk>/", motion_talks.talk, name="motion_talk"),
    path("motie/overleg/<int:pk>/samen/", motion_talks.propose, name="propose_merger"),
    path("advies/over/<int:pk>/", motion_changes.advise, name="advise"),
    path("opvolging/<int:pk>/plan/", follow_up.plan, name="plan_execution"),
    path("opvolging/<int:pk>/bericht/", follow_up.report, name="report_execution"),
    path("opvolging/<int:pk>/afdoen/", follow_up.propose, name="propose_settling"),
    path("afdoening/<int:pk>/antwoord/", follow_up.answer, name="answer_settling"),
    path("afdoening/<int:pk>/besluit/", follow_up.decide, name="decide_settling"),
    path("toezeggingen/", undertakings.listing, name="undertakings"),
    path("toezeggingen/toezeggingen.<slug:kind>", undertakings.export, name="export_undertakings"),
    path("toezegging/<int:pk>/", undertakings.undertaking, name="undertaking"),
    path("toezegging/<int:pk>/wijzigen/", undertakings.change, name="change_undertaking"),
    path("toezegging/<int:pk>/vergissing/", undertakings.withdraw, name="withdraw_undertaking"),
    path("vergadering/<int:pk>/toezegging/", undertakings.record, name="record_undertaking"),
]
