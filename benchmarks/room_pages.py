"""The pages of the rooms that are measured: (name, address of the nth request), on at most forty of each kind."""

RUNS = 40


def agenda(fixed, each) -> list[tuple]:
    """The pages of the agenda, on 2,000 dossiers, 40,000 conditions and 200 rounds."""
    from django.urls import reverse

    from omkering.agenda.models import Challenge, Condition, Dossier, Round
    from omkering.who.models import Body, Organisation

    def some(model, **filters) -> list[int]:
        return list(model.objects.filter(**filters).order_by("pk").values_list("pk", flat=True)[:RUNS])

    public = {"visibility": "public"}
    monitor = reverse("agenda:conditions")
    return [
        ("agenda of the year", fixed(reverse("agenda:room"))),
        ("challenges", fixed(reverse("agenda:challenges"))),
        ("challenge", each("agenda:challenge", some(Challenge))),
        ("couplings", fixed(reverse("agenda:couplings"))),
        ("dossiers by step", fixed(reverse("agenda:dossiers"))),
        ("dossiers past their term", fixed(reverse("agenda:dossiers") + "?late=1")),
        ("dossier", each("agenda:dossier", some(Dossier, **public))),
        ("conditions", fixed(monitor)),
        ("conditions that are late", fixed(monitor + "?late=1")),
        ("condition", each("agenda:condition", some(Condition, dossier__visibility="public"))),
        ("parties", fixed(reverse("agenda:organisations"))),
        (
            "party",
            each("agenda:organisation", list(Organisation.objects.values_list("key", flat=True)[:RUNS])),
        ),
        ("bodies", fixed(reverse("agenda:bodies"))),
        ("body", each("agenda:body", list(Body.objects.values_list("key", flat=True)[:RUNS]))),
        ("rounds", fixed(reverse("agenda:rounds"))),
        ("round, closed", each("agenda:round", some(Round, state="closed"))),
        ("round, open", each("agenda:round", some(Round, state="open"))),
    ]


def deliberate(fixed, each) -> list[tuple]:
    """The pages of what members talk about, on the largest of each kind; `benchmarks.deliberation` measures more."""
    from django.db.models import Count
    from django.urls import reverse

    from omkering.deliberate.models import Consultation, ConsultationRound, Contact, Document, Position

    def largest(model, counted: str) -> int:
        return model.objects.annotate(n=Count(counted)).order_by("-n", "pk").values_list("pk", flat=True)[0]

    def some(model) -> list[int]:
        return list(
            model.objects.filter(visibility="public").order_by("pk").values_list("pk", flat=True)[:RUNS]
        )

    document = largest(Document, "amendments")
    voted = ConsultationRound.objects.filter(takes_statements=True).order_by("-pk")[0].pk
    asked = ConsultationRound.objects.filter(takes_amendments=True).order_by("pk")[0]
    pages = [
        ("deliberations", fixed(reverse("deliberate:room"))),
        ("documents", fixed(reverse("deliberate:documents"))),
        ("document of 400 paragraphs", fixed(reverse("deliberate:document", args=[document]))),
        ("amendments", fixed(reverse("deliberate:amendments", args=[document]))),
        ("consultations", fixed(reverse("deliberate:consultations"))),
        ("consultation", each("deliberate:consultation", some(Consultation))),
        (
            "consultation, many reactions",
            fixed(reverse("deliberate:consultation", args=[asked.consultation_id])),
        ),
        ("round", fixed(reverse("deliberate:round", args=[asked.pk]))),
        ("statements", fixed(reverse("deliberate:statements", args=[voted]))),
        ("positions", fixed(reverse("deliberate:positions"))),
        ("position", each("deliberate:position", some(Position))),
        ("lobby", fixed(reverse("deliberate:contacts"))),
        ("contact", each("deliberate:contact", some(Contact))),
        ("one voice", fixed(reverse("deliberate:voice"))),
    ]
    answered = Consultation.objects.filter(state="answered", visibility="public").order_by("pk").first()
    if answered is not None:
        pages.append(("note of answer", fixed(reverse("deliberate:answers", args=[answered.pk]))))
    return pages


