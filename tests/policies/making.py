"""Documents, items, rule sets and milestones, made by the deeds of officials."""

import secrets
from datetime import date
from typing import Any

from portal.policies.items import add_item
from portal.policies.milestones import mark_reached, set_milestone
from portal.policies.models import Milestone, OfficialReply, OwnItem, Pilot, PolicyDocument, RuleSet
from portal.policies.pilots import begin_pilot
from portal.policies.publishing import publish_document, publish_reply
from portal.policies.rule_sets import RuleSetDraft, put_rule_set
from portal.regions.models import Region
from portal.rules.catalogue import ItemDraft
from portal.rules.permissions import Actor
from portal.rules.policies import DocumentDraft, Feature, MilestoneDraft, PilotDraft, ReplyDraft
from portal.store.clock import today
from tests import builders as a


def _official(region: Region) -> Actor:
    return a.actor(a.an_official(region))


def an_item(region: Region, code: str = "0450", *, key: str = "", **changes: Any) -> OwnItem:
    """An item that `region` adds to the catalogue for itself and all below."""
    draft = ItemDraft(
        **{
            "code": code,
            "title": "老年助浴",
            "title_hant": "老年助浴",
            "title_en": "Bathing help for older people",
            "nature": "direct_service",
            "resident_visible": True,
            "implementing_level": "county/township",
            "official_code": "A0203",
            "valid_from": today(),
        }
        | changes
    )
    return add_item(_official(region), region, draft, key or secrets.token_hex(16))


def a_document(region: Region, number: str = "", *, key: str = "", **changes: Any) -> PolicyDocument:
    """A document of four bodies that `region` publishes."""
    draft = DocumentDraft(
        **{
            "title": "关于积极推行政府购买服务的实施意见",
            "issuers": ("市民政局", "市委编办", "市财政局", "市人力资源和社会保障局"),
            "number": number or f"清市民发[2018]{secrets.randbelow(90000) + 1}号",
            "issued_on": date(2018, 12, 3),
            "text": "为加强基层社会救助经办服务能力，现提出如下意见。",
        }
        | changes
    )
    return publish_document(_official(region), region, draft, key or secrets.token_hex(16))


def a_reply(region: Region, number: str = "821109", *, key: str = "", **changes: Any) -> OfficialReply:
    """A reply to a deputy's proposal."""
    draft = ReplyDraft(
        **{
            "number": number,
            "session": "市八届人大二次会议",
            "title": "关于政府购买服务的建议的答复",
            "proposer": "高峰代表",
            "issuer": "市民政局",
            "received_on": date(2019, 3, 1),
            "answered_on": date(2019, 6, 5),
            "text": "您提出的建议已收悉，现答复如下。",
        }
        | changes
    )
    return publish_reply(_official(region), region, draft, key or secrets.token_hex(16))


def a_rule_set(region: Region, valid_from: date | None = None, *, key: str = "", **numbers: Any) -> RuleSet:
    """Numbers that `region` sets from a day (today) on."""
    draft = RuleSetDraft(valid_from or today(), numbers, "省级地方标准")
    return put_rule_set(_official(region), region, draft, key or secrets.token_hex(16))


def a_pilot(region: Region, feature: str = Feature.IN_KIND, *, key: str = "", **changes: Any) -> Pilot:
    """Something that is tried out in `region` from today on."""
    draft = PilotDraft(
        **{"feature": feature, "from_on": today(), "until_on": None, "words": "先在本地试行。"} | changes
    )
    return begin_pilot(_official(region), region, draft, key or secrets.token_hex(16))


def a_milestone(region: Region, level: str = "village", *, key: str = "", **changes: Any) -> Milestone:
    """What every place of a level below `region` is to reach, by today."""
    draft = MilestoneDraft(
        **{"title": "全面推行政府购买服务", "words": "已签订第一份合同。", "level": level, "due_on": today()} | changes
    )
    return set_milestone(_official(region), region, draft, None, key or secrets.token_hex(16))


def reached(milestone: Milestone, place: Region) -> None:
    """`place` has reached it."""
    mark_reached(_official(place), milestone, place, today(), "合同已公开。")
