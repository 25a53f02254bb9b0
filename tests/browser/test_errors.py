"""Every form with something to fill in, sent empty: the errors are on top with the focus and at their fields."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.test_pages import too_wide
from tests.browsing import violations
from tests.world import address

pytestmark = pytest.mark.browser

FORMS = [
    ("official", "listen:report"),
    ("official", "listen:correct"),
    ("official", "listen:object"),
    ("official", "listen:import"),
    ("official", "account_change_password"),
    ("adviser", "listen:answer"),
    ("adviser", "listen:make_bundle"),
    ("adviser", "listen:rename_bundle"),
    ("adviser", "listen:split_bundle"),
    ("adviser", "listen:answer_bundle"),
    ("adviser", "decide:propose"),
    ("adviser", "decide:edit_proposal"),
    ("adviser", "decide:plan"),
    ("adviser", "decide:change_plan"),
    ("administrator", "listen:answer_objection"),
    ("administrator", "web:add_person"),
    ("administrator", "web:appoint"),
    ("administrator", "web:import_members"),
    ("visitor", "account_login"),
    ("visitor", "account_reset_password"),
]

EMPTY = """form => { for (const field of form.elements) {
  if (['hidden', 'submit', 'button', 'fieldset'].includes(field.type)) continue;
  if (['checkbox', 'radio'].includes(field.type)) field.checked = false;
  else if (field.tagName === 'SELECT') field.value = [...field.options].some(o => !o.value) ? '' : field.value;
  else field.value = ''; } }"""


@pytest.mark.parametrize(("person", "name"), FORMS)
def test_an_empty_form(visit: Visit, site: Site, person: str, name: str) -> None:
    page = visit(person, address(name, site.world), viewport={"width": 320, "height": 800})
    form = page.locator("main form[method=post]:has(.utrecht-form-field)").first
    form.evaluate(EMPTY)
    form.locator("button[type=submit]").first.click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    links = summary.locator("a")
    assert links.count() > 0
    assert "?:" not in summary.inner_text()
    for link in links.all():
        control = page.locator(link.get_attribute("href"))
        expect(control).to_have_attribute("aria-invalid", "true")
        described = control.get_attribute("aria-describedby") or control.evaluate(
            "e => e.closest('fieldset').getAttribute('aria-describedby')"
        )
        error = page.locator(", ".join(f"#{name}" for name in described.split() if name.endswith("_error")))
        expect(error).to_be_visible()
        assert error.inner_text().strip()
    assert violations(page) == []
    assert too_wide(page) == []
