"""Tables as spreadsheets save them: which encoding, which columns, which lines cannot be read."""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence

from portal.rules import N_, Refusal

LONGEST_HEADING = 2000
SEPARATORS = ",\t;，"
ENCODINGS = ("utf-8-sig", "gb18030", "big5hkscs")

Faults = Sequence[tuple[int, Refusal]]
"""Lines of a spreadsheet, the first being 1, and what is wrong with them."""


class BadTable(ValueError):
    """A spreadsheet that cannot be loaded: each line that has to be mended, and why."""

    def __init__(self, faults: Faults) -> None:
        super().__init__("; ".join(f"line {line}: {fault.text % fault.values}" for line, fault in faults))
        self.faults = faults


def table_text(data: bytes, headings: Mapping[str, str], needed: str) -> str:
    """The text of a file as spreadsheets save it: UTF-8, or the Chinese encodings of Windows. Raises BadTable.

    `needed`: the column by whose heading a reading is known to be the right one.
    """
    wide, packed = data[:2] in (b"\xff\xfe", b"\xfe\xff"), data[:2] == b"PK"
    texts = []
    for encoding in ("utf-16",) if wide else () if packed else ENCODINGS:
        try:
            texts.append(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    if not texts:
        raise BadTable(
            [(1, Refusal(N_("This is no file that we can read. Please save the table as CSV and try again.")))]
        )
    return next((text for text in texts if _has_heading(text, headings, needed)), texts[0])


def _has_heading(text: str, headings: Mapping[str, str], needed: str) -> bool:
    try:
        rows = table_rows(text[:LONGEST_HEADING].split("\n")[0])
    except BadTable:
        return False
    return bool(rows) and needed in columns_of(rows[0][1], headings)


def table_rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line on which it ends.

    Commas, tabs (as pasted from Excel) or semicolons part the cells.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    heading = next((line for line in lines if line.strip()), "")
    reader = csv.reader(lines, delimiter=max(SEPARATORS, key=heading.count))
    try:
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        raise BadTable([(reader.line_num, Refusal(N_("This line cannot be read.")))]) from None


def columns_of(heading: Sequence[str], headings: Mapping[str, str]) -> dict[str, int]:
    """Where the columns stand whose names match the `headings`, whatever their order."""
    names = ["".join(plain_cell(cell).lower().split()).rstrip(":*") for cell in heading]
    found = {
        key: [place for place, name in enumerate(names) if re.fullmatch(known, name)] for key, known in headings.items()
    }
    return {key: places[0] for key, places in found.items() if places}


def cells_of(row: Sequence[str], places: Mapping[str, int], headings: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row by the names of their columns; "" where there is none."""
    return {key: row[places[key]] if -1 < places.get(key, -1) < len(row) else "" for key in headings}


def plain_cell(value: str) -> str:
    """A cell without what spreadsheets put before and after what was typed."""
    plain = unicodedata.normalize("NFKC", value.replace("\x00", ""))
    printable = "".join(sign if sign.isprintable() else " " for sign in plain)
    return " ".join(printable.split()).lstrip("'").strip()
