"""Addresses of this room, under `besluiten/`: bodies."""

from django.urls import URLPattern, path

from omkering.decide.views import bodies, candidacies, elections, nominations, seats

urlpatterns: list[URLPattern] = [
    path("organen/", bodies.bodies, name="bodies"),
    path("orgaan/<int:pk>/", bodies.body, name="body"),
    path("orgaan/<int:pk>/samenstelling.<slug:form>", bodies.export, name="export_composition"),
    path("orgaan/<int:pk>/zetel/", seats.add, name="add_seat"),
    path("orgaan/<int:pk>/rooster/", seats.rota, name="rota"),
    path("zetel/<int:pk>/wijzigen/", seats.change, name="change_seat"),
    path("zetel/<int:pk>/vervalt/", seats.retire, name="retire_seat"),
    path("zetel/<int:pk>/bezetten/", seats.begin, name="begin_term"),
    path("zittingstermijn/<int:pk>/einde/", seats.end, name="end_term"),
    path("zittingstermijn/<int:pk>/aftreden/", seats.resignation, name="set_resignation"),
    path("voordrachten/", nominations.nominations, name="nominations"),
    path("voordracht/nieuw/<int:pk>/", nominations.plan, name="plan_nomination"),
    path("voordracht/<int:pk>/", nominations.nomination, name="nomination"),
    path("voordracht/<int:pk>/wijzigen/", nominations.change, name="change_nomination"),
    path("voordracht/<int:pk>/openen/", nominations.open_now, name="open_nomination"),
    path("voordracht/<int:pk>/sluiten/", nominations.close_now, name="close_nomination"),
    path("voordracht/<int:pk>/bekendmaken/", nominations.publish, name="publish_nominations"),
    path("voordracht/<int:pk>/intrekken/", nominations.withdraw, name="withdraw_nomination"),
    path("vacature/<int:pk>/", nominations.vacancy, name="vacancy"),
    path("vacature/<int:pk>/kandidaat/", candidacies.stand, name="stand"),
    path("vacature/<int:pk>/tegenkandidaat/<slug:code>/", candidacies.put_up, name="put_up"),
    path("vacature/<int:pk>/niemand/", nominations.nobody, name="nominate_nobody"),
    path("vacature/<int:pk>/stemming/", elections.plan, name="plan_election"),
    path("vacature/<int:pk>/acclamatie/", elections.acclaim, name="acclaim"),
    path("vacature/<int:pk>/open-laten/", elections.leave, name="leave_open"),
    path("kandidaat/<int:pk>/", candidacies.candidacy, name="candidacy"),
    path("kandidaat/<int:pk>/voordragen/", candidacies.nominate, name="nominate"),
    path("kandidaat/<int:pk>/antwoord/", candidacies.answer, name="answer_candidate"),
    path("kandidaat/<int:pk>/aanbevelen/", candidacies.recommend, name="recommend"),
    path("kandidaat/<int:pk>/aanbeveling-vastleggen/", candidacies.record, name="record_recommendation"),
    path("kandidaat/<int:pk>/terugtrekken/", candidacies.withdraw, name="withdraw_candidacy"),
    path("kandidaat/<int:pk>/instemmen/", candidacies.agree, name="agree_to_stand"),
]
