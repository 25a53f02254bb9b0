"""All addresses of the product. Paths are Dutch, as the interface is; names are English."""

from django.urls import include, path

urlpatterns = [
    path("taal/", include("django.conf.urls.i18n")),
    path("", include("omkering.web.urls")),
    path("account/", include("omkering.web.urls_login")),
    path("signaleren/", include("omkering.listen.urls")),
    path("agenda/", include("omkering.agenda.urls")),
    path("beraadslagen/", include("omkering.deliberate.urls")),
    path("besluiten/", include("omkering.decide.urls")),
]

handler400 = "omkering.web.views.errors.bad_request"
handler403 = "omkering.web.views.errors.forbidden"
handler404 = "omkering.web.views.errors.not_found"
handler500 = "omkering.web.views.errors.server_error"
