"""Which ratings look so odd that two people should see them before they count.

A flag deletes nothing and proves nothing: it says that chance alone would seldom make this. Source: ratings F10, F11.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations, islice

from portal.rules.chances import DAYS, at_least, at_most, burst_p, shift
from portal.rules.excess import PERSONAL, Answers, times_likelier
from portal.rules.numbers import Numbers
from portal.rules.scoring import DEFAULT_MIX, Counts, linear_score, mix_of

USUAL = 30
"""Ratings, or services, of a provider below which nobody can say what is usual for it [I]."""
NEWCOMER = 0.001
"""The chance below which it is not only that somebody new records much: more of hers answer, too [I]."""
MOST_COMPARED = 1000
"""Comments of a provider that are compared with each other: in a week hardly one has more [I]."""


class Flag(StrEnum):
    BURST = "burst"
    SHIFT = "shift"
    BEST = "best"
    DEVICE = "device"
    INVITER = "inviter"
    STAFF = "staff"
    EARLY = "early"
    ALIKE = "alike"
    SAME_RATERS = "same_raters"
    TOO_GOOD = "too_good"
    """Holds nothing back: what it is about is published already, and stands there with a note."""


@dataclass(frozen=True)
class Seen:
    """What a flag may know of a rating that is not published; hashes are "" where unknown."""

    key: str
    day: date
    """Once it is settled, the Monday of its week."""
    grade: int = 5
    rater: str = ""
    inviter: str = ""
    device: str = ""
    by_staff: bool = False
    early: bool = False
    settled: bool = False
    words: str = ""


@dataclass(frozen=True)
class Usual:
    """What is usual for a provider: what its ratings are compared with."""

    days: Mapping[date, int] = field(default_factory=dict)
    """Ratings of each day."""
    grades: Counts = (0, 0, 0, 0, 0)
    """Published in the last twelve months."""
    by_staff: int = 0
    """How many of these were entered by, or on the device of, those who asked."""
    recorded: Mapping[str, int] = field(default_factory=dict)
    """By hash of who recorded them: services of the months before."""
    recorded_now: Mapping[str, int] = field(default_factory=dict)
    """The same from the first of the ratings that wait to the end of last week."""
    span: float = 1.0
    """How long that is, as a part of the months before."""
    releases: Sequence[Answers] = ()
    """What came of the services of each release of the last twelve months, in order."""
    served: Mapping[str, int] = field(default_factory=dict)
    """By hash of who recorded them: services that no release counts yet, to the end of last week."""
    suspects: Collection[str] = ()
    """Hashes that are being looked at, or whose ratings were left out: what comes from there waits too."""


@dataclass(frozen=True)
class Finding:
    """Ratings that look odd for one reason: `about` a day, a week or a hash, so that it is asked once."""

    flag: Flag
    about: str
    keys: frozenset[str]
    evidence: Mapping[str, int | str]
    """Counts only."""


def findings(seen: Sequence[Seen], usual: Usual, today: date, numbers: Numbers) -> Iterator[Finding]:
    """What is odd about the ratings of one provider that wait, first what says most clearly which of them it is.

    Those that two people counted are not among `seen`.
    What is compared by its share is compared once: when its week is over, which is before it can be published. The
    more often one looks, the more often chance looks odd.
    """
    past = [one for one in seen if one.day < today - timedelta(days=today.weekday())]
    yield from _early(seen)
    yield from _devices(seen, usual, numbers)
    yield from _alike(seen, today, numbers)
    yield from _inviters(past, usual, today, numbers)
    yield from _by_staff(past, usual, today, numbers)
    yield from _bursts(seen, usual, numbers)
    yield from _shifts(past, usual, today, numbers)
    yield from _best(past, usual, today, numbers) if not today.weekday() else ()


def _bursts(seen: Sequence[Seen], usual: Usual, numbers: Numbers) -> Iterator[Finding]:
    """A day with many more ratings than the 28 before; only what can still be changed has its day. Source: F10."""
    for day, those in sorted(_by(seen, lambda one: "" if one.settled else one.day.isoformat()).items()):
        then = date.fromisoformat(day)
        ratings = usual.days.get(then, 0)
        before = [usual.days.get(then - timedelta(days=back), 0) for back in range(1, DAYS + 1)]
        if ratings >= numbers.burst_least and burst_p(ratings, before) < 1 / numbers.burst_one_in:
            yield _found(Flag.BURST, day, those, day=day, ratings=ratings, usual=sum(before), days=DAYS)


def _shifts(seen: Sequence[Seen], usual: Usual, today: date, numbers: Numbers) -> Iterator[Finding]:
    """Grades that are given otherwise than in the year before; which of them are odd it cannot say. Source: F11."""
    if len(seen) < numbers.shift_least or sum(usual.grades) < USUAL:
        return
    given = Counter(one.grade for one in seen)
    now = (given[1], given[2], given[3], given[4], given[5])
    if shift(now, usual.grades).p < 1 / numbers.shift_one_in:
        better = linear_score(now) > linear_score(usual.grades)
        way = "better" if better else "worse"
        yield _found(Flag.SHIFT, week_of(today), seen, way=way, usual=sum(usual.grades))


def _best(seen: Sequence[Seen], usual: Usual, today: date, numbers: Numbers) -> Iterator[Finding]:
    """More best ratings for the services recorded than chance explains: by one who recorded them, or by all.

    Asked on Mondays, and no more in a month in which two people counted them: the more often one looks, the more often
    chance looks odd. What waits is looked at alone, and with the one or two releases before it: a campaign may last
    longer than ratings wait. Like the grades it cannot say which of them are odd, and holds all.
    """
    month, single = f"{today:%Y-%m}", list[Finding]()
    for inviter, those in _by(seen, lambda one: one.inviter).items():
        now = _answers(those, usual.served.get(inviter, 0))
        if _too_many(now, usual.releases, numbers, PERSONAL):
            single.append(_found(Flag.BEST, f"{month} {inviter}", those, services=now.services, by_one=1))
    whole = _answers(seen, sum(usual.served.values()))
    several = (
        _found(Flag.BEST, month, seen, services=sum(last, whole).services, by_one=0)
        for before, last in _parted(usual.releases)
        if _too_many(sum(last, whole), before, numbers)
    )
    yield from single or islice(several, 1)


def _answers(seen: Sequence[Seen], services: int) -> Answers:
    return Answers(services, len(seen), sum(one.grade == 5 for one in seen))


def _parted(releases: Sequence[Answers]) -> Iterator[tuple[Sequence[Answers], Sequence[Answers]]]:
    """All releases and none, all but the last and the last, all but the last two and these."""
    for last in range(min(3, len(releases))):
        yield releases[: len(releases) - last], releases[len(releases) - last :]


def _too_many(now: Answers, before: Sequence[Answers], numbers: Numbers, more: float = 0.0) -> bool:
    return (
        now.ratings >= numbers.shift_least
        and sum(one.ratings for one in before) >= USUAL
        and times_likelier(now, before, numbers.best_least, more) >= numbers.best_times
    )


def _devices(seen: Sequence[Seen], usual: Usual, numbers: Numbers) -> Iterator[Finding]:
    """One device behind many people: a large share of them, or so many as no family has.

    The devices of those who asked are marked `by_staff` and are looked at there.
    """
    everyone = _people(seen)
    for device, those in _by(seen, lambda one: "" if one.by_staff else one.device).items():
        people = _people(those)
        many = people >= numbers.device_people or _large(people, everyone, numbers)
        if many or device in usual.suspects:
            yield _found(Flag.DEVICE, device, those, people=people, of=everyone)


def _inviters(seen: Sequence[Seen], usual: Usual, today: date, numbers: Numbers) -> Iterator[Finding]:
    """One who recorded the services of many more raters than her part of all services makes likely.

    The share alone says nothing: with up to three people who record, each has more than 30 %.
    """
    groups = _by(seen, lambda one: one.inviter)
    everyone = sum(map(_people, groups.values()))
    for inviter, those in groups.items():
        people, part = _people(those), _part(inviter, usual)
        recorded = (usual.recorded_now.get(inviter, 0) + 1) / (sum(usual.recorded_now.values()) + 1)
        odd = (
            sum(usual.recorded.values()) >= USUAL
            and _large(people, everyone, numbers)
            and at_least(people, everyone, part) < 1 / numbers.shared_one_in
            and at_least(people, everyone, recorded) < NEWCOMER
        )
        about = f"{today:%Y-%m} {inviter}"
        if odd or about in usual.suspects:
            yield _found(Flag.INVITER, about, those, people=people, of=everyone, part=round(100 * part))


def _part(inviter: str, usual: Usual) -> float:
    """Her part of the services, if she had recorded as many as before beside what others record now.

    So it grows when others are on holiday, and not when she records more than she did.
    """
    own = (usual.recorded.get(inviter, 0) + 1) * usual.span
    others = sum(usual.recorded_now.values()) - usual.recorded_now.get(inviter, 0)
    return own / (own + others) if own + others else 1.0


def _by_staff(seen: Sequence[Seen], usual: Usual, today: date, numbers: Numbers) -> Iterator[Finding]:
    """Many more entered by those who asked than is usual for this provider; at first, 30 % is."""
    those = [one for one in seen if one.by_staff]
    published = sum(usual.grades)
    part = min(usual.by_staff / published, 0.999) if published >= USUAL else 0.0
    if not _large(len(those), len(seen), numbers):
        return
    if at_least(len(those), len(seen), max(part, 1e-9)) < 1 / numbers.shared_one_in:
        yield _found(Flag.STAFF, week_of(today), those, of=len(seen), part=round(100 * part))


def _large(people: int, everyone: int, numbers: Numbers) -> bool:
    return people >= numbers.shared_least and 100 * people > numbers.shared_percent * everyone


def _early(seen: Sequence[Seen]) -> Iterator[Finding]:
    """Rated before the service had ended."""
    for week, those in _by(seen, lambda one: week_of(one.day) if one.early else "").items():
        yield _found(Flag.EARLY, week, those)


def _alike(seen: Sequence[Seen], today: date, numbers: Numbers) -> Iterator[Finding]:
    """Three or more comments in nearly the same words."""
    said = {one.key: plain_words(one.words) for one in seen}
    told = [one for one in seen if len(said[one.key]) >= numbers.alike_length][:MOST_COMPARED]
    pairs = {one.key: _pairs(said[one.key]) for one in told}
    like = Counter(one.key for one in told)
    for one, other in combinations(told, 2):
        if _alikeness(pairs[one.key], pairs[other.key]) * 100 >= numbers.alike_percent:
            like.update((one.key, other.key))
    those = [one for one in told if like[one.key] >= numbers.alike_least]
    if those:
        yield _found(Flag.ALIKE, week_of(today), those)


def plain_words(words: str) -> str:
    """`words` in one case and width, letters and digits only.

    >>> plain_words("服务 很好！ＶＥＲＹ good。")
    '服务很好verygood'
    """
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", words).casefold())


def _pairs(plain: str) -> frozenset[str]:
    return frozenset(plain[place : place + 2] for place in range(len(plain) - 1))


def _alikeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of all pairs of letters that both have (Jaccard)."""
    if min(len(one), len(other)) * 2 < max(len(one), len(other)):
        return 0.0
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def same_raters(seen: Mapping[int, Sequence[Seen]], numbers: Numbers) -> Iterator[tuple[int, Finding]]:
    """The same five devices at the same three providers on one day; `seen` by provider.

    Who rates has another hash at each provider, so that nobody can be followed from one to the next: only the device
    leads across, in its month. Five people who take turns at five new devices are not found; hours are not kept.
    """
    visits: dict[tuple[str, str], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for provider, those in seen.items():
        for one in those:
            if one.device and not one.by_staff and not one.settled:
                visits[one.day.isoformat(), one.device][provider].add(one.key)
    for (day, group), devices in sorted(_groups(visits, numbers.same_providers).items()):
        if len(devices) >= numbers.same_raters:
            for provider in group:
                keys = frozenset().union(*(visits[day, device][provider] for device in devices))
                evidence: dict[str, int | str] = {"day": day, "people": len(devices), "providers": len(group)}
                yield provider, Finding(Flag.SAME_RATERS, day, keys, evidence)


def _groups(
    visits: Mapping[tuple[str, str], Mapping[int, object]], size: int
) -> dict[tuple[str, tuple[int, ...]], list[str]]:
    """By day and group of so many providers the devices that were at all of them."""
    groups: dict[tuple[str, tuple[int, ...]], list[str]] = defaultdict(list)
    for (day, device), providers in visits.items():
        for group in combinations(sorted(providers)[:10], size):
            groups[day, group].append(device)
    return groups


def too_good(grades: Counts, invited: int, usual: Counts, today: date, numbers: Numbers) -> Finding | None:
    """Hundreds of ratings with hardly a bad one among them, or of nearly everybody who was asked."""
    n, bad = sum(grades), grades[0] + grades[1]
    part = max(sum(mix_of(usual)[:2]), sum(DEFAULT_MIX[:2]))
    all_answered = 100 * n >= numbers.too_good_response_percent * invited > 0
    if n < numbers.too_good_least or not (all_answered or _hardly_bad(bad, n, part, numbers)):
        return None
    return Finding(Flag.TOO_GOOD, str(today.year), frozenset(), {"ratings": n, "answered": int(all_answered)})


def _hardly_bad(bad: int, n: int, part: float, numbers: Numbers) -> bool:
    """Less than a tenth of the `part` of bad ratings that is usual, and not by chance.

    Not by chance: even if it were twice as good as others, so few would come less than once in 10,000 times. What is
    usual is never less than the default mix, lest places in which everybody cheats take each other for usual.
    """
    few = 100 * bad < numbers.too_good_percent * part * n
    return few and at_most(bad, n, part / 2) < 1 / numbers.too_good_one_in


def week_of(day: date) -> str:
    """The Monday of its week."""
    return (day - timedelta(days=day.weekday())).isoformat()


def _people(seen: Iterable[Seen]) -> int:
    """How many people rated at most: those who are not known are each somebody else."""
    known = Counter(one.rater for one in seen)
    return known.pop("", 0) + len(known)


def _by(seen: Iterable[Seen], name: Callable[[Seen], str]) -> dict[str, list[Seen]]:
    """Ratings by what `name` says of each; those left out of which it says nothing."""
    groups: dict[str, list[Seen]] = defaultdict(list)
    for one in seen:
        groups[name(one)].append(one)
    groups.pop("", None)
    return groups


def _found(flag: Flag, about: str, those: Iterable[Seen], **evidence: int | str) -> Finding:
    keys = frozenset(one.key for one in those)
    return Finding(flag, about, keys, {"held": len(keys), **evidence})
