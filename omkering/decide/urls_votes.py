"""Addresses of this room, under `besluiten/`: proposals and votes."""

from django.urls import URLPattern, path

from omkering.decide.views import ballots, desk, desk_hands, proposals, vote_plans, votes, what_if

urlpatterns: list[URLPattern] = [
    path("stemmingen/", votes.votes, name="votes"),
    path("voorstellen/", proposals.proposals, name="proposals"),
    path("voorstel/uit/<int:pk>/", proposals.propose, name="propose"),
    path("voorstel/<int:pk>/", proposals.proposal, name="proposal"),
    path("voorstel/<int:pk>/wijzigen/", proposals.edit, name="edit_proposal"),
    path("stemming/over/<int:pk>/", vote_plans.plan, name="plan"),
    path("stemming/<int:pk>/", votes.vote, name="vote"),
    path("stemming/<int:pk>/wijzigen/", vote_plans.change_plan, name="change_plan"),
    path("stemming/<int:pk>/openen/", vote_plans.open_now, name="open"),
    path("stemming/<int:pk>/verlengen/", vote_plans.extend, name="extend"),
    path("stemming/<int:pk>/sluiten/", vote_plans.close_now, name="close"),
    path("stemming/<int:pk>/bekendmaken/", vote_plans.announce, name="announce"),
    path("stemming/<int:pk>/gelijk/", vote_plans.tie, name="decide_tie"),
    path("stemming/<int:pk>/ongedaan/", vote_plans.undo, name="undo_vote"),
    path("stemming/<int:pk>/intrekken/", vote_plans.withdraw, name="withdraw"),
    path("stemming/<int:pk>/doorrekenen/", what_if.what_if, name="what_if"),
    path("stemming/<int:pk>/stemlijst.<slug:form>", votes.roll, name="roll"),
    path("stemming/<int:pk>/uitslag.<slug:form>", votes.roll_call, name="roll_call"),
    path("stemming/<int:pk>/stemming.json", votes.vote_export, name="vote_export"),
    path("stemming/<int:pk>/balie/", desk.desk, name="desk"),
    path("stemming/<int:pk>/balie/handen/", desk_hands.hands, name="desk_hands"),
    path("stemming/<int:pk>/balie/nakijken/", desk.desk_confirm, name="desk_confirm"),
    path("stemming/<int:pk>/balie/<slug:voter>/<int:part>/", desk.desk_line, name="desk_line"),
    path("stemming/<int:pk>/lijst/", ballots.vote_list, name="vote_list"),
    path("stemming/<int:pk>/stem/<slug:code>/", ballots.ballot, name="ballot"),
    path("stemming/<int:pk>/stem/<slug:code>/ontvangen/", ballots.cast, name="cast"),
    path("stemming/<int:pk>/bezwaar/<slug:code>/", ballots.object_to, name="object_to"),
]
