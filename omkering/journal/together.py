"""Many steps of one migration taken at once: Django draws up every model anew after each step, which for this
product's tables together took a minute; here it happens once."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.models import CreateModel
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


class Together(Operation):
    """The steps as makemigrations wrote them, as one step.

    A table that is made here is made as it is after the last step, with its fields, indexes and constraints; then
    come the steps on tables that were there before, and the triggers, in their order. A field may therefore be
    changed once within one of these, and steps that run code or SQL do not belong in it.
    """

    def __init__(self, operations: Sequence[Any]) -> None:
        self.operations = list(operations)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.operations], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        vars(state).pop("apps", None)  # what is not drawn up is not drawn up anew
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState, to_state: ProjectState,
    ) -> None:  # fmt: skip
        for operation in self._tables():
            schema_editor.create_model(to_state.apps.get_model(app_label, operation.name))
        for operation in self._rest():
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState, to_state: ProjectState,
    ) -> None:  # fmt: skip
        made = {operation.name_lower for operation in self._tables()}
        for operation in reversed(self._rest()):
            if operation.model_name_lower not in made:
                operation.database_backwards(app_label, schema_editor, from_state, to_state)
        for operation in reversed(self._tables()):
            schema_editor.delete_model(from_state.apps.get_model(app_label, operation.name))

    def describe(self) -> str:
        return f"{len(self.operations)} steps at once"

    def _tables(self) -> list[Any]:
        return [operation for operation in self.operations if isinstance(operation, CreateModel)]

    def _rest(self) -> list[Any]:
        """What making the tables does not do already; triggers last, because they name columns."""
        made = {operation.name_lower for operation in self._tables()}
        rest = [
            operation
            for operation in self.operations
            if not isinstance(operation, CreateModel)
            and (isinstance(operation, AddTrigger) or operation.model_name_lower not in made)
        ]
        return sorted(rest, key=lambda operation: isinstance(operation, AddTrigger))
