"""Documents: from a file that was read to versions whose parts keep their address."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.utils import ProgrammingError

from omkering.deliberate.commands.documents import (
    adopt_document,
    confirm_import,
    edit_document,
    new_version,
    publish_document,
    withdraw_document,
)
from omkering.deliberate.models import Basis, Block, Document, DocumentState, Paragraph, Version
from omkering.journal.models import Event
from omkering.thread.models import Item, Notice, Visibility
from tests.deliberate.documents import BLOCKS, blocks_of, make_document, make_import
from tests.people import make_adviser, make_member, make_network, make_person

pytestmark = pytest.mark.django_db


def _addresses(document: Document, number: int) -> list[int]:
    rows = Block.objects.filter(version__document=document, version__number=number)
    return list(rows.order_by("position").values_list("paragraph__address", flat=True))


def _contribution(author) -> Item:
    return Item.objects.create(kind="reaction", title="Een punt", state="submitted", author=author)


def test_a_file_that_was_looked_at_becomes_a_document_that_only_the_bureau_sees():
    adviser = make_adviser()
    document = confirm_import(actor=adviser, imported=make_import(adviser))
    assert (document.title, document.state, document.visibility) == ("Samen verder", "draft", "bureau")
    assert _addresses(document, 1) == [1, 2, 3, 4, 5, 6, 7]
    assert document.summary == "Gemeenten doen veel werk voor hun inwoners."
    assert "Voorstel 1 Gemeenten werken samen" in document.body
    assert Event.objects.get(verb="document.made").data["blocks"] == 7


def test_confirming_twice_is_confirming_once():
    adviser = make_adviser()
    imported = make_import(adviser)
    first = confirm_import(actor=adviser, imported=imported)
    assert confirm_import(actor=adviser, imported=imported) == first
    assert Document.objects.count() == Version.objects.count() == 1


def test_only_the_bureau_changes_documents():
    adviser, clerk = make_adviser(), make_person("clerk", member=make_member())
    document = make_document(adviser)
    with pytest.raises(PermissionDenied):
        confirm_import(actor=clerk, imported=make_import(adviser))
    with pytest.raises(PermissionDenied):
        new_version(actor=clerk, document=document, blocks=blocks_of(document))
    with pytest.raises(PermissionDenied):
        publish_document(actor=clerk, document=document)
    with pytest.raises(PermissionDenied):
        withdraw_document(actor=clerk, document=document, reason="Dit klopt niet meer.")


def test_parts_keep_their_address_whatever_happens_around_them():
    adviser = make_adviser()
    document = make_document(adviser)
    blocks = blocks_of(document)
    blocks[1]["text"] = "Gemeenten doen goed werk voor hun inwoners."
    del blocks[2]
    blocks.insert(0, {"paragraph": None, "kind": "paragraph", "text": "Vooraf."})
    new_version(actor=adviser, document=document, blocks=blocks, note="Korter.")
    assert _addresses(document, 2) == [8, 1, 2, 4, 5, 6, 7]
    # An address that is free is never given again.
    blocks = blocks_of(document)[1:]
    blocks.append({"paragraph": None, "kind": "paragraph", "text": "Tot slot."})
    new_version(actor=adviser, document=document, blocks=blocks)
    assert _addresses(document, 3) == [1, 2, 4, 5, 6, 7, 9]
    assert _addresses(document, 1) == [1, 2, 3, 4, 5, 6, 7]
    assert Event.objects.filter(verb="document.new_version").first().data["added"] == 1


def test_a_part_that_comes_back_has_its_old_address():
    adviser = make_adviser()
    document = make_document(adviser)
    whole = blocks_of(document)
    new_version(actor=adviser, document=document, blocks=whole[:2])
    new_version(actor=adviser, document=document, blocks=whole)
    assert _addresses(document, 3) == [1, 2, 3, 4, 5, 6, 7]


def test_the_same_text_again_is_no_new_version():
    adviser = make_adviser()
    document = make_document(adviser)
    version = new_version(actor=adviser, document=document, blocks=blocks_of(document))
    assert version.number == 1
    assert not Event.objects.filter(verb="document.new_version").exists()


def test_a_version_names_what_it_follows_from_and_their_authors_hear_of_it():
    adviser = make_adviser()
    author, other = make_person("clerk", member=make_member()), make_person("mayor", member=make_member())
    document = make_document(adviser)
    changed, added, dropped = (_contribution(author), _contribution(other), _contribution(author))
    blocks = blocks_of(document)
    blocks[1]["text"] = "Gemeenten doen goed werk."
    blocks[1]["bases"] = [changed]
    del blocks[3]
    blocks.append({"paragraph": None, "kind": "paragraph", "text": "Tot slot.", "bases": [added, changed]})
    version = new_version(actor=adviser, document=document, blocks=blocks, bases={4: [dropped], 2: [changed]})
    assert set(Basis.objects.filter(version=version).values_list("paragraph__address", "item")) == {
        (2, changed.pk),
        (8, added.pk),
        (8, changed.pk),
        (4, dropped.pk),
    }
    told = Notice.objects.filter(milestone="document.new_version")
    assert set(told.values_list("person", flat=True)) == {author.pk, other.pk}


def test_a_version_based_on_an_older_one_is_refused_and_nothing_is_written():
    adviser, second = make_adviser(), make_adviser()
    document = make_document(adviser)
    mine, yours = blocks_of(document), blocks_of(document)
    mine[1]["text"] = "Mijn woorden."
    yours[1]["text"] = "Uw woorden."
    new_version(actor=adviser, document=document, blocks=mine, based_on=1)
    with pytest.raises(ValidationError) as refused:
        new_version(actor=second, document=document, blocks=yours, based_on=1)
    assert refused.value.code == "changed"
    assert adviser.name in str(refused.value.message)
    # What I sent a moment ago, sent again, is the same version.
    assert new_version(actor=adviser, document=document, blocks=mine, based_on=1).number == 2
    assert Version.objects.count() == 2


def test_versions_and_their_words_cannot_be_changed_or_deleted():
    document = make_document(make_adviser())
    for deed in (
        lambda: Block.objects.filter(version__document=document).update(text="anders"),
        lambda: Version.objects.filter(document=document).update(note="anders"),
        lambda: Block.objects.filter(version__document=document).first().delete(),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            deed()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "paragraph", "text": "  "},
        {"kind": "song", "text": "La la."},
        {"kind": "paragraph", "text": "a" * 50_001},
        {"kind": "paragraph", "label": "9" * 61, "text": "Te lang nummer."},
        {"kind": "heading", "level": "hoog", "text": "Kop"},
    ],
)
def test_a_part_that_cannot_be_kept_is_named(wrong):
    adviser = make_adviser()
    document = make_document(adviser)
    with pytest.raises(ValidationError) as refused:
        new_version(actor=adviser, document=document, blocks=[*blocks_of(document), wrong])
    assert "8" in refused.value.message_dict["blocks"][0]
    assert Version.objects.count() == 1


def test_a_document_without_parts_is_refused():
    adviser = make_adviser()
    with pytest.raises(ValidationError):
        confirm_import(actor=adviser, imported=make_import(adviser, []))
    assert not Document.objects.exists()


def test_the_same_part_cannot_stand_in_a_text_twice_nor_a_part_of_another_document():
    adviser = make_adviser()
    document, other = make_document(adviser), make_document(adviser)
    with pytest.raises(ValidationError):
        new_version(actor=adviser, document=document, blocks=blocks_of(document) + blocks_of(document)[:1])
    with pytest.raises(ValueError, match="another document"):
        new_version(actor=adviser, document=document, blocks=blocks_of(other))


def test_personal_data_needs_a_reason_and_only_where_it_is_new():
    adviser = make_adviser()
    blocks = [*BLOCKS, {"kind": "paragraph", "text": "Mail naar kees.jansen@gemeente.example.nl"}]
    imported = make_import(adviser, blocks)
    with pytest.raises(ValidationError) as refused:
        confirm_import(actor=adviser, imported=imported)
    assert "blocks" in refused.value.message_dict
    document = confirm_import(
        actor=adviser, imported=imported, personal_data_reason="Zo kunnen leden iets vragen."
    )
    assert document.versions.get().personal_data_reason == "Zo kunnen leden iets vragen."
    changed = blocks_of(document)
    changed[1]["text"] = "Gemeenten doen alles."
    assert new_version(actor=adviser, document=document, blocks=changed).number == 2


def test_a_file_read_again_becomes_the_next_version_with_the_same_addresses():
    adviser = make_adviser()
    document = make_document(adviser)
    blocks = [dict(block) for block in BLOCKS]
    blocks[1]["text"] = "Gemeenten doen erg veel werk voor al hun inwoners."
    blocks.insert(3, {"kind": "item", "level": 1, "label": "", "text": "Zij leggen wegen aan."})
    same = confirm_import(
        actor=adviser, imported=make_import(adviser, blocks, document=document), note="Uit de vergadering."
    )
    assert same == document
    assert _addresses(document, 2) == [1, 2, 3, 8, 4, 5, 6, 7]
    assert document.versions.get(number=2).note == "Uit de vergadering."


def test_publishing_lets_others_read_and_is_told_once():
    adviser = make_adviser()
    reader = make_person("clerk", member=make_member())
    network = make_network("g4")
    document = make_document(adviser, visibility=Visibility.BUREAU)
    from omkering.thread.commands import follow
    from tests.people import make_theme

    theme = make_theme()
    edit_document(actor=adviser, document=document, revision=1, theme=theme)
    follow(person=reader, theme=theme)
    with pytest.raises(ValidationError):
        publish_document(actor=adviser, document=document, visibility="bureau")
    with pytest.raises(ValidationError):
        publish_document(actor=adviser, document=document, visibility="network")
    publish_document(actor=adviser, document=document, visibility="network", audience=network)
    made = publish_document(actor=adviser, document=document, visibility="public")
    publish_document(actor=adviser, document=document, visibility="public")
    assert (made.state, made.visibility, made.audience) == ("published", "public", None)
    assert Notice.objects.filter(milestone="document.published", person=reader).count() == 1
    assert Event.objects.filter(verb="document.published").count() == 2


def test_what_is_said_about_it_is_not_overwritten_unseen():
    adviser = make_adviser()
    document = make_document(adviser)
    edited = edit_document(actor=adviser, document=document, revision=document.revision, title="Samen sterk")
    assert edited.revision == document.revision + 1
    with pytest.raises(ValidationError) as refused:
        edit_document(actor=make_adviser(), document=document, revision=document.revision, title="Anders")
    assert refused.value.code == "changed"
    # The same words once more are no change.
    again = edit_document(actor=adviser, document=document, revision=1, title="Samen sterk")
    assert again.revision == edited.revision


def test_adopting_and_withdrawing_happen_once_with_a_reason():
    adviser = make_adviser()
    draft = make_document(adviser, visibility=Visibility.BUREAU)
    with pytest.raises(ValidationError):
        adopt_document(actor=adviser, document=draft, reason="De leden hebben dit besloten.")
    document = make_document(adviser)
    with pytest.raises(ValidationError):
        adopt_document(actor=adviser, document=document, reason="kort")
    adopt_document(actor=adviser, document=document, reason="De leden hebben dit besloten.")
    adopted = adopt_document(
        actor=adviser, document=document, reason="De leden hebben dit nog eens besloten."
    )
    assert (adopted.state, adopted.state_reason) == (DocumentState.ADOPTED, "De leden hebben dit besloten.")
    withdraw_document(actor=adviser, document=document, reason="Er is een nieuw stuk.")
    with pytest.raises(ValidationError):
        new_version(actor=adviser, document=document, blocks=blocks_of(document)[:1])
    assert Paragraph.objects.filter(document=document).count() == 7