def deliberate_own(fixed, each) -> list[tuple]:
    """The pages of deliberation for those who have a task there: (name, address, roles)."""
    from django.urls import reverse

    from omkering.deliberate.models import ConsultationRound

    asked = ConsultationRound.objects.filter(takes_amendments=True).order_by("pk")[0]
    insiders = ("alderman", "official", "adviser")
    return [
        ("contributions", fixed(reverse("deliberate:contributions", args=[asked.pk])), insiders),
        ("my contributions", fixed(reverse("deliberate:my_contributions")), ("alderman", "official")),
        ("differences", fixed(reverse("deliberate:differences")), ("alderman", "adviser")),
    ]


def decide(fixed, each) -> list[tuple]:
    """The pages of meetings, motions and votes, on a year of 12 assemblies, 400 meetings and 600 motions."""
    from django.urls import reverse

    from omkering.decide.models import AgendaItem, Meeting, Motion, Vote
    from omkering.who.models import Body

    def some(model, **filters) -> list[int]:
        rows = model.objects.filter(visibility="public", **filters).order_by("pk")
        return list(rows.values_list("pk", flat=True)[:RUNS])

    assemblies = some(Meeting, state="closed", owner_body__kind="assembly")
    coming = some(Meeting, state="called", owner_body__kind="assembly")
    points = (
        AgendaItem.objects.filter(meeting__in=assemblies).order_by("pk").values_list("pk", flat=True)[:RUNS]
    )
    votes = list(
        Vote.objects.filter(state="closed", about__kind="motion")
        .order_by("pk")
        .values_list("pk", flat=True)[:RUNS]
    )
    bodies = list(Body.objects.exclude(kind="bureau").order_by("pk").values_list("pk", flat=True)[:RUNS])
    motions = some(Motion)
    return [
        ("decisions", fixed(reverse("decide:room"))),
        ("bodies that decide", fixed(reverse("decide:bodies"))),
        ("body that decides", each("decide:body", bodies)),
        ("nominations", fixed(reverse("decide:nominations"))),
        ("meetings", fixed(reverse("decide:meetings"))),
        ("assembly, held", each("decide:meeting", assemblies)),
        ("assembly, to come", each("decide:meeting", coming)),
        ("point of an agenda", each("decide:agenda_item", list(points))),
        ("papers", each("decide:papers", assemblies)),
        ("minutes", each("decide:minutes", assemblies)),
        ("list of decisions", each("decide:decision_list", assemblies)),
        ("screen of the hall", each("decide:screen", assemblies)),
        ("motions", fixed(reverse("decide:motions"))),
        ("motion", each("decide:motion", motions)),
        ("result of a vote, motion", each("decide:vote", votes)),
        ("undertakings", fixed(reverse("decide:undertakings"))),
    ]


def decide_own(fixed, each) -> list[tuple]:
    """The pages of deciding for those who have a task there: (name, address, roles)."""
    from django.urls import reverse

    from omkering.decide.models import Meeting, Vote

    assemblies = Meeting.objects.filter(owner_body__kind="assembly").order_by("pk")
    all_of = list(assemblies.values_list("pk", flat=True)[:RUNS])
    coming = list(assemblies.filter(state="called").values_list("pk", flat=True)[:RUNS])
    votes = list(
        Vote.objects.filter(state="closed", about__kind="motion")
        .order_by("pk")
        .values_list("pk", flat=True)[:RUNS]
    )
    # The desk of a vote is a page while it runs; the benchmark of ballots leaves some that do.
    running = list(Vote.objects.filter(state="open").order_by("pk").values_list("pk", flat=True)[:RUNS])
    pages = [
        ("my motions", fixed(reverse("decide:my_motions")), ("alderman", "adviser")),
        ("filing a motion", fixed(reverse("decide:new_motion")), ("alderman",)),
        ("delegate's page", each("decide:delegate", all_of), ("alderman",)),
        ("registration desk", each("decide:attendance", coming), ("adviser",)),
        ("chair's console", each("decide:console", all_of), ("adviser",)),
        ("presence", each("decide:presence", all_of), ("adviser",)),
        ("what if", each("decide:what_if", votes), ("adviser", "alderman")),
    ]
    return [*pages, ("desk", each("decide:desk", running), ("adviser",))] if running else pages
