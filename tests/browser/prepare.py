"""Make the tables and the world of `tests.world` in an empty database, and print it as JSON with sessions.

Beside the people of the world there is one person for each test that changes what others look at.
"""

import sys

# Who: role, member, whether with a mandate to vote.
EXTRA = {
    "keyboard_voter": ("mayor", "GM0080", True),
    "plain_voter": ("mayor", "GM0085", True),
    "passkey_voter": ("mayor", "GM0090", True),
    "lapsed_official": ("official", "GM0093", False),
    "lapsed_adviser": ("adviser", None, False),
    "reporter": ("official", "GM0098", False),
    "plain_reporter": ("official", "GM0106", False),
    "breaker": ("official", "GM0109", False),
    "passkey_official": ("official", "GM0114", False),
    "codes_official": ("official", "GM0118", False),
    "way_official": ("official", "GM0119", False),
    "way_alderman": ("alderman", "GM0141", True),
    "way_adviser": ("adviser", None, False),
}


def _fill_board() -> None:
    """Signals enough for a second page of the board."""
    from omkering.listen.commands.signals import submit_signal
    from omkering.thread.models import Theme, Visibility
    from omkering.who.models import Member
    from tests.people import make_person

    member = Member.objects.get(code="GM0037")
    sender, theme = make_person("official", member=member), Theme.objects.order_by("order").last()
    for number in range(1, 31):
        submit_signal(
            actor=sender, member=member, title=f"Fietspad nummer {number} is te smal", touches="", helps="",
            case=f"Op fietspad nummer {number} kunnen fietsers elkaar niet meer passeren.",
            theme=theme, visibility=Visibility.PUBLIC,
        )  # fmt: skip


def main() -> None:
    """Build and print."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.utils import translation

    from omkering.web.models import OutboxMail
    from omkering.who.example_people import DOMAIN
    from omkering.who.models import Member, Person
    from tests.people import make_person
    from tests.world import build, give_session

    world = build()
    with translation.override("nl"):
        _fill_board()
    for name, (role, code, votes) in EXTRA.items():
        member = Member.objects.get(code=code) if code else None
        world.people[name] = make_person(role, member=member, votes=votes).pk
    mayor = make_person("mayor", member=Member.objects.get(code="GM0119"))
    Person.objects.filter(pk=mayor.pk).update(email=f"burgemeester@{DOMAIN}")
    OutboxMail.objects.create(
        recipient=f"burgemeester@{DOMAIN}", subject="Nieuws", text="Er is nieuws.\n\nLees het."
    )
    for name, pk in world.people.items():
        person, client = Person.objects.get(pk=pk), Client()
        give_session(client, person)
        world.texts[f"session:{name}"] = client.cookies[settings.SESSION_COOKIE_NAME].value
        world.texts[f"email:{name}"] = person.email
    sys.stdout.write(world.json())


if __name__ == "__main__":
    main()
