"""Addresses of rounds."""

from django.urls import path

from omkering.agenda.views import priority_ballots, round_changes, rounds

urlpatterns = [
    path("rondes/", rounds.rounds, name="rounds"),
    path("ronde/nieuw/", round_changes.plan, name="plan_round"),
    path("ronde/<int:pk>/", rounds.round, name="round"),
    path("ronde/<int:pk>/wijzigen/", round_changes.change, name="change_round"),
    path("ronde/<int:pk>/openen/", round_changes.open_now, name="open_round"),
    path("ronde/<int:pk>/sluiten/", round_changes.close_now, name="close_round"),
    path("ronde/<int:pk>/intrekken/", round_changes.withdraw, name="withdraw_round"),
    path("ronde/<int:pk>/kandidaten/", round_changes.add_candidates, name="add_candidates"),
    path("ronde/<int:pk>/kandidaat/<int:candidate>/", rounds.candidate, name="candidate"),
    path(
        "ronde/<int:pk>/kandidaat/<int:candidate>/eruit/",
        round_changes.withdraw_candidate,
        name="withdraw_candidate",
    ),
    path("ronde/<int:pk>/kandidaat/<int:candidate>/afwijken/", round_changes.depart, name="depart"),
    path("ronde/<int:pk>/keuze/<int:line>/", priority_ballots.choose, name="choose"),
    path("ronde/<int:pk>/keuze/<int:line>/ontvangen/", priority_ballots.chosen, name="chosen"),
    path("ronde/<int:pk>/lijst/", rounds.roll, name="round_roll"),
    path("ronde/<int:pk>/stemlijst.<slug:form>", rounds.roll_file, name="round_roll_file"),
    path("ronde/<int:pk>/keuzes.<slug:form>", rounds.ballots_file, name="round_ballots"),
    path("kandidaat/<int:pk>/", round_changes.nominate, name="nominate"),
]
