"""Rule sets: what each number is here, since when and by whose word; new ones, and those taken back in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, defer

from portal import audit
from portal.policies.catalogue import known_items
from portal.policies.keeping import put_keyed
from portal.policies.models import PolicyDocument, RuleSet
from portal.policies.publishing import document_for
from portal.policies.queries import ids_of, merged
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, policies
from portal.rules.permissions import Actor, Deed
from portal.rules.setting import DEFAULTS, number_refusals
from portal.store import action, db, locked
from portal.store.clock import now, today
from portal.store.memory import forget


@dataclass(frozen=True)
class RuleSetDraft:
    """Numbers that are to hold from a day on; `numbers` with None where the one from above is taken again."""

    valid_from: date | None
    numbers: dict[str, Any]
    cites: str = ""
    document: int | None = None


@dataclass(frozen=True)
class Said:
    """A rule set, the division that put it, and the document that it names with the code of that one's division."""

    rule_set: RuleSet
    division: Region
    document: PolicyDocument | None
    document_code: str | None


@dataclass(frozen=True)
class Setting:
    """A number as it holds in a region: its value, that of the law and of the division above, and who set it."""

    name: str
    value: Any
    default: Any
    above: Any
    said: Said | None = None

    @property
    def differs(self) -> bool:
        """Whether it is another one than in the division above, or than the law's at the top."""
        return bool(self.value != self.above)


def put_rule_set(actor: Actor, region: Region, draft: RuleSetDraft, key: str) -> RuleSet:
    """Let numbers hold in a division and all below it, from a day on that has not passed. Source: A43, A44."""
    rule_set = _put(actor, region, draft, key)
    forget()
    return rule_set


@action
def _put(actor: Actor, region: Region, draft: RuleSetDraft, key: str) -> RuleSet:
    if said := db.session.scalar(select(RuleSet).where(RuleSet.key == key, RuleSet.region_id == region.id)):
        return said
    document = document_for(region, draft.document) if draft.document else None
    enforce(_refusals(region, draft, document))
    assert draft.valid_from
    return put_keyed(
        actor,
        Deed.KEEP_POLICY,
        RuleSet,
        key,
        taken=Refusal(N_("There is one from this day on already; please choose another day."), "valid_from"),
        region_id=region.id,
        valid_from=draft.valid_from,
        numbers={name: list(value) if isinstance(value, tuple) else value for name, value in draft.numbers.items()},
        cites=draft.cites,
        document_id=document.id if document else None,
        put_at=now(),
    )


def _refusals(region: Region, draft: RuleSetDraft, document: PolicyDocument | None) -> list[Refusal]:
    asked = policies.rule_set_refusals(
        draft.valid_from, draft.cites, cited=document is not None, numbers=draft.numbers, today=today()
    )
    top = region.parent_id is None
    return [*asked, *number_refusals(draft.numbers, top=top, codes=known_items(region))]


def withdraw_rule_set(actor: Actor, rule_set: RuleSet) -> None:
    """Take a rule set back before it holds."""
    _withdraw(actor, rule_set)
    forget()


@action
def _withdraw(actor: Actor, rule_set: RuleSet) -> None:
    locked(rule_set)
    withdrawn = rule_set.withdrawn_at is not None
    enforce(policies.may_withdraw(rule_set.valid_from, withdrawn=withdrawn, today=today()))
    rule_set.withdrawn_at = now()
    audit.record(actor, Deed.KEEP_POLICY, rule_set, withdrawn=True)


def settings_of(region: Region, day: date | None = None) -> list[Setting]:
    """Every number as it holds in `region` on a day (today), and where it comes from."""
    return settings_on(region, sets_for(region), day or today())


def settings_on(region: Region, said: Sequence[Said], day: date) -> list[Setting]:
    """`settings_of`, where the rule sets were read already."""
    return _settings(region.path, [one for one in said if _counts_on(one.rule_set, day)])


def _counts_on(rule_set: RuleSet, day: date) -> bool:
    return rule_set.withdrawn_at is None and rule_set.valid_from <= day


def _settings(path: str, said: Sequence[Said]) -> list[Setting]:
    by_set = {one.rule_set.id: one for one in said}
    here, above = (merged(way, [one.rule_set for one in said]) for way in (path, _above(path)))
    found = []
    for name, default in DEFAULTS.items():
        value, rule_set = here.get(name, (default, None))
        parents, _ = above.get(name, (default, None))
        found.append(Setting(name, value, default, parents, by_set[rule_set.id] if rule_set else None))
    return found


def _above(path: str) -> str:
    return path[: path.rstrip(".").rfind(".") + 1]


def sets_for(region: Region) -> list[Said]:
    """Every rule set that counts, counted or will count in a region, and those withdrawn; older first."""
    return _read(_sets().where(RuleSet.region_id.in_(ids_of(region.path))))


def _sets() -> Select[RuleSet, Region, PolicyDocument, str]:
    home = aliased(Region)
    return (
        select(RuleSet, Region, PolicyDocument, home.code)
        .join(Region, Region.id == RuleSet.region_id)
        .outerjoin(PolicyDocument, PolicyDocument.id == RuleSet.document_id)
        .outerjoin(home, home.id == PolicyDocument.region_id)
        .options(defer(PolicyDocument.text))
        .order_by(RuleSet.valid_from, RuleSet.id)
    )


def _read(query: Select[RuleSet, Region, PolicyDocument, str]) -> list[Said]:
    return [Said(*row) for row in db.session.execute(query)]


def changes_of(region: Region, rule_set: RuleSet, said: Sequence[Said]) -> list[tuple[Setting, Setting]]:
    """What a rule set of `region` changes there: each of its numbers as it was the day before, and with it."""
    said = [one for one in said if one.rule_set.id == rule_set.id or one.rule_set.withdrawn_at is None]
    before = [one for one in said if one.rule_set.valid_from < rule_set.valid_from]
    since = [one for one in said if one.rule_set.valid_from <= rule_set.valid_from]
    pairs = zip(_settings(region.path, before), _settings(region.path, since), strict=True)
    return [(old, new) for old, new in pairs if new.name in rule_set.numbers]


def find_rule_set(number: int, found: dict[str, Any]) -> RuleSet | None:
    """A rule set under the division that put it."""
    rule_set = db.session.get(RuleSet, number)
    return rule_set if rule_set is not None and rule_set.region_id == found["region"].id else None
