"""Tags, filters and the form renderer: what they write, and that they escape it."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.translation import override

from omkering.ui.paging import Page
from omkering.ui.text import render_markdown

EVIL = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _dutch():
    with override("nl"):
        yield


def show(source: str, path: str = "/", **context) -> str:
    """Render a piece of template with the tags loaded."""
    request = RequestFactory().get(path)
    return Template("{% load ui %}" + source).render(Context({"request": request, **context}))


class SampleForm(forms.Form):
    title = forms.CharField(help_text="One sentence.", widget=forms.TextInput(attrs={"placeholder": "gone"}))
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, help_text="Choose.")
    day = forms.DateField(required=False)
    secret = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("All of it is wrong.")


def test_numbers_as_the_language_writes_them() -> None:
    assert show("{{ 13263|number }}") == "13.263"
    assert show("{{ x|percentage }}", x=0.6144) == "61,4%"
    assert show("{{ x|percentage }}", x=2 / 3) == "66,7%"
    assert show("{{ x|number }}", x=None) == ""
    with override("en"):
        assert show("{{ 13263|number }}") == "13,263"


def test_dates_in_words() -> None:
    when = datetime(2026, 12, 12, 13, 2, tzinfo=timezone.get_fixed_timezone(60))
    assert show("{{ x|day }}", x=date(2026, 12, 12)) == '<time datetime="2026-12-12">12 december 2026</time>'
    assert "12 december 2026, 13:02" in show("{{ x|moment }}", x=when)
    assert ">3\xa0dagen geleden<" in show("{{ x|ago }}", x=timezone.now() - timedelta(days=3, hours=1))
    assert ">over 2\xa0weken<" in show("{{ x|ago }}", x=timezone.now() + timedelta(days=14, hours=1))
    assert ">zojuist<" in show("{{ x|ago }}", x=timezone.now())
    assert ">vandaag<" in show("{{ x|ago }}", x=timezone.localdate())
    assert show("{{ x|day }}{{ x|moment }}{{ x|ago }}", x=None) == ""


@pytest.mark.parametrize(
    ("source", "gone"),
    [
        (EVIL, "<script"),
        ("[x](javascript:alert(1))", 'href="javascript:'),
        ("<img src=x onerror=alert(1)>", "<img"),
        ("![x](https://example.org/track.gif)", "<img"),
        ("[x](data:text/html;base64,AAAA)", 'href="data:'),
    ],
)
def test_markdown_lets_nothing_dangerous_through(source: str, gone: str) -> None:
    assert gone not in render_markdown(source)


def test_markdown_keeps_what_is_meant() -> None:
    html = render_markdown("# Kop\n\n**vet** en [bron](https://example.org)\n\n|a|b|\n|:-|-:|\n|1|2|")
    assert "<h3>Kop</h3>" in html
    assert "<strong>vet</strong>" in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert "<td>1</td>" in html
    assert "style" not in html


def test_badges_take_a_text_or_a_thing_with_a_label() -> None:
    assert show("{% badge x %}", x=EVIL).count("<script") == 0
    state = SimpleNamespace(label="Open", tone="positive")
    assert show("{% badge x %}", x=state) == '<span class="nl-data-badge app-badge--positive">Open</span>'
    with pytest.raises(TemplateSyntaxError, match="no tone 'loud'"):
        show("{% badge 'x' 'loud' %}")


def test_alerts_escape_what_stands_in_them() -> None:
    html = show("{% alert 'success' heading=x %}<p>{{ x }}</p>{% endalert %}", x=EVIL)
    assert "utrecht-alert--ok" in html
    assert "<script" not in html
    assert "<p>&lt;script" in html


def test_tables_are_named_regions() -> None:
    html = show("{% table caption=x %}<tbody><tr><td>{{ x }}</td></tr></tbody>{% endtable %}", x=EVIL)
    assert 'role="region"' in html
    assert "<script" not in html
    name = html.split('aria-labelledby="')[1].split('"')[0]
    assert f'id="{name}"' in html
    assert name not in show("{% table caption=x %}<tbody></tbody>{% endtable %}", x=EVIL)


@pytest.mark.parametrize(
    ("path", "sorted_as", "href"),
    [
        ("/?theme=zorg&after=abc", None, "?theme=zorg&amp;sort=support"),
        ("/?sort=support", "ascending", "?sort=-support"),
        ("/?sort=-support", "descending", "?sort=support"),
    ],
)
def test_sortable_headers_keep_the_query_and_drop_the_page(
    path: str, sorted_as: str | None, href: str
) -> None:
    html = show('{% sortable_header "Steun" "support" numeric=True %}', path)
    assert f'href="{href}"' in html
    assert ("aria-sort" in html) is (sorted_as is not None)
    assert sorted_as is None or f'aria-sort="{sorted_as}"' in html


def test_pagination_keeps_the_query() -> None:
    html = show("{% pagination page %}", "/?theme=zorg&after=old", page=Page([], "b4", "n1"))
    assert 'href="?theme=zorg&amp;before=b4"' in html
    assert 'href="?theme=zorg&amp;after=n1"' in html
    assert show("{% pagination page %}", page=Page([], None, None)).strip() == ""
    first = show("{% pagination page %}", "/?theme=zorg&after=old", page=Page([], "", None))
    assert 'href="?theme=zorg" rel="prev"' in first


def test_fields_are_labelled_described_and_marked() -> None:
    html = str(SampleForm({"title": "", "secret": "1"}))
    assert 'id="id_title_helptext"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert "utrecht-textbox--invalid" in html
    assert "placeholder" not in html
    assert (
        'utrecht-form-fieldset--invalid" id="id_kind_group" '
        'aria-describedby="id_kind_helptext id_kind_error"' in html
    )
    assert html.count('type="radio"') == 2
    assert 'type="date"' in html
    assert html.count("(niet verplicht)") == 1
    assert html.count('type="hidden"') == 1


def test_the_summary_links_to_each_field_and_stands_once() -> None:
    form = SampleForm({"title": "", "secret": ""})
    summary = show("{% error_summary form %}", form=form)
    assert 'href="#id_title"' in summary
    assert 'href="#id_kind_0"' in summary
    assert "<li>All of it is wrong.</li>" in summary
    assert "Er zijn 4 problemen met het formulier" in summary
    assert "autofocus" in summary
    assert "app-error-summary" not in str(form)
    assert "app-error-summary" in str(SampleForm({"title": ""}))
    assert "app-error-summary" not in str(SampleForm())


def test_a_filter_form_does_not_mark_everything_optional() -> None:
    class Filter(SampleForm):
        mark_optional = False

    assert "(niet verplicht)" not in str(Filter())


def test_a_date_given_by_the_browser_is_read_and_shown_back() -> None:
    form = SampleForm({"title": "x", "kind": "a", "day": "2026-12-12", "secret": "1"})
    form.is_valid()
    assert form.cleaned_data["day"] == date(2026, 12, 12)
    assert 'value="2026-12-12"' in str(SampleForm(initial={"day": date(2026, 12, 12)})["day"])


def test_two_forms_do_not_share_widgets() -> None:
    str(SampleForm())
    assert SampleForm.base_fields["title"].widget.attrs["placeholder"] == "gone"
    assert SampleForm.base_fields["day"].widget.input_type == "text"


def test_form_buttons() -> None:
    html = show('{% form_buttons "Versturen" secondary="Bewaar" cancel="/terug/" %}')
    assert 'name="later"' in html
    assert 'href="/terug/"' in html
    assert "Annuleren" in html


def test_the_frame_speaks_both_languages(pages, client: Client) -> None:
    dutch = client.get("/gallery/", headers={"accept-language": "nl"}).content.decode()
    assert '<html lang="nl" class="leden-theme">' in dutch
    assert "<title>Onderdelen van pagina’s – Ledenplatform</title>" in dutch
    assert "voorbeeld" in dutch
    assert 'lang="en">English<' in dutch
    client.post("/language/", {"language": "en", "next": "/gallery/"})
    english = client.get("/gallery/").content.decode()
    assert '<html lang="en"' in english
    assert "All content is example data." in english


def test_no_page_has_inline_style_or_script(pages, client: Client) -> None:
    html = client.get("/gallery/").content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick" not in html
    assert all("src=" in part.split(">")[0] for part in html.split("<script")[1:])


def test_the_server_error_page_needs_nothing() -> None:
    from django.template.loader import get_template

    assert "Er ging iets mis" in get_template("500.html").render()


CUT = ["", "korte", "langer", "één “zin” – meer…", "e\u0301e\u0301n zin", "q\u0307\u0323" * 5, "wéƛ 🏛️ een"]


@pytest.mark.parametrize("length", [1, 2, 5, 6, 7, 50])
@pytest.mark.parametrize("text", CUT)
def test_the_beginning_of_a_text_is_cut_as_django_cuts_it(text: str, length: int) -> None:
    assert show("{{ x|begin:n }}", x=text, n=length) == show("{{ x|truncatechars:n }}", x=text, n=length)
    assert show("{{ x|begin:20 }}", x=EVIL) == "&lt;script&gt;alert(1)&lt;/s…"
