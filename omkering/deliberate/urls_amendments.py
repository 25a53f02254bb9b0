"""Addresses of amendments."""

from django.urls import URLPattern, path

from omkering.deliberate.views import (
    amendment_changes,
    amendment_talks,
    amendment_texts,
    amendment_writing,
    amendments,
)

_OF = "documenten/<int:pk>/amendementen/"
_ONE = "amendementen/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(_OF, amendments.listing, name="amendments"),
    path(f"{_OF}amendementen.<slug:kind>", amendments.export, name="export_amendments"),
    path(f"{_OF}botsingen/", amendment_texts.collisions, name="collisions"),
    path(f"{_OF}volgorde/", amendment_texts.order, name="voting_order"),
    path(f"{_OF}volgorde.<slug:kind>", amendment_texts.export_order, name="export_voting_order"),
    path(f"{_OF}aannemen/", amendment_texts.adopt_several, name="adopt_amendments"),
    path("documenten/<int:pk>/geconsolideerd/", amendment_texts.consolidated, name="consolidated"),
    path("alinea/<int:pk>/amendement/", amendment_writing.propose, name="propose"),
    path(_ONE, amendments.amendment, name="amendment"),
    path(f"{_ONE}wijzigen/", amendment_writing.edit, name="edit_amendment"),
    path(f"{_ONE}indienen/", amendment_changes.submit, name="submit_amendment"),
    path(f"{_ONE}medeondertekenen/", amendment_changes.cosign, name="cosign"),
    path(f"{_ONE}vervangen/", amendment_writing.replace, name="replace_amendment"),
    path(f"{_ONE}intrekken/", amendment_changes.withdraw, name="withdraw_amendment"),
    path(f"{_ONE}advies/", amendment_changes.advise, name="advise"),
    path(f"{_ONE}aannemen/", amendment_changes.adopt, name="adopt_amendment"),
    path(f"{_ONE}verwerpen/", amendment_changes.reject, name="reject_amendment"),
    path(f"{_ONE}aanhouden/", amendment_changes.hold, name="hold_amendment"),
    path(f"{_ONE}vervalt/<int:because>/", amendment_changes.fall, name="fall_amendment"),
    path(f"{_ONE}in-de-tekst/", amendment_changes.write_in, name="write_in"),
    path(f"{_ONE}overleg/<int:other>/", amendment_talks.ask_talks, name="ask_talks"),
    path("amendementen/steun/<int:pk>/weg/", amendment_changes.end_backing, name="end_backing"),
    path("amendementen/overleg/<int:pk>/", amendment_talks.talk, name="amendment_talk"),
    path("amendementen/overleg/<int:pk>/tekst/", amendment_talks.propose_common, name="propose_common"),
]
