"""A made-up community of any size, written in bulk."""

import random
from datetime import timedelta

from sqlalchemy import insert, text

from portal.accounts.actions import begin_session
from portal.accounts.models import Person, Residency, RoleGrant
from portal.needs.models import Need, NeedStep
from portal.projects.models import DesignOption, Project
from portal.providers.models import Provider, ProviderArea, RatingBatch, RatingRelease
from portal.regions.models import Region
from portal.store import action, db
from portal.store.clock import now
from portal.store.search import grams
from portal.voting.announcing import designs_draft
from portal.voting.rounds import freeze_round, put_round

WORDS = [
    "楼道灯坏了",
    "养老",
    "食堂",
    "太远",
    "孩子",
    "放学",
    "没人",
    "看",
    "电梯",
    "加装",
    "垃圾",
    "分类",
    "广场",
    "健身",
    "器材",
    "老人",
    "送餐",
    "康复",
    "训练",
    "活动室",
    "开放",
    "时间",
    "晚上",
    "太吵",
    "路面",
    "积水",
]
PEOPLE = 1200


@action
def fill(needs: int, ratings: int) -> tuple[int, int]:
    """A county with one community of `needs` needs and a vote; gives the ids of the community and the vote."""
    chance = random.Random(7)
    regions = []
    for number, (code, level) in enumerate(
        (
            ("990000000000", "province"),
            ("990100000000", "prefecture"),
            ("990101000000", "county"),
            ("990101001000", "township"),
            ("990101001001", "village"),
        ),
        1,
    ):
        path = "".join(f"{n}." for n in range(1, number + 1))
        regions.append(
            {
                "id": number,
                "code": code,
                "level": level,
                "name": f"{level} 一",
                "folded": level,
                "parent_id": number - 1 or None,
                "path": path,
            }
        )
    for region in regions:
        db.session.execute(insert(Region), [region])
    people = [
        {"id": n, "phone": f"199{n:08}", "name": "", "language": "zh-Hans", "wants_sms": False, "created_at": now()}
        for n in range(1, PEOPLE + 1)
    ]
    db.session.execute(insert(Person), people)
    db.session.execute(
        insert(Residency),
        [{"person_id": p["id"], "region_id": 5, "asked_at": now(), "verified_at": now()} for p in people],
    )
    db.session.execute(insert(RoleGrant), [{"person_id": 1, "role": "official", "region_id": 3}])
    for start in range(0, needs, 5000):
        _needs(range(start + 1, min(start + 5000, needs) + 1), chance)
    _ratings(ratings, chance)
    vote = _vote()
    if db.engine.dialect.name == "postgresql":
        db.session.flush()
        for name in ("region", "person", "need", "provider", "project", "design_option", "rating_release"):
            db.session.execute(text(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"))
    return 5, vote


def _needs(numbers: range, chance: random.Random) -> None:
    rows, texts = [], []
    for number in numbers:
        words = "".join(chance.sample(WORDS, 6))
        listed = chance.random() < 0.85
        rows.append(
            {
                "id": number, "key": f"bench-{number}", "region_id": 5, "author_id": chance.randint(1001, PEOPLE), "title": words[:20], "story": words * 4,
                "group_code": chance.choice(("02", "04", "05", "09")), "state": "accepted" if listed else "submitted", "listed": listed,
                "supporters": chance.randint(0, 40), "reported_at": now() - timedelta(hours=numbers.stop - number), "due_at": None if listed else now(),
            }
        )  # fmt: skip
        texts.append({"id": number, "words": " ".join(token for run in grams(words * 5) for token in run)})
    db.session.execute(insert(Need), rows)
    db.session.execute(
        insert(NeedStep), [{"need_id": r["id"], "at": r["reported_at"], "state": r["state"]} for r in rows]
    )
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("INSERT INTO need_search (rowid, words) VALUES (:id, :words)"), texts)
    else:
        db.session.execute(
            text("INSERT INTO need_search (id, words) VALUES (:id, array_to_tsvector(string_to_array(:words, ' ')))"),
            texts,
        )


def _ratings(count: int, chance: random.Random) -> None:
    db.session.execute(
        insert(Provider),
        [
            {
                "id": n,
                "region_id": 3,
                "name": f"服务中心{n}",
                "kind": "social_organization",
                "usc_code": f"5234000000000000{n:02}",
                "registered_at": now(),
            }
            for n in range(1, 11)
        ],
    )
    db.session.execute(insert(ProviderArea), [{"provider_id": n, "region_id": 3} for n in range(1, 11)])
    publish(count, range(1, 11), 5, chance)


WEEKS = 60
IN_A_BATCH = 20


def publish(count: int, providers: range, region_id: int, chance: random.Random) -> None:
    """About `count` ratings of these providers, published week by week in batches of about 20."""
    each = max(IN_A_BATCH, count // (len(providers) * WEEKS))
    releases, batches = [], []
    for number, (provider_id, week) in enumerate(((p, w) for p in providers for w in range(WEEKS)), 1):
        day = now().date() - timedelta(days=7 * (WEEKS - week))
        sums = [0] * 5
        for _ in range(max(1, each // IN_A_BATCH)):
            grades = [chance.randint(0, 2), chance.randint(0, 3), chance.randint(1, 5), 6, 8]
            sums = [one + more for one, more in zip(sums, grades, strict=True)]
            said = {"release_id": number, "provider_id": provider_id, "region_id": region_id, "category": "0401"}
            said |= {"released_on": day, "raters": sum(grades), "by_staff": 0}
            batches.append(said | {f"n{grade}": one for grade, one in enumerate(grades, 1)})
        said = {"id": number, "provider_id": provider_id, "number": week + 1, "released_on": day, "group_code": "04"}
        said |= {"invited": 2 * sum(sums), "held": 0, "left_out": 0}
        releases.append(said | {f"n{grade}": one for grade, one in enumerate(sums, 1)})
    db.session.execute(insert(RatingRelease), releases)
    for start in range(0, len(batches), 10_000):
        db.session.execute(insert(RatingBatch), batches[start : start + 10_000])


def _vote() -> int:
    db.session.add(
        Project(
            id=1,
            region_id=5,
            title="社区食堂",
            story="给老人送餐",
            category="0401",
            budget_fen=50_000_00,
            drafted_at=now(),
            drafted_by_id=1,
        )
    )
    db.session.flush()
    db.session.add_all(
        DesignOption(id=n, project_id=1, title=f"方案{n}", story="说明", cost_fen=n * 10_000_00) for n in (1, 2, 3)
    )
    db.session.flush()
    draft = designs_draft(db.session.get_one(Project, 1), now() - timedelta(days=1), now() + timedelta(days=9))
    freeze_round(put_round(draft, 5, 1, now()))
    return 1


@action
def sessions(count: int) -> list[str]:
    """Tokens of `count` people who are signed in."""
    return [begin_session(db.session.get_one(Person, number), "bench") for number in range(1, count + 1)]
