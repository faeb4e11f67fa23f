"""Who is on a community's roll, and how someone comes on it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.accounts import phone_number
from portal.rules.privacy import publishable_paths
from portal.rules.tables import BadTable, cells_of, columns_of, plain_cell, table_rows, table_text
from portal.rules.wording import personal_numbers


class EntryState(StrEnum):
    """Where an entry of a roll stands."""

    VOUCHED = "vouched"
    """By one member of the committee; a second one has to follow."""
    ACTIVE = "active"
    REMOVED = "removed"


class EntrySource(StrEnum):
    """How someone came on the roll."""

    IMPORT = "import"
    VOUCHED = "vouched"
    RESIDENT = "resident"
    """A resident of the portal whom the committee has confirmed."""


class ObjectionKind(StrEnum):
    """What a resident says of the roll."""

    MISSING = "missing"
    WRONG = "wrong"


LONGEST_NAME = 40
LONGEST_HOUSEHOLD = 60
LONGEST_REASON = 200
LONGEST_OBJECTION = 1000
MOST_LINES = 20_000
MOST_OPEN_OBJECTIONS = 5
"""Of one person, not yet decided [I]."""
FEWEST_IN_BUILDING = 10
"""Source: trust 3, roll."""

HEADINGS = {
    "name": r"(full)?name|(居民|选民|選民)?(姓名|名字)",
    "phone": r"((mobile|tele)?phone|mobile)(number)?|(联系|聯絡|聯繫)?(电话|電話|手机|手機|方式)([号號][码碼]?)?",
    "household": r"household|house|address|door|[户戶][号號]?|住[户戶]|[门門]牌[号號]?|房[号號]|[住地]址",
}
"""What a column of a spreadsheet may be called."""
_HAN = re.compile(r"[㐀-鿿]")
_BUILDING = re.compile(r"\s*([^-—–/]*?(?:号楼|號樓|栋|棟|幢|座|楼|樓)|[^-—–/]+(?=[-—–/]))")


@dataclass(frozen=True)
class EntryDraft:
    """Someone to come on a roll; each part as `tidy` writes it."""

    name: str
    phone: str = ""
    household: str = ""


def masked(name: str) -> str:
    """What of a name the committee sees: its first sign; 王小梅 is 王**, Anna is A***."""
    name = name.strip()
    return name[:1] + "*" * (len(name) - 1)


def tidy(name: str, phone: str, household: str) -> EntryDraft:
    """What was typed or stands in the cells of a spreadsheet, so that the same person is written in one way.

    >>> tidy("王　芳", "138 0013 8000", " 3－2－501 ")
    EntryDraft(name='王芳', phone='13800138000', household='3-2-501')
    """
    name, phone, household = (plain_cell(value) for value in (name, phone, household))
    phone = phone.removesuffix(".0")
    return EntryDraft(
        _together(name) if _HAN.search(name) else name, phone_number(phone) or phone, _together(household)
    )


def _together(value: str) -> str:
    return unicodedata.normalize("NFKC", value.replace(" ", ""))


def refusals(draft: EntryDraft) -> Iterator[Refusal]:
    """Why `draft` cannot come on a roll."""
    if not draft.name:
        yield Refusal(N_("The name is missing."), "name")
    if len(draft.name) > LONGEST_NAME:
        yield Refusal(N_("The name is too long; %(most)s characters are possible."), "name", {"most": LONGEST_NAME})
    if draft.phone and phone_number(draft.phone) is None:
        yield Refusal(N_("This is no mobile number. Please leave it empty if there is none."), "phone")
    if len(draft.household) > LONGEST_HOUSEHOLD:
        values = {"most": LONGEST_HOUSEHOLD}
        yield Refusal(N_("The household is too long; %(most)s characters are possible."), "household", values)
    if not draft.phone and not draft.household:
        yield Refusal(
            N_("Please give a mobile number or a household: else nobody can be told from another of the same name."),
            "household",
        )


def read_roll(text: str) -> dict[int, EntryDraft]:
    """The people in a spreadsheet by the line they stand on; its first line names the columns, in any order.

    Raises BadTable with every fault. Source: A21.
    """
    rows = table_rows(text)
    places = columns_of(rows[0][1], HEADINGS) if rows else {}
    if "name" not in places:
        said = N_("The first line has to name the columns: name, phone, household.")
        raise BadTable([(rows[0][0] if rows else 1, Refusal(said))])
    drafts: dict[int, EntryDraft] = {}
    faults: list[tuple[int, Refusal]] = []
    seen: dict[tuple[str, str], int] = {}
    for line, row in rows[1:]:
        drafts[line] = draft = tidy(**cells_of(row, places, HEADINGS))
        faults += [(line, refusal) for refusal in refusals(draft)]
        marks = [(draft.name, told) for told in (draft.phone, draft.household) if told]
        first = next((seen[mark] for mark in marks if mark in seen), None)
        if first is not None:
            faults.append((line, Refusal(N_("This is the same person as in line %(first)s."), "", {"first": first})))
        seen |= dict.fromkeys(marks, line)
    if len(drafts) > MOST_LINES:
        said = N_("These are too many lines; %(most)s are possible at once.")
        faults = [(rows[MOST_LINES + 1][0], Refusal(said, "", {"most": MOST_LINES}))]
    if not drafts:
        faults = [(1, Refusal(N_("There is nobody in this list.")))]
    if faults:
        raise BadTable(faults)
    return drafts


def roll_text(data: bytes) -> str:
    """The text of a file with a roll. Raises BadTable."""
    return table_text(data, HEADINGS, "name")


def removal_refusals(reason: str, beside: str = "reason") -> Iterator[Refusal]:
    """Why `reason` cannot stand in public beside a change of the roll."""
    if not reason:
        yield Refusal(N_("Please say why; everyone will read it."), beside)
    if len(reason) > LONGEST_REASON:
        yield Refusal(N_("Please say it in at most %(most)s characters."), beside, {"most": LONGEST_REASON})
    yield from personal_numbers(reason, beside)


def second_refusals(first: int | None, second: int | None, herself: bool) -> Iterator[Refusal]:
    """Why the member `second` cannot add her word to that of `first`. Two vouch, and nobody for herself."""
    if herself:
        yield Refusal(N_("Nobody can vouch for herself; ask a colleague."))
    if first == second:
        yield Refusal(N_("You have vouched for her already; now it takes a second member of the committee."))


def objection_refusals(words: str, open_already: int, lives_here: bool) -> Iterator[Refusal]:
    """Why an objection to the roll cannot be made. Source: rules-and-standards 2.3."""
    if not lives_here:
        yield Refusal(N_("Only those who live here can object to this roll. Please say first that you live here."))
    if len(words) < 2:
        yield Refusal(N_("Please say who is meant, and where she lives."), "words")
    if len(words) > LONGEST_OBJECTION:
        yield Refusal(N_("Please say it in at most %(most)s characters."), "words", {"most": LONGEST_OBJECTION})
    if open_already >= MOST_OPEN_OBJECTIONS:
        yield Refusal(N_("The committee has not answered your earlier objections yet. Please wait for that."))


def answer_due(worked: datetime, opening: datetime | None) -> datetime:
    """When an objection has to be decided: `worked`, the end of its working days, but before the roll is fixed.

    `opening`: of the first vote that opens after the objection was made. Source: rules-and-standards 2.3.
    """
    return worked if opening is None else min(worked, opening)


def building_of(household: str) -> str:
    """The building in the name of a household, empty where it cannot be told.

    >>> building_of("3-2-501"), building_of("7号楼1单元302"), building_of("501")
    ('3', '7号楼', '')
    """
    found = _BUILDING.match(household)
    return found[1].strip() if found else ""


def public_buildings(households: Mapping[str, int], total: int) -> dict[str, int]:
    """How many of the `total` on a roll live in each building, where it may be shown: ten or more people, and as many
    or nobody left over. Source: trust 3, roll.
    """
    people: dict[str, int] = {}
    for household, count in households.items():
        building = building_of(household)
        if building:
            people[building] = people.get(building, 0) + count
    paths = {f"{place}.": name for place, name in enumerate(sorted(people))}
    shown = publishable_paths({"": total} | {path: people[name] for path, name in paths.items()}, FEWEST_IN_BUILDING)
    return {name: people[name] for path, name in paths.items() if path in shown}
