"""Addresses of this room, under `besluiten/`."""

from django.urls import path

from omkering.decide.views import ballots, proposals, votes

app_name = "decide"
urlpatterns = [
    path("", votes.votes, name="votes"),
    path("voorstellen/", proposals.proposals, name="proposals"),
    path("voorstel/uit/<int:pk>/", proposals.propose, name="propose"),
    path("voorstel/<int:pk>/", proposals.proposal, name="proposal"),
    path("voorstel/<int:pk>/wijzigen/", proposals.edit, name="edit_proposal"),
    path("stemming/over/<int:pk>/", votes.plan, name="plan"),
    path("stemming/<int:pk>/", votes.vote, name="vote"),
    path("stemming/<int:pk>/wijzigen/", votes.change_plan, name="change_plan"),
    path("stemming/<int:pk>/openen/", votes.open_now, name="open"),
    path("stemming/<int:pk>/sluiten/", votes.close_now, name="close"),
    path("stemming/<int:pk>/intrekken/", votes.withdraw, name="withdraw"),
    path("stemming/<int:pk>/stemlijst.<slug:form>", votes.roll, name="roll"),
    path("stemming/<int:pk>/uitslag.<slug:form>", votes.roll_call, name="roll_call"),
    path("stemming/<int:pk>/stem/<slug:code>/", ballots.ballot, name="ballot"),
    path("stemming/<int:pk>/stem/<slug:code>/ontvangen/", ballots.cast, name="cast"),
]
