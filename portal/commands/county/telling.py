"""The story of the county in the order of time: each chapter waits for its day, then does real deeds on it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.queries import actor_of
from portal.commands.county import content
from portal.needs.models import Need, NeedStep
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.rules.permissions import Actor
from portal.store import Base, db
from portal.store.clock import CHINA, as_of
from portal.voting.models import Round

Chapter = Iterator[int]
"""Gives how many days ago it goes on; what it does then is done on that day."""
OPENS = 9
SATURDAY = 5
EARLIEST = datetime(2000, 1, 1, tzinfo=CHINA)


@dataclass
class Teller:
    """What the chapters share: the places, who acts, and what came of earlier chapters, all by name."""

    moment: datetime
    places: dict[str, Region]
    people: dict[str, int]
    """Staff by name."""
    needs: dict[str, int]
    residents: dict[str, list[int]]
    """Verified ones by place."""
    cast: Callable[[Round, dict[int, list[float]]], None]
    """Lets people vote in a round that has closed, and counts it; by person, how likely she approves each option."""
    providers: dict[str, Provider] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    rated: list[dict[str, Any]] = field(default_factory=list)
    """What recipients will think of the services that they got."""
    chance: Random = field(default_factory=Random)
    links: set[str] = field(default_factory=set)
    """Keys of ratings that were given by a private link."""
    made: dict[str, Any] = field(default_factory=dict)
    """Resources, funds, lines and contracts by their names in the story."""
    _last: datetime = EARLIEST
    _numbers: Iterator[int] = field(default_factory=count)
    _waiting: list[tuple[datetime, int, Chapter]] = field(default_factory=list)

    def tell(self, until: int = 0) -> None:
        """Let all chapters that have begun happen beside each other until so many days ago, each step at its time."""
        while self._waiting and self._waiting[0][0] < self.working_day(until):
            at, _, chapter = heappop(self._waiting)
            self._last = max(at, self._last + timedelta(minutes=4))
            with as_of(self._last):
                self.begin(chapter)

    def begin(self, *chapters: Chapter) -> None:
        """Let chapters do what they do now, and wait for when each goes on."""
        for chapter in chapters:
            days = next(chapter, None)
            if days is not None:
                heappush(self._waiting, (self.working_day(days), next(self._numbers), chapter))

    def working_day(self, days: int) -> datetime:
        """The morning of so many days ago in China; of a weekend the Monday after, unless that is still to come."""
        morning = (self.moment.astimezone(CHINA) - timedelta(days=days)).replace(
            hour=OPENS, minute=0, second=0, microsecond=0
        )
        late = max(0, morning.weekday() - SATURDAY + 1)
        return morning + timedelta(days=3 - late) if late and days > 2 else morning

    def day(self, days: int) -> date:
        """The day in China so many days ago; to come if negative."""
        return self.moment.astimezone(CHINA).date() - timedelta(days=days)

    def ago(self, day: date) -> int:
        """How many days ago `day` was; below zero if it is to come."""
        return (self.day(0) - day).days

    def actor(self, name: str) -> Actor:
        """Who works under this name."""
        return actor_of(db.session.get_one(Person, self.people[name]))

    def staff_of(self, provider: str) -> Actor:
        """Who works for a provider, by the provider's name in the files."""
        return self.actor(content.story()["staff"][provider])

    def need(self, name: str) -> Need:
        return db.session.get_one(Need, self.needs[name])

    def key(self) -> str:
        """Another one of the keys that forms have, so that they are sent once."""
        return f"county-story-{next(self._numbers)}"


def said(row: Base, given: dict[str, Any], *fields: str) -> None:
    """Give `row`, which a deed made of Chinese words, the other two languages of those words."""
    found: dict[str, Any] = row.translations or {}  # type: ignore[attr-defined]
    words = content.in_three(**{name: given[name] for name in fields})["translations"]
    row.translations = {tag: {**found.get(tag, {}), **texts} for tag, texts in words.items()}  # type: ignore[attr-defined]


def one_of(model: type[Base], **values: Any) -> Any:
    """The one row of `model` with these values, where the deed that made it does not give it back."""
    return db.session.scalars(select(model).filter_by(**values)).one()


def translate_last_step(need: Need, words: list[str]) -> None:
    """Say in the other two languages, too, what the committee has just answered."""
    last = select(NeedStep).where(NeedStep.need_id == need.id).order_by(NeedStep.id.desc()).limit(1)
    db.session.scalars(last).one().translations = content.in_three(words=words)["translations"]
