"""security.txt passes the validator that internet.nl uses, and does not run out unnoticed."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sectxt import Parser

LEFT_AT_LEAST, AT_MOST = timedelta(days=30), timedelta(days=365)


@pytest.mark.parametrize("day", [0, 200, 1000])
def test_it_is_valid_today_and_whenever_it_is_asked_for(client, settings, day):
    settings.SITE_URL = "https://omkering.example"
    now = datetime.now(UTC).replace(microsecond=0) + timedelta(days=day)
    with time_machine.travel(now, tick=False):
        answer = client.get("/.well-known/security.txt")
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        parsed = Parser(answer.content, urls="https://omkering.example/.well-known/security.txt")
    assert parsed.errors == [] and parsed.is_valid()
    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    expires = datetime.fromisoformat(lines["Expires"])
    assert LEFT_AT_LEAST < expires - now < AT_MOST
    assert {"Contact", "Expires", "Preferred-Languages", "Canonical", "Policy"} <= set(lines)
    policy = lines["Policy"].removeprefix("https://omkering.example")
    assert client.get(policy).status_code == 200


def test_the_check_bites():
    text = "Contact: mailto:a@example.test\nExpires: 2020-01-01T00:00:00Z\n"
    assert [fault["code"] for fault in Parser(text.encode()).errors] != []
