"""What waits for somebody around positions: to say how one stands, talks to have, and what came of a contact."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.forms.positions import party_key
from omkering.deliberate.models import (
    Alignment,
    AlignmentState,
    Contact,
    ContactState,
    Position,
    PositionState,
    Stance,
)
from omkering.deliberate.queries.positions import bound_by
from omkering.thread.waiting import Waiting, register
from omkering.who.models import Member, Person
from omkering.who.standing import Standing

MOST = 5  # members and networks that a home page names one by one


@register()
def stances_to_take(person: Person, standing: Standing) -> list[Waiting]:
    """Positions on which a member or network has not said how it stands, for who may say it; two queries, and one for
    each of at most five parties.
    """
    found = []
    for party in bound_by(standing)[:MOST]:
        said = Stance.objects.filter(
            ended_at__isnull=True, **({"member": party} if isinstance(party, Member) else {"network": party})
        )
        rows = Position.objects.visible_to(standing, person.pk).filter(state=PositionState.ACTIVE)
        count = rows.exclude(pk__in=said.values("position_id")).count()
        url = f"{reverse('deliberate:positions')}?silent={party_key(party)}"
        text = _("Positions on which %(party)s has not said how it stands") % {"party": party}
        found.append(Waiting(text, count, url))
    return found


@register(sign="SELECT FROM thread_item WHERE kind = 'alignment' AND state = 'open'")
def alignments_to_talk(person: Person, standing: Standing) -> list[Waiting]:
    """Alignments that are going on and that this person has a side in; one query."""
    mine = Q(author=person) | Q(relation__position__owner=person)
    if "network" in standing.powers:
        mine |= Q(relation__contact__network__in=standing.networks)
    if "report" in standing.powers:
        mine |= Q(relation__contact__owner_member__in=standing.members)
    rows = Alignment.objects.filter(mine, state=AlignmentState.OPEN)
    return [Waiting(_("Differences to talk about"), rows.count(), reverse("deliberate:differences"))]


@register(
    sign="""
    SELECT FROM deliberate_contact AS contact JOIN thread_item AS item ON item.id = contact.item_ptr_id
    WHERE item.author_id = %(person)s AND item.kind = 'contact' AND item.state = 'planned'
      AND contact."on" < %(today)s
    """
)
def contacts_to_tell(person: Person, standing: Standing) -> list[Waiting]:
    """Contacts that this person recorded, whose day is past and of which nobody knows what came; one query."""
    rows = Contact.objects.filter(author=person, state=ContactState.PLANNED, on__lt=timezone.localdate())
    url = f"{reverse('deliberate:contacts')}?mine=on&state={ContactState.PLANNED.value}"
    return [Waiting(_("Contacts of which you have not said what came"), rows.count(), url, late=True)]


@register(
    sign="SELECT FROM deliberate_position WHERE owner_id = %(person)s AND ends_on < %(today)s", of_bureau=True
)
def positions_past(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: positions of one's own that were to hold until a day that is past; one query."""
    rows = Position.objects.filter(owner=person, state=PositionState.ACTIVE, ends_on__lt=timezone.localdate())
    url = f"{reverse('deliberate:positions')}?mine=on"
    return [
        Waiting(_("Positions that you own and that are past their last day"), rows.count(), url, late=True)
    ]
