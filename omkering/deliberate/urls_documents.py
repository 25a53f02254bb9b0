"""Addresses of documents."""

from django.urls import URLPattern, path

from omkering.deliberate.views import document_changes, documents, imports

_ONE = "documenten/<int:pk>/"
_IMPORT = "documenten/inlezen/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("documenten/", documents.documents, name="documents"),
    path("documenten/inlezen/", imports.take, name="take_file"),
    path(_IMPORT, imports.look, name="import"),
    path(f"{_IMPORT}deel/<int:place>/", imports.part, name="import_part"),
    path(f"{_IMPORT}erbij/<int:place>/", imports.add, name="import_add"),
    path(f"{_IMPORT}bevestigen/", imports.confirm, name="confirm_import"),
    path(f"{_IMPORT}bijwerken/", imports.renew, name="renew_import"),
    path(f"{_IMPORT}weg/", imports.drop, name="drop_import"),
    path(f"{_IMPORT}bestand/", imports.file, name="import_file"),
    path(_ONE, documents.document, name="document"),
    path(f"{_ONE}vergelijken/", documents.compare, name="compare"),
    path(f"{_ONE}afdrukken/", documents.print_view, name="print_document"),
    path(f"{_ONE}document.pdf", documents.pdf, name="document_pdf"),
    path(f"{_ONE}document.docx", documents.docx, name="document_docx"),
    path(f"{_ONE}wijzigen/", document_changes.edit, name="edit_document"),
    path(f"{_ONE}tekst/", document_changes.write, name="write_version"),
    path(f"{_ONE}publiceren/", document_changes.publish, name="publish_document"),
    path(f"{_ONE}aannemen/", document_changes.adopt, name="adopt_document"),
    path(f"{_ONE}intrekken/", document_changes.withdraw, name="withdraw_document"),
]
