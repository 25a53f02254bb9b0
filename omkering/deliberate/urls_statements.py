"""Addresses of statements and the opinion map."""

from django.urls import path

from omkering.deliberate.views import opinion, statement_moderation, statements

_ROUND = "consultaties/ronde/<int:pk>"

urlpatterns = [
    path(f"{_ROUND}/stellingen/", statements.statements, name="statements"),
    path(f"{_ROUND}/stellingen/stemmen/", statements.vote_statements, name="vote_statements"),
    path(f"{_ROUND}/stellingen/nieuw/", statements.write, name="write_statement"),
    path(f"{_ROUND}/stellingen/bekijken/", statement_moderation.moderate, name="moderate_statements"),
    path(f"{_ROUND}/meningenkaart/", opinion.opinion_map, name="opinion_map"),
    path(f"{_ROUND}/meningenkaart.<slug:form>", opinion.opinion_file, name="opinion_file"),
    path("stellingen/<int:pk>/", statements.statement, name="statement"),
    path("stellingen/<int:pk>/stem/", statements.cast, name="cast_statement_vote"),
    path("stellingen/<int:pk>/tonen/", statement_moderation.show, name="show_statement"),
    path("stellingen/<int:pk>/niet-tonen/", statement_moderation.refuse, name="refuse_statement"),
]
