"""Parts that a room shows on the pages of other rooms' items."""

import pytest

from omkering.thread.models import Item
from omkering.ui import panels


@pytest.fixture
def empty(monkeypatch):
    monkeypatch.setattr(panels, "_panels", [])


def test_panels_come_in_their_order_for_the_kinds_they_name(empty):
    panels.register(order=20)(lambda request, item: f"<p>alle {item.kind}</p>")
    panels.register("signal", order=10)(lambda request, item: "<p>eerst</p>")
    panels.register("vote")(lambda request, item: "<p>stemming</p>")
    panels.register()(lambda request, item: "")
    shown = panels.panels(None, Item(kind="signal"))
    assert shown == "<p>eerst</p>\n<p>alle signal</p>"
    assert panels.panels(None, Item(kind="bundle")) == "<p>alle bundle</p>"
