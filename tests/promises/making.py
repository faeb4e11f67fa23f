"""Promises as tests use them."""

from typing import Any

from portal.accounts.models import Person
from portal.needs.actions import answer_need, support_need
from portal.needs.models import Need
from portal.promises.asking import declare_done
from portal.promises.models import Promise
from portal.regions.models import Region
from tests import builders

WORDS = "楼道的灯全部换好了。"


def an_answered_need(region: Region, supporters: int = 0, *others: Person) -> tuple[Need, list[Any]]:
    """A listed need that was answered, and the actors who stand behind it besides its author."""
    need = builders.a_need(region)
    people = [builders.actor(one) for one in (*(builders.a_resident(region) for _ in range(supporters)), *others)]
    for person in people:
        support_need(person, need, supports=True)
    answer_need(builders.actor(builders.a_committee(region)), need, region, "下月换。")
    return need, people


def a_promise(region: Region, *supporters: Person) -> Promise:
    """That a need was declared done."""
    need, _ = an_answered_need(region, 0, *supporters)
    return declare_done(builders.actor(builders.a_committee(region)), need, region, WORDS)
