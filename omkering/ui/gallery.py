"""All parts of pages on one page, with invented content; served in the demo and in the tests only."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from omkering.ui.charts import Bar, Node, Tile, bar_chart, chain, tile_map
from omkering.ui.paging import Page

SAMPLE = "Onze inwoners wachten **zes maanden** op een keuring.\n\n- in de kernen\n- in het buitengebied"


class SampleForm(forms.Form):
    """One field of every kind."""

    title = forms.CharField(
        label="Titel van het signaal", help_text="Vat het samen in één zin.", min_length=10
    )
    theme = forms.ChoiceField(
        label="Thema", choices=[("", "Kies een thema"), ("zorg", "Zorg"), ("jeugd", "Jeugd")]
    )
    case = forms.CharField(
        label="Wat gebeurt er?",
        help_text="Beschrijf één concreet geval.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    where = forms.ChoiceField(
        label="Waar speelt het?",
        widget=forms.RadioSelect,
        choices=[("hier", "Alleen bij ons"), ("regio", "In de hele regio")],
    )
    groups = forms.MultipleChoiceField(
        label="Wie merkt het?",
        required=False,
        help_text="Kies alles wat past.",
        widget=forms.CheckboxSelectMultiple,
        choices=[("inwoners", "Inwoners"), ("bedrijven", "Ondernemers"), ("raad", "De gemeenteraad")],
    )
    since = forms.DateField(label="Sinds wanneer?", required=False)
    email = forms.EmailField(label="E-mailadres", required=False)
    number = forms.IntegerField(label="Hoeveel gevallen?", required=False, min_value=0)
    evidence = forms.FileField(
        label="Bewijsstuk", required=False, help_text="Pdf, docx, png of jpg; ten hoogste 10 MB."
    )
    mandate = forms.BooleanField(label="Ik meld dit namens mijn gemeente")
    step = forms.CharField(widget=forms.HiddenInput, initial="1", required=False)


def _tiles() -> list[Tile]:
    corners = {(column, row) for column in (0, 6) for row in (0, 5)}
    places = [(column, row) for row in range(6) for column in range(7) if (column, row) not in corners]
    return [
        Tile(f"X{number:02}", f"Voorbeeld {number:02}", column, row, f"#lid-{number}")
        for number, (column, row) in enumerate(places)
    ]


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every part; a POST shows the form with its errors."""
    messages.success(request, "Uw concept is bewaard om 14:02 uur.")
    form = SampleForm(request.POST or None)
    tiles = _tiles()
    now = timezone.now()
    nodes = [
        Node("a", "Keuringen duren zes maanden", "Signaal", "#a"),
        Node("b", "Wachttijd voor nieuwe bewoners in kleine kernen", "Signaal", "#b"),
        Node("c", "Keuringen voor bewoners", "Bundel", "#c", current=True),
        Node("d", "Voorstel: één loket per regio", "Voorstel", "#d"),
        Node("e", "Stemming", "Stemming", "#e"),
    ]
    context: dict[str, Any] = {
        "association": {"name": "Ledenplatform", "subtitle": "Voorbeeldvereniging", "theme": "leden-theme"},
        "navigation": [
            {"label": "Signaleren", "url": "#1", "current": True, "count": 12},
            {"label": "Besluiten", "url": "#2", "current": False, "count": 0},
            {"label": "Leden", "url": "#3", "current": False, "count": 0},
            {"label": "Netwerken", "url": "#4", "current": False, "count": 0},
        ],
        "breadcrumbs": [("Start", "/"), ("Signaleren", "#1"), ("Onderdelen van pagina’s", "")],
        "footer_links": [("Toegankelijkheid", "#5"), ("Privacy", "#6"), ("Kwetsbaarheid melden", "#7")],
        "organisation": "Gemeente Voorbeeld 01",
        "demo": True,
        "form": form,
        "page": Page([], "", "abc"),
        "facts_rows": [
            ("Reacties", "187 van 342"),
            ("Gewogen deel", "61,4%"),
            ("Sluit op", "12 december 2026"),
        ],
        "tab_entries": [
            {"label": "Overzicht", "url": "#t1", "current": True, "count": None},
            {"label": "Steun", "url": "#t2", "current": False, "count": 13},
        ],
        "step_labels": ["Wat gebeurt er", "Waar en wie", "Wat helpt"],
        "moment": now - timedelta(days=3),
        "rows": [("A-03", "Reële tarieven", 1482, "positive"), ("A-01", "Eén loket", 977, "warning")],
        "sample": SAMPLE,
        "map": tile_map(
            tiles,
            {tile.key: number * number for number, tile in enumerate(tiles) if number % 9},
            caption="Steun per lid op 1 januari 2026",
            unit="signalen",
        ),
        "bars": bar_chart(
            [Bar("Noord", (120, 30, 4, 12)), Bar("Midden", (60, 88, 0, 5)), Bar("Zuid", (12, 3, 1, 40))],
            caption="Stemmen per provincie",
        ),
        "thread": chain(
            nodes,
            [("a", "c"), ("b", "c"), ("c", "d"), ("d", "e")],
            caption="Waar dit vandaan komt en heen gaat",
        ),
    }
    return render(request, "ui/gallery.html", context)
