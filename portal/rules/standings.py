"""Lines of outside lists: who has which grade or stands on which list, since when, by which source. Source: 2.5."""

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.rules import N_, Refusal
from portal.rules.outside import GRADES, EntryKind
from portal.rules.pleas import LONGEST_EVIDENCE
from portal.rules.wording import public_text

MOST_LINES = 500
KINDS = {
    "assessment": EntryKind.ASSESSMENT,
    "评估等级": EntryKind.ASSESSMENT,
    "評估等級": EntryKind.ASSESSMENT,
    "abnormal": EntryKind.ABNORMAL,
    "活动异常名录": EntryKind.ABNORMAL,
    "活動異常名錄": EntryKind.ABNORMAL,
    "serious": EntryKind.SERIOUS,
    "严重违法失信名单": EntryKind.SERIOUS,
    "嚴重違法失信名單": EntryKind.SERIOUS,
}
"""What a line may call a list."""


@dataclass(frozen=True)
class EntryDraft:
    """A line as it was read; `number` is its place."""

    number: int
    usc_code: str
    kind: EntryKind
    grade: str
    from_on: date
    until_on: date | None
    source: str


def read_entries(text: str, *, today: date) -> tuple[list[EntryDraft], list[Refusal]]:
    """The lines `code,list,grade,from,until,source`, and why some of them cannot be taken."""
    drafts: list[EntryDraft] = []
    refusals: list[Refusal] = []
    lines = list(csv.reader(text.splitlines()))
    rows = [(number, row) for number, row in enumerate(lines, 1) if any(cell.strip() for cell in row)]
    if not rows:
        refusals.append(Refusal(N_("Please give at least one line."), "lines"))
    if len(rows) > MOST_LINES:
        return [], [Refusal(N_("At most %(most)s lines at once."), "lines", {"most": MOST_LINES})]
    for number, row in rows:
        found = _read(number, [unicodedata.normalize("NFKC", cell).strip() for cell in row])
        if found is None:
            said = N_("Line %(number)s: please write code, list, grade, first day, last day, source.")
            refusals.append(Refusal(said, "lines", {"number": number}))
            continue
        drafts.append(found)
        refusals.extend(_refusals(found, today))
    return drafts, refusals


def _read(number: int, cells: list[str]) -> EntryDraft | None:
    if len(cells) != 6 or cells[1] not in KINDS:
        return None
    try:
        from_on, until_on = date.fromisoformat(cells[3]), date.fromisoformat(cells[4]) if cells[4] else None
    except ValueError:
        return None
    return EntryDraft(number, cells[0].upper(), KINDS[cells[1]], cells[2].upper(), from_on, until_on, cells[5])


def _refusals(draft: EntryDraft, today: date) -> Iterator[Refusal]:
    about = {"number": draft.number}
    if (draft.grade in GRADES) != (draft.kind is EntryKind.ASSESSMENT) or (
        draft.kind is not EntryKind.ASSESSMENT and draft.grade
    ):
        yield Refusal(N_("Line %(number)s: an assessment has a grade from 5A to 1A, a list has none."), "lines", about)
    if not date(2000, 1, 1) <= draft.from_on <= today:
        yield Refusal(N_("Line %(number)s: the first day has not come yet, or is too long ago."), "lines", about)
    if draft.until_on and draft.until_on < draft.from_on:
        yield Refusal(N_("Line %(number)s: the last day must not be before the first."), "lines", about)
    if len(draft.source) < 2:
        yield Refusal(N_("Line %(number)s: please say where it can be looked up."), "lines", about)
    yield from public_text(draft.source, "lines", LONGEST_EVIDENCE)
