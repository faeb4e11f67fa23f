"""Take over what a community already has in a spreadsheet: into its queue, once."""

import csv
import hashlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from portal import audit
from portal.needs.models import Need, NeedStep, need_search
from portal.policies.queries import rules_for, working_days_after
from portal.regions.models import Region
from portal.rules.needs import LONGEST, Behalf, NeedState
from portal.rules.permissions import NOBODY, Deed
from portal.rules.wording import title_of
from portal.store import action, db, put_all_once
from portal.store.clock import CHINA, now
from portal.web.forms import cleaned

COLUMNS = {
    "id": ("message_id", "id", "编号", "留言编号"),
    "title": ("subject", "title", "标题", "留言主题"),
    "words": ("body", "words", "story", "内容", "留言详情"),
    "at": ("created_at", "reported_at", "时间", "留言时间"),
}
"""What a column may be called."""
FORMATS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
BATCH = 200
LONGEST_TITLE = 120


class BadNeedRow(ValueError):
    """A row that cannot be loaded: where and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")


@dataclass(frozen=True)
class Message:
    """One row, read."""

    id: str
    title: str
    words: str
    at: datetime

    @property
    def heading(self) -> str:
        """The whole subject as its sender wrote it, as far as a title goes."""
        if not self.title:
            return title_of(self.words, 60)
        return self.title if self._fits else self.title[: LONGEST_TITLE - 1] + "…"

    @property
    def story(self) -> str:
        """The words, after a subject that is too long for a title."""
        return self.words if self._fits else f"{self.title}\n{self.words}"

    @property
    def _fits(self) -> bool:
        return len(self.title) <= LONGEST_TITLE


def import_needs(file: Path, region: Region, progress: Callable[[int], None] = lambda done: None) -> tuple[int, int]:
    """Put the messages of `file` into the queue of `region`, a batch a transaction; gives (new, known).

    Known ones, of the same id, time and words, are left alone: an interrupted import is simply run again.
    Raises BadNeedRow before anything of its batch is written.
    """
    new = known = 0
    messages = _messages(file)
    while batch := list(itertools.islice(messages, BATCH)):
        added = _load(batch, region, file.name[:40])
        new, known = new + added, known + len(batch) - added
        progress(new + known)
    return new, known


def count_rows(file: Path) -> int:
    """How many rows there are, bad ones not looked for."""
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as opened:
        return max(0, sum(1 for _ in csv.reader(opened)) - 1)


@action
def _load(batch: list[Message], region: Region, source: str) -> int:
    due = working_days_after(now(), rules_for(region).answer_working_days)
    messages = {_key(region, message): message for message in batch}
    added = put_all_once(
        Need,
        [
            {
                "key": key,
                "region_id": region.id,
                "title": message.heading,
                "story": message.story,
                "behalf": Behalf.PAPER.value,
                "state": NeedState.SUBMITTED.value,
                "reported_at": message.at,
                "due_at": due,
                "source": f"{source}:{message.id}",
            }
            for key, message in messages.items()
        ],
    )
    db.session.add_all(NeedStep(need_id=n.id, at=n.reported_at, state=NeedState.SUBMITTED.value) for n in added)
    need_search.put_all({n.id: f"{n.title} {n.story}" for n in added})
    if added:
        audit.record(NOBODY, Deed.IMPORT_DATA, region, file=source, new=len(added), known=len(batch) - len(added))
    return len(added)


def _key(region: Region, message: Message) -> str:
    told = f"{region.code}\n{message.id}\n{message.at.isoformat()}\n{message.words}"
    return hashlib.sha256(told.encode()).hexdigest()[:40]


def _messages(file: Path) -> Iterator[Message]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.DictReader(opened)
        names = {
            key: next((n for n in wanted if n in (reader.fieldnames or ())), "") for key, wanted in COLUMNS.items()
        }
        missing = [" or ".join(COLUMNS[key][:2]) for key in ("id", "words", "at") if not names[key]]
        if missing:
            raise BadNeedRow(1, f"there is no column {', '.join(missing)}")
        try:
            for row in reader:
                yield _message(row, names, reader.line_num)
        except UnicodeDecodeError:
            raise BadNeedRow(reader.line_num + 1, "this is not UTF-8 text") from None


def _message(row: dict[str, str], names: dict[str, str], line: int) -> Message:
    told = {key: cleaned(row.get(name)) if name else "" for key, name in names.items()}
    if not told["id"] or len(told["id"]) > 40:
        raise BadNeedRow(line, "the id is missing or longer than 40 characters")
    if not 2 <= len(told["words"]) <= LONGEST:
        raise BadNeedRow(line, f"the words must have 2 to {LONGEST} characters, they have {len(told['words'])}")
    return Message(told["id"], " ".join(told["title"].split()), told["words"], _time(told["at"], line))


def _time(text: str, line: int) -> datetime:
    """A time of China in one of the formats that spreadsheets write."""
    for form in FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=CHINA).astimezone(UTC)
        except ValueError:
            continue
    raise BadNeedRow(line, f"the time {text!r} is none that we know, such as 2019-02-28 11:25:05 or 2019/2/28 11:25")
