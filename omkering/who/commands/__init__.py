"""Every change of who: members, networks, people, mandates. Each is one transaction with one event."""
