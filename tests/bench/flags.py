"""How often the flags are wrong, and what they find: `python -m tests.bench.flags`, part of `make bench`.

Made providers, day by day, with the rules as they are. All is drawn from a seed, so that it can be done again.
"""

import random
import sys
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import exp, log

from portal.rules.excess import Answers
from portal.rules.flags import Finding, Flag, Seen, Usual, findings, too_good
from portal.rules.numbers import Numbers
from portal.rules.scoring import DEFAULT_MIX, Counts

START = date(2026, 1, 1)
YEAR, OPEN, CYCLE, REVIEW = 365, 7, 7, 3
"""Days: of a year, in which a rating can be changed, between releases, until two people have looked."""
RATES = (0.2, 0.5, 1, 2, 3)
LATER = (0, 0, 0, 0, 1, 2, 3, 4, 6)
"""Days after a service on which it is rated; after 3 comes the reminder."""
FAKES = 20
NOBODY: Counts = (0, 0, 0, 0, 0)
SHOWN = (Flag.BURST, Flag.SHIFT, Flag.BEST, Flag.DEVICE, Flag.INVITER, Flag.STAFF, Flag.ALIKE, Flag.TOO_GOOD)
"""Early ratings and the same raters at several providers are not simulated."""
SHORT = (
    "很好",
    "谢谢",
    "满意",
    "不错",
    "服务很好",
    "很满意，谢谢",
    "师傅人很好",
    "辛苦了",
    "挺好的",
    "态度好",
    "准时",
    "还可以",
)
PARTS = (
    ("今天", "这次", "上周", "昨天下午", "这个月", "早上", "周末", ""),
    ("来的阿姨", "师傅", "护理员小姑娘", "送餐的小伙子", "理发师傅", "社工", "康复老师", "保洁员"),
    (
        "动作很麻利",
        "说话和气",
        "迟到了一会儿",
        "把厨房擦得干净",
        "帮我量了血压",
        "陪我聊了很久",
        "饭菜有点凉",
        "没有多收钱",
    ),
    (
        "希望下次还是她来",
        "我母亲很高兴",
        "就是时间短了点",
        "楼道也顺手扫了",
        "比上个月好",
        "我腿脚不便多亏了他",
        "下次请提前打电话",
        "",
    ),
)
TEMPLATE = "服务态度非常好，非常专业，值得大家信赖和推荐"


