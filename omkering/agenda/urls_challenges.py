"""Addresses of challenges, couplings, conflicts of aims and bodies."""

from django.urls import URLPattern, path

from omkering.agenda.views import bodies, challenges, conflicts, couplings

urlpatterns: list[URLPattern] = [
    path("opgaven/", challenges.listing, name="challenges"),
    path("opgaven/nieuw/", challenges.add, name="add_challenge"),
    path("opgave/<int:pk>/", challenges.challenge, name="challenge"),
    path("opgave/<int:pk>/wijzigen/", challenges.edit, name="edit_challenge"),
    path("opgave/<int:pk>/sluiten/", challenges.close, name="close_challenge"),
    path("opgave/<int:pk>/terug/", challenges.reopen, name="reopen_challenge"),
    path("plaatsen/<int:pk>/", challenges.place, name="place"),
    path("plaatsing/<int:pk>/beeindigen/", challenges.end_placement, name="end_placement"),
    path("opgaven/samenhang/", couplings.couplings_map, name="couplings"),
    path("opgaven/samenhang/nieuw/", couplings.couple, name="couple"),
    path("samenhang/<int:pk>/beeindigen/", couplings.end, name="end_coupling"),
    path("opgaven/botsende-doelen/", conflicts.listing, name="conflicts"),
    path("opgaven/botsende-doelen/nieuw/", conflicts.record, name="record_conflict"),
    path("botsende-doelen/<int:pk>/", conflicts.conflict, name="conflict"),
    path("botsende-doelen/<int:pk>/wijzigen/", conflicts.edit, name="edit_conflict"),
    path("botsende-doelen/<int:pk>/opgelost/", conflicts.solve, name="solve_conflict"),
    path("organen/", bodies.bodies, name="bodies"),
    path("organen/<slug:key>/", bodies.body, name="body"),
]
