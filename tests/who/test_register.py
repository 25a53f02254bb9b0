"""The register as pages: members on a reference date, import with a plan first, boundaries."""

import json
from io import BytesIO

import pytest
from django.utils import timezone

from omkering.journal.models import Event
from omkering.thread.themes import load_themes
from omkering.ui.second_factor import PERSON_KEY, SESSION_KEY
from omkering.who.commands.association import load_association
from omkering.who.models import Boundary, Member
from tests.association.test_nl import SHARED
from tests.people import make_member, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def nl():
    """The shipped association."""
    load_association()
    load_themes()


@pytest.fixture
def as_admin(client):
    admin = make_person("administrator")
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[SESSION_KEY] = [{"method": "mfa", "at": timezone.now().timestamp()}]
    session[PERSON_KEY] = str(admin.pk)
    session.save()
    return client


def named(text: str) -> BytesIO:
    file = BytesIO(text.encode())
    file.name = "members.csv"
    return file


def show_plan(client, text: str):
    return client.post("/leden/invoeren/", {"file": named(text)})


def test_members_on_a_reference_date(client, nl):
    for day, count in (("2022-01-15", 345), ("2022-06-01", 344), ("2023-06-01", 342)):
        assert f"{count} leden op" in client.get(f"/leden/?on={day}").content.decode()
    assert client.get("/leden/?on=gisteren").status_code == 400
    ended = client.get("/leden/GM0457/").content.decode()  # Weesp went up in Amsterdam
    assert "Geen lid meer" in ended and 'href="/leden/GM0363/"' in ended
    early = client.get("/leden/GM1992/?on=2022-06-01").content.decode()  # Voorne aan Zee came in 2023
    assert "bestond nog niet" in early
    names = client.get("/leden/?q=hage").content.decode()
    assert "&#x27;s-Gravenhage" in names


def test_an_import_shows_a_plan_and_then_does_it(as_admin, nl):
    text = as_admin.get("/leden/uitvoeren/").content.decode()
    assert "Het bestand verandert niets." in show_plan(as_admin, text).content.decode()
    lines = text.splitlines()
    (place,) = [n for n, line in enumerate(lines) if line.startswith("GM0014,")]
    lines[place] = lines[place].replace("Groningen", "Groningen (stad)", 1)
    plan = show_plan(as_admin, "\n".join(lines))
    page = plan.content.decode()
    assert plan.status_code == 200 and "Groningen (stad)" in page
    assert Member.objects.get(code="GM0014").name == "Groningen"  # nothing yet
    confirmed = plan.context["confirm"].initial["text"]
    assert as_admin.post("/leden/invoeren/", {"text": confirmed}).status_code == 302
    assert Member.objects.get(code="GM0014").name == "Groningen (stad)"
    event = Event.objects.get(verb="members.imported")
    assert event.data["changed"] == ["GM0014"] and event.data["added"] == []


def test_every_fault_has_its_line_and_nothing_is_written(as_admin, nl):
    lines = as_admin.get("/leden/uitvoeren/").content.decode().splitlines()
    header = lines[0].split(",")
    province, people = header.index("province"), header.index("population_2026-05-01")

    def change(number: int, column: int, value: str) -> None:
        cells = lines[number].split(",")
        cells[column] = value
        lines[number] = ",".join(cells)

    change(1, 0, "G14")
    change(2, province, "")
    change(3, people, "-5")
    change(4, header.index("ends"), "2026-01-01")
    change(4, header.index("successor"), "GM9999")
    lines.append(lines[5])
    before = list(Member.objects.values_list("code", "name", "ends"))
    answer = show_plan(as_admin, "\n".join(lines))
    assert answer.status_code == 422
    faulty = {fault.line for fault in answer.context["plan"].faults}
    assert {2, 3, 4, 5, len(lines)} <= faulty
    forced = as_admin.post("/leden/invoeren/", {"text": "\n".join(lines)})
    assert forced.status_code == 422
    assert list(Member.objects.values_list("code", "name", "ends")) == before


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"code;name\n1;2"])
def test_a_file_that_is_no_csv_gets_a_sentence(as_admin, content):
    file = BytesIO(content)
    file.name = "members.csv"
    assert as_admin.post("/leden/invoeren/", {"file": file}).status_code == 422


def geojson(*codes: str) -> bytes:
    square = [[[4, 52], [5, 52], [5, 53], [4, 52]]]
    features = [
        {
            "type": "Feature",
            "properties": {"statcode": code},
            "geometry": {"type": "Polygon", "coordinates": square},
        }
        for code in codes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def load(client, data: bytes):
    file = BytesIO(data)
    file.name = "boundaries.geojson"
    return client.post("/leden/grenzen/", {"file": file, "source": "Test"})


def test_boundaries_turn_tiles_into_shapes_and_back(as_admin):
    make_member("GM0014")
    make_member("GM0034")
    assert load(as_admin, geojson("GM0014", "GM0034", "XX")).status_code == 302
    assert Boundary.objects.count() == 2
    as_admin.post("/leden/grenzen/", {"remove": "1"})
    assert not Boundary.objects.exists()
    verbs = Event.objects.filter(verb__startswith="boundaries").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["boundaries.loaded", "boundaries.removed"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "geen GeoJSON"),
        (b"[]", "geen GeoJSON"),
        (b"{}", "geen GeoJSON"),
        (geojson("XX"), "Geen van de vormen"),
        (b'{"features": [{"properties": {}}]}', "Vorm 1"),
    ],
)
def test_a_wrong_file_of_boundaries_gets_a_sentence(as_admin, data, words):
    make_member("GM0014")
    answer = load(as_admin, data)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Boundary.objects.exists()


def test_the_real_boundaries_fit_the_members_of_2025(as_admin, nl):
    path = SHARED / "boundaries_2025.geojson"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    assert load(as_admin, path.read_bytes()).status_code == 302
    assert Boundary.objects.count() == 342
    page = as_admin.get("/leden/").content.decode()
    assert page.count("<path") >= 342
