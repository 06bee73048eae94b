"""How a person left a list: its order, for the next time the program starts."""

from __future__ import annotations

from desktop_app.ui.preferences import Preferences
from desktop_app.ui.widgets.table import RecordTable


def remember_order(table: RecordTable, name: str, preferences: Preferences) -> None:
    """Sort the table as it was left, and keep what is chosen from now on."""
    model = table.record_model
    kept, _dash, way = preferences.text(f"order/{name}").partition("-")
    column = next((n for n, c in enumerate(model.columns) if c.key == kept and c.sort is not None), -1)
    if column >= 0:
        model.sort_by(column)
        if way == "down":
            model.sort_by(column)

    def keep(_section: int) -> None:
        number, descending = model.sorting
        chosen = f"{model.columns[number].key}-{'down' if descending else 'up'}" if number >= 0 else ""
        preferences.set_text(f"order/{name}", chosen)

    table.horizontalHeader().sectionClicked.connect(keep)
