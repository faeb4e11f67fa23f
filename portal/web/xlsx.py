"""Tables as XLSX: text stays text, numbers stay numbers, and nothing runs. Source: expectation 38."""

import io
from collections.abc import Iterable, Sequence
from datetime import date

import xlsxwriter
from flask import Response

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_as_xlsx(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """An answer that saves the table as `name`.xlsx."""
    answer = Response(as_xlsx(head, rows), content_type=KIND)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def as_xlsx(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as one sheet, its head fixed and bold; days as days, text never as a formula or link."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, bold)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(line, column, value, day)
                elif isinstance(value, int | float) and not isinstance(value, bool):
                    sheet.write_number(line, column, value)
                elif value is not None:
                    sheet.write_string(line, column, str(value))
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return file.getvalue()
