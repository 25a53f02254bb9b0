"""What is wrong in an association folder: where, and why, in one sentence each."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: the file's name within the folder, the line (counted from 1), and the reason in words."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


class AssociationError(Exception):
    """The folder cannot be used; `faults` holds every fault found, in order of file and line."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class Faults:
    """Collects faults while a folder is read, so that one reading finds them all."""

    def __init__(self) -> None:
        self._found: set[Fault] = set()

    def add(self, file: str, line: int, reason: str) -> None:
        """Record a fault; the same one twice counts once."""
        self._found.add(Fault(file, line, reason))

    def __bool__(self) -> bool:
        return bool(self._found)

    def sorted(self) -> list[Fault]:
        """All faults by file and line."""
        return sorted(self._found)
