"""Lists of services that came to an end, as a provider's own system or a spreadsheet has them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.rules import N_, Refusal
from portal.rules.ratings import Channel, Outcome
from portal.rules.services import ServiceDraft
from portal.rules.tables import BadTable, cells_of, columns_of, plain_cell, table_rows, table_text

MOST_LINES = 2_000
LONGEST_REFERENCE = 60
HEADINGS = {
    "reference": r"reference|(own)?(number|no\.?)|编号|編號|(服务|服務)?(单|單)[号號]|(记录|記錄)(编号|編號)",
    "contract": r"contract|合同([编編]?[号號])?|契約",
    "service": r"service|category|(服务|服務)?([类類]别|[类類]別|项目|項目)([代][码碼])?",
    "place": r"place|region|(地区|地區|区划|區劃|社区|社區)([代][码碼])?",
    "day": r"day|date|(服务|服務)?(日期|时间|時間)",
    "outcome": r"outcome|result|(服务|服務)?(结果|結果)",
    "channel": r"channel|(邀请|邀請|评价|評價)?方式",
    "phone": r"(mobile|tele)?phone|mobile|(联系|聯絡|聯繫)?(电话|電話|手机|手機)([号號][码碼]?)?",
}
"""What a column of a list may be called."""
TEMPLATE = {"en": tuple(HEADINGS), "zh": ("编号", "合同编号", "服务类别", "地区代码", "日期", "结果", "方式", "手机号")}
"""The columns of the empty list that can be saved, in the order of `HEADINGS`."""
OUTCOME_WORDS = {
    Outcome.DELIVERED: r"|delivered|done|已?(完成|提供|服务|服務)",
    Outcome.REFUSED: r"refused|(被|已)?(拒绝|拒絕)",
    Outcome.NOT_SERVED: r"not[_ -]?served|未(提供)?(服务|服務)|未提供",
    Outcome.NO_SHOW: r"no[_ -]?show|(未|[没沒]有?)(到|上门|上門)|爽约|爽約",
    Outcome.ENDED_EARLY: r"ended[_ -]?early|提前(结束|結束|终止|終止)|中途(结束|結束|终止|終止)",
}
CHANNEL_WORDS = r"|sms|短信|簡訊|短訊"
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?|(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class ServiceLine:
    """A line of a list, as it was typed; `reference`: the sender's own, by which nothing is taken twice."""

    reference: str = ""
    contract: str = ""
    service: str = ""
    place: str = ""
    day: str = ""
    outcome: str = ""
    channel: str = ""
    phone: str = ""


def line_of(cells: Mapping[str, Any]) -> ServiceLine:
    """A line from its cells by name; what is no text or number counts as empty, as do other cells."""
    typed = {key: cells.get(key) for key in HEADINGS}
    plain = {key: plain_cell(str(cell)) if isinstance(cell, str | int) else "" for key, cell in typed.items()}
    return ServiceLine(**plain)


def service_text(data: bytes) -> str:
    """The text of a file with services. Raises BadTable."""
    return table_text(data, HEADINGS, "reference")


def read_services(text: str) -> dict[int, ServiceLine]:
    """The lines of a spreadsheet by their numbers; its first line names the columns, in any order. Raises BadTable."""
    rows = table_rows(text)
    places = columns_of(rows[0][1], HEADINGS) if rows else {}
    if not {"reference", "day"} <= places.keys():
        said = N_("The first line has to name the columns, as in the empty list that you can save.")
        raise BadTable([(rows[0][0] if rows else 1, Refusal(said))])
    lines = {line: line_of(cells_of(row, places, HEADINGS)) for line, row in rows[1:]}
    _refuse_many(list(lines))
    return lines


def numbered(given: object) -> dict[int, ServiceLine]:
    """The lines of a list that another system sent, the first being 1. Raises BadTable."""
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise BadTable([(1, Refusal(N_("This is no list of services.")))])
    _refuse_many(range(1, len(given) + 1))
    return {number: line_of(one) for number, one in enumerate(given, 1)}


def _refuse_many(lines: Iterable[int]) -> None:
    numbers = list(lines)
    if not numbers:
        raise BadTable([(1, Refusal(N_("There is no service in this list.")))])
    if len(numbers) > MOST_LINES:
        said = N_("These are too many lines; %(most)s are possible at once.")
        raise BadTable([(numbers[MOST_LINES], Refusal(said, "", {"most": MOST_LINES}))])


def doubles(lines: Mapping[int, ServiceLine]) -> dict[int, Refusal]:
    """Lines whose reference an earlier one has, or that have none."""
    seen: dict[str, int] = {}
    found = {}
    for number, line in lines.items():
        if not line.reference or len(line.reference) > LONGEST_REFERENCE:
            said = N_("Please give your own reference, of at most %(most)s characters.")
            found[number] = Refusal(said, "reference", {"most": LONGEST_REFERENCE})
        elif line.reference in seen:
            said = N_("This is the same reference as in line %(first)s.")
            found[number] = Refusal(said, "reference", {"first": seen[line.reference]})
        seen.setdefault(line.reference, number)
    return found


def draft_of(line: ServiceLine, category: str) -> ServiceDraft | Refusal:
    """A line as a service of this kind, or why it cannot be read."""
    day = day_of(line.day)
    if day is None:
        return Refusal(N_("Please give the day, such as 2026-11-22."), "day")
    outcome = next((one for one, words in OUTCOME_WORDS.items() if re.fullmatch(words, line.outcome.lower())), None)
    if outcome is None:
        return Refusal(N_("Please say how it ended, in one of the words shown."), "outcome")
    if not re.fullmatch(CHANNEL_WORDS, line.channel.lower()):
        said = N_("In a list only sms is possible; slips are printed when a service is recorded by hand.")
        return Refusal(said, "channel")
    return ServiceDraft(category, day, line.phone.removesuffix(".0"), outcome.value, Channel.SMS.value)


def day_of(typed: str) -> date | None:
    """A day as spreadsheets write it.

    >>> day_of("2026/3/1"), day_of("2026年3月1日"), day_of("20260301"), day_of("1/3")
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 1), datetime.date(2026, 3, 1), None)
    """
    found = _DAY.fullmatch(typed)
    try:
        return date(*(int(part) for part in found.groups() if part)) if found else None
    except ValueError:
        return None
