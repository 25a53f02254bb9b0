"""Addresses of bundles, the board and themes."""

from django.urls import URLPattern, path

from omkering.listen import feeds
from omkering.listen.views import board, bundles, suggestions, themes

urlpatterns: list[URLPattern] = [
    path("signalen/", board.board, name="board"),
    path("signalen/uitvoeren/<slug:kind>/", board.export, name="export"),
    path("signalen/invoeren/", board.import_signals, name="import"),
    path("signalen/bewaren/", board.keep_search, name="keep_search"),
    path("bundels/", bundles.listing, name="bundles"),
    path("bundels/maken/", bundles.make, name="make_bundle"),
    path("bundels/samenvoegen/", bundles.merge, name="merge_bundles"),
    path("bundels/voorstellen/", suggestions.suggested, name="suggestions"),
    path("bundels/voorstellen/vernieuwen/", suggestions.renew, name="renew_suggestions"),
    path("bundels/voorstellen/<int:pk>/", suggestions.suggestion, name="suggestion"),
    path("bundels/voorstellen/<int:pk>/afwijzen/", suggestions.dismiss, name="dismiss_suggestion"),
    path("bundels/<int:pk>/", bundles.bundle, name="bundle"),
    path("bundels/<int:pk>/naam/", bundles.rename, name="rename_bundle"),
    path("bundels/<int:pk>/splitsen/", bundles.split, name="split_bundle"),
    path("bundels/<int:pk>/toevoegen/", bundles.add, name="add_signals"),
    path("bundels/<int:pk>/uithalen/<int:signal_pk>/", bundles.remove, name="remove_signal"),
    path("bundels/<int:pk>/antwoord/", bundles.answer, name="answer_bundle"),
    path("themas/", themes.themes, name="themes"),
    path("themas/<slug:key>/", themes.theme, name="theme"),
    path("themas/<slug:key>/feed/", feeds.theme_feed, name="theme_feed"),
    path("zoekopdracht/<str:secret>/feed/", feeds.search_feed, name="search_feed"),
]
