"""Addresses of the shell."""

from django.urls import include, path

from omkering.web.views import home, thread

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("zoeken/", thread.search, name="search"),
    path("nieuws/", thread.news, name="news"),
    path("nieuws/gelezen/", thread.read_all, name="read_all"),
    path("volgend/", thread.follows, name="follows"),
    path("volgen/", thread.follow, name="follow"),
    path("volgend/<int:pk>/weg/", thread.remove_search, name="remove_search"),
    path("draad/<int:pk>/", thread.item, name="item"),
    path("logboek/", thread.log, name="log"),
    path("logboek/<int:old>/<int:new>/", thread.consistency, name="consistency"),
    path("ontvangst/<int:pk>/", thread.receipt, name="receipt"),
    path("leden/", include("omkering.web.urls_members")),
    path("mensen/", include("omkering.web.urls_people")),
    path("", include("omkering.web.urls_pages")),
    path("mijn/", include("omkering.web.urls_account")),
]
