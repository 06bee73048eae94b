"""A table on paper, through Qt's own text document; the print dialog is imported when somebody prints."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QWidget

from desktop_app.ui.widgets.records import GroupRow, RecordModel


def table_html(title: str, model: RecordModel) -> str:
    """The rows shown, as the page shows them."""
    columns = [column for column in model.columns if column.head]
    lines = [
        f"<h3>{escape(title)}</h3><table border='1' cellspacing='0' cellpadding='3' width='100%'><thead><tr>"
    ]
    lines.extend(f"<th>{escape(column.head)}</th>" for column in columns)
    lines.append("</tr></thead>")
    for row in model.rows:
        if isinstance(row, GroupRow):
            lines.append(
                f"<tr><td colspan='{len(columns)}'><b>{escape(row.title)}</b> {escape(row.note)}</td></tr>"
            )
            continue
        cells = (
            f"<td align='{'right' if column.right else 'left'}'>{escape(column.text(row))}</td>"
            for column in columns
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines.append("</table>")
    return "".join(lines)


def print_table(parent: QWidget, title: str, model: RecordModel) -> None:
    from PySide6.QtGui import QPageLayout, QTextDocument
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    if QPrintDialog(printer, parent).exec():
        document = QTextDocument()
        document.setHtml(table_html(title, model))
        document.print_(printer)