@dataclass
class Made:
    """A made provider: its habits, and what waits and was published so far."""

    chance: random.Random
    rate: float
    mix: tuple[float, ...]
    clients: int
    helpers: dict[int, int]
    recorders: list[float]
    by_staff: float
    away: list[tuple[int, int, int]]
    asked: float
    """Services a day."""
    answers: list[float]
    """Of each week the share of those who were asked that answers, as a logit."""
    liked: list[float]
    """By who records: how much more often hers answer, as a logit."""
    coming: defaultdict[int, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    """By day what was asked for already."""
    waiting: dict[str, Seen] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    """Key → hold."""
    cleared: set[str] = field(default_factory=set)
    published: deque[tuple[int, Seen]] = field(default_factory=deque)
    days: Counter[date] = field(default_factory=Counter)
    services: deque[tuple[int, str]] = field(default_factory=deque)
    holds: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    closed: list[tuple[int, tuple[str, str]]] = field(default_factory=list)
    counted: set[tuple[str, str]] = field(default_factory=set)
    released: int = -CYCLE
    counted_to: int = 0
    """The day before which services belong to a release."""
    releases: deque[tuple[int, Answers]] = field(default_factory=deque)
    number: int = 0


def a_provider(seed: int, rate: float) -> Made:
    """Habits drawn from `seed`: how good, how many clients, who records, how often staff enters the answer."""
    chance = random.Random(seed)
    drawn = [chance.gammavariate(30 * share, 1) for share in DEFAULT_MIX]
    clients = max(12, round(60 * rate))
    helpers = {client: -(client // 5) - 1 for client in range(clients) if chance.random() < 0.15}
    people = chance.choice((1, 2, 2, 3, 4, 5))
    away = [(chance.randrange(people), first, first + 14) for first in chance.sample(range(2 * YEAR), 4)]
    if people > 1 and chance.random() < 0.2:  # one left and another came
        change = YEAR + chance.randrange(YEAR)
        away += [(0, change, 2 * YEAR), (1, 0, change)]
    parts = [chance.gammavariate(2, 1) for _ in range(people)]
    share = min(0.8, max(0.1, chance.betavariate(3, 6)))
    return Made(
        chance,
        rate,
        tuple(one / sum(drawn) for one in drawn),
        clients,
        helpers,
        parts,
        chance.choice((0, 0, 0.1, 0.5)),
        away,
        rate / share,
        _answers(chance, share),
        [chance.gauss(0, 0.2) for _ in range(people)],
    )


def _answers(chance: random.Random, share: float) -> list[float]:
    """By week: the `share` that drifts, with good and bad weeks, and for one in four another channel once for good."""
    usual, answers = _logit(share), []
    other = chance.randrange(2 * YEAR // 7) if chance.random() < 0.25 else None
    for week in range(2 * YEAR // 7 + 1):
        usual += chance.gauss(0, 0.05) + (chance.choice((-1, 1, 1)) if week == other else 0)
        answers.append(usual + chance.gauss(0, 0.3))
    return answers


def _logit(share: float) -> float:
    return log(share / (1 - share))


def live(made: Made, day: int, fakes: list[Seen], numbers: Numbers) -> Iterator[Finding]:
    """One day: services, ratings, flags, reviews, a release; gives the new findings."""
    today = START + timedelta(days=day)
    fresh = [*_honest(made, day, today), *(replace(one, day=today) for one in fakes)]
    for one in fresh:
        made.number += 1
        key = f"{one.key or 'h'}{made.number}"
        made.waiting[key] = replace(one, key=key)
        if one.key:
            made.services.append((day, one.inviter))
        made.days[today] += 1
    _settle(made, today)
    yield from _flagged(made, day, today, numbers)
    _review(made, day)
    _release(made, day)


def _honest(made: Made, day: int, today: date) -> Iterator[Seen]:
    """Overdispersed: a quiet week-end, busy days (a gamma with shape 2); some answer days later, or when reminded."""
    chance = made.chance
    mean = made.asked * (0.3 if today.weekday() > 4 else 1.28) * chance.gammavariate(2, 0.5)
    for _ in range(_poisson(chance, mean)):
        inviter = _recorder(made, day)
        made.services.append((day, inviter))
        if chance.random() < 1 / (1 + exp(-made.answers[day // 7] - made.liked[int(inviter[1:])])):
            client = min(int(chance.expovariate(3 / made.clients)), made.clients - 1)
            made.coming[day + chance.choice(LATER)].append(
                Seen(
                    "",
                    today,
                    chance.choices((1, 2, 3, 4, 5), made.mix)[0],
                    f"r{client}",
                    inviter,
                    f"d{made.helpers.get(client, client)}",
                    chance.random() < made.by_staff,
                    words=_words(chance) if chance.random() < 0.2 else "",
                )
            )
    for one in made.coming.pop(day, ()):
        yield replace(one, day=today, device=f"{one.device}-{today.month}")


def _recorder(made: Made, day: int) -> str:
    there = [
        0.0 if any(who == one and first <= day < last for one, first, last in made.away) else part
        for who, part in enumerate(made.recorders)
    ]
    return f"i{made.chance.choices(range(len(there)), there if sum(there) else made.recorders)[0]}"


def _words(chance: random.Random) -> str:
    return chance.choice(SHORT) if chance.random() < 0.6 else "，".join(filter(None, map(chance.choice, PARTS)))


def _poisson(chance: random.Random, mean: float) -> int:
    count, time = 0, chance.expovariate(1)
    while time < mean:
        count, time = count + 1, time + chance.expovariate(1)
    return count


def _settle(made: Made, today: date) -> None:
    for key, one in made.waiting.items():
        if not one.settled and today - one.day > timedelta(days=OPEN):
            made.waiting[key] = replace(one, day=one.day - timedelta(days=one.day.weekday()), settled=True, words="")


def _flagged(made: Made, day: int, today: date, numbers: Numbers) -> Iterator[Finding]:
    free = [one for key, one in made.waiting.items() if key not in made.held and key not in made.cleared]
    if not free:
        return
    for found in findings(free, _usual(made, day, (min(one.day for one in free) - START).days), today, numbers):
        name = (found.flag.value, found.about)
        keys = {key for key in found.keys if key not in made.held}
        if not keys or name in made.counted:
            continue
        made.held |= dict.fromkeys(keys, name[0])
        if name in made.holds:
            made.holds[name] |= keys
            continue
        made.holds[name] = keys
        made.closed.append((day + REVIEW, name))
        yield found


def _usual(made: Made, day: int, first: int) -> Usual:
    monday = day - (START + timedelta(days=day)).weekday()
    while made.published and made.published[0][0] < day - YEAR:
        made.published.popleft()
    while made.releases and made.releases[0][0] < day - YEAR:
        made.releases.popleft()
    while made.services and made.services[0][0] < day - 180:
        made.services.popleft()
    grades = Counter(one.grade for _, one in made.published)
    counts: Counts = (grades[1], grades[2], grades[3], grades[4], grades[5])
    return Usual(
        made.days,
        counts,
        sum(one.by_staff for _, one in made.published),
        Counter(who for when, who in made.services if first - 120 <= when < first),
        Counter(who for when, who in made.services if first <= when < monday),
        max(1, monday - first) / min(120, max(1, first - made.services[0][0])) if made.services else 1.0,
        [one for _, one in made.releases],
        Counter(who for when, who in made.services if made.counted_to <= when < monday),
        {
            about
            for (flag, about), keys in made.holds.items()
            if flag in ("device", "inviter") and keys & made.held.keys()
        },
    )


def _review(made: Made, day: int) -> None:
    """Two people count what is honest and leave out what holds a fake."""
    for due, name in [one for one in made.closed if one[0] <= day]:
        made.closed.remove((due, name))
        keys = made.holds.pop(name)
        if any(key.startswith("f") for key in keys):
            for key in keys:
                made.waiting.pop(key, None)
        else:
            made.counted.add(name)
            made.cleared |= keys
            for key in keys:
                made.held.pop(key, None)


def _release(made: Made, day: int) -> None:
    ready = [key for key, one in made.waiting.items() if one.settled and key not in made.held]
    if day - made.released >= CYCLE and len({made.waiting[key].rater for key in ready}) >= 10:
        those = [made.waiting.pop(key) for key in ready]
        made.published.extend((day, one) for one in those)
        services = sum(made.counted_to <= when < day - OPEN for when, _ in made.services)
        made.releases.append((day, Answers(services, len(those), sum(one.grade == 5 for one in those))))
        made.released, made.counted_to = day, day - OPEN


def _fake(kind: str) -> Callable[[Made, int], Seen]:
    """The `number`-th fake of a campaign that leaves these traces."""

    def make(made: Made, number: int) -> Seen:
        grade = 1 if kind == "all bad" else 5
        own = made.chance.randrange(10**9)
        words = TEMPLATE.replace("非常", ("非常", "特别", "很")[number % 3], 1) if kind in ("words", "all") else ""
        inviter = "i0" if kind in ("inviter", "all") else f"i{made.chance.randrange(len(made.recorders))}"
        device = "d-fake" if kind in ("device", "all") else f"d{own}"
        return Seen("f", START, grade, f"r{own}", inviter, device, words=words)

    return make


def honest_years(seeds: range, rate: float, numbers: Numbers) -> Counter[Flag]:
    """False flags by kind in the second year of each made provider."""
    wrong: Counter[Flag] = Counter()
    for seed in seeds:
        made = a_provider(seed, rate)
        for day in range(2 * YEAR):
            wrong.update(found.flag for found in live(made, day, [], numbers) if day >= YEAR)
        asked = sum(when >= 2 * YEAR - 180 for when, _ in made.services) * 2
        grades = _usual(made, 2 * YEAR, 2 * YEAR).grades
        wrong.update([Flag.TOO_GOOD] if too_good(grades, asked, NOBODY, START, numbers) else [])
    return wrong


def campaign(seed: int, rate: float, kind: str, a_day: int, numbers: Numbers) -> tuple[set[Flag], float]:
    """By which flags 20 fakes were found that came in the second year, and the share of them that was held."""
    made, make = a_provider(seed, rate), _fake(kind)
    first = YEAR + made.chance.randrange(200)
    found_by: set[Flag] = set()
    sent, caught = 0, set()
    for day in range(first + 60):
        fakes = []
        if day >= first and sent < FAKES:
            fakes = [make(made, sent + one) for one in range(min(a_day, FAKES - sent))]
            sent += len(fakes)
        for found in live(made, day, fakes, numbers):
            if sum(key.startswith("f") for key in found.keys) >= 3:
                found_by.add(found.flag)
        caught |= {key for key in made.held if key.startswith("f")}
    return found_by, len(caught) / FAKES


KINDS = ("device", "inviter", "words", "all", "all bad", "none")


def main(years: int = 40, campaigns: int = 20) -> None:
    """Print the tables, in Markdown."""
    _honest_table(years, Numbers())
    _campaign_table(campaigns, Numbers())


def _honest_table(years: int, numbers: Numbers) -> None:
    print(f"\n### Flags: false ones in a year ({years} provider-years a row, seeds 0 to {years - 1})\n")
    print("| ratings a day | " + " | ".join(SHOWN) + " | all |\n|" + "---|" * (len(SHOWN) + 2), flush=True)
    for rate in RATES:
        wrong = honest_years(range(years), rate, numbers)
        cells = [f"{wrong[flag] / years:.2f}" for flag in SHOWN]
        print(f"| {rate} | " + " | ".join(cells) + f" | {sum(wrong.values()) / years:.2f} |", flush=True)


def _campaign_table(campaigns: int, numbers: Numbers) -> None:
    print(f"\n### Flags: campaigns of {FAKES} fakes ({campaigns} a cell, seeds 1000 to {999 + campaigns})\n")
    print(
        "| traces | fakes a day | "
        + " | ".join(map(str, RATES))
        + " | fakes held | found by |\n|"
        + "---|" * (len(RATES) + 4),
        flush=True,
    )
    for kind in KINDS:
        for a_day in (1, 2):
            cells, held = [], 0.0
            by: Counter[str] = Counter()
            for rate in RATES:
                runs = [campaign(1000 + seed, rate, kind, a_day, numbers) for seed in range(campaigns)]
                cells.append(f"{100 * sum(bool(found) for found, _ in runs) / campaigns:.0f} %")
                held += sum(share for _, share in runs) / campaigns / len(RATES)
                by.update(flag.value for found, _ in runs for flag in found)
            print(f"| {kind} | {a_day} | " + " | ".join(cells) + f" | {100 * held:.0f} % | {_times(by)} |", flush=True)


def _times(by: Counter[str]) -> str:
    return ", ".join(f"{flag} {times}" for flag, times in by.most_common())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
