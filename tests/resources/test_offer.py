"""The resource list: offered, listed, changed in the open, withdrawn."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from portal.notifications.queries import notices_of
from portal.regions.models import Region
from portal.resources import queries
from portal.resources.actions import list_resource, revise_resource, withdraw_resource
from portal.resources.models import Booking, Premises, Resource
from portal.resources.queries import changes_of, detail_of, resource_facts, usable_for
from portal.rules import Refused
from portal.rules.permissions import Role
from portal.rules.resources import PARTY_ORG, ResourceKind
from portal.store import db
from portal.store.clock import today
from tests import builders
from tests.client import InspectingClient
from tests.resources import making
from tests.resources.making import EVERY_DAY, GOODS, PREMISES

ENGLISH = {"Accept-Language": "en"}
SKILL = {"kind": "skill", "title": "修理自行车", "amount": "", "key": "k" * 32}


def typed_premises(**changes: Any) -> dict[str, Any]:
    week = {f"opens{day}": "08:00" for day in range(5)} | {f"closes{day}": "20:00" for day in range(5)}
    return {
        "kind": "premises",
        "title": "老年活动室",
        "amount": "86.5",
        "ownership": "collective",
        "accessible": "y",
        "idle_since": "2026-01-01",
        "key": "p" * 32,
        **week,
        **changes,
    }


def offer(client: Any, village: Region, values: dict[str, Any]) -> Any:
    return client.post(f"/{village.code}/resources/offer", data=values, headers=ENGLISH)


def test_what_a_resident_offers_is_on_the_list_once_the_committee_puts_it_there(  # A38, A49
    village: Region, client: InspectingClient
) -> None:
    resident = builders.a_resident(village)
    builders.signed_in(client, resident)
    answer = offer(client, village, SKILL)
    resource = db.session.scalars(db.select(Resource)).one()
    assert answer.location == f"/{village.code}/resources/{resource.id}/"
    assert "Waits for the committee" in client.get(answer.location, headers=ENGLISH).text
    builders.signed_in(client, None)
    assert client.get(answer.location).status_code == 404
    assert "修理自行车" not in client.get(f"/{village.code}/resources/").text
    builders.signed_in(client, builders.a_committee(village))
    assert "修理自行车" in client.get(f"/{village.code}/resources/offers").text
    assert client.post(f"{answer.location}list").status_code == 303
    builders.signed_in(client, None)
    assert f"/resources/{resource.id}/" in client.get(f"/{village.code}/resources/").text
    assert "resource_listed" in [one.template for one in notices_of(builders.actor(resident))]


def test_premises_are_kept_with_all_that_is_said_of_them(village: Region, client: InspectingClient) -> None:  # A50
    builders.signed_in(client, builders.a_committee(village))
    assert offer(client, village, typed_premises()).status_code == 303
    resource = db.session.scalars(db.select(Resource)).one()
    premises = db.session.get_one(Premises, resource.id)
    assert (resource.listed, resource.amount) == (True, 8650)
    assert (premises.ownership, premises.accessible, premises.idle_since) == ("collective", True, date(2026, 1, 1))
    assert detail_of(resource).available.hours[0].week == ((480, 1200),) * 5 + (None,) * 2
    with builders.at("2026-01-31"):
        page = client.get(f"/{village.code}/resources/{resource.id}/", headers=ENGLISH).text
    for words in ("86.50 m²", "collectively owned asset", "Idle for 30 days", "08:00–20:00", "closed"):
        assert words in page


def test_an_offer_that_is_sent_twice_is_one_and_other_words_with_its_key_are_another(  # A38
    village: Region, client: InspectingClient
) -> None:
    builders.signed_in(client, builders.a_resident(village))
    for title in ("修理自行车", "修理自行车", "理发"):
        assert offer(client, village, {**SKILL, "title": title}).status_code == 303
    assert db.session.scalars(db.select(Resource.title).order_by(Resource.id)).all() == ["修理自行车", "理发"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": "房"}, "two to 120 characters"),
        ({"title": "找王芳 13800138000"}, "leave phone numbers out"),
        ({"amount": "about 80"}, "a number above zero"),
        ({"amount": "0"}, "a number above zero"),
        ({"ownership": ""}, "whose premises these are"),
        ({"idle_since": "2999-01-01"}, "has not come yet"),
        ({"idle_since": "yesterday"}, "Not a valid date value"),
        ({"closes0": "07:00"}, "closes before it opens"),
        ({"closes0": "late"}, "Please give opening hours"),
        ({"from_on": "2026-12-02", "until_on": "2026-12-01"}, "lies before the first"),
    ],
)
def test_what_is_wrong_with_premises_is_said_beside_the_field_and_nothing_is_lost(  # A50
    village: Region, client: InspectingClient, changes: dict[str, str], said: str
) -> None:
    builders.signed_in(client, builders.a_resident(village))
    answer = offer(client, village, typed_premises(**changes))
    assert (answer.status_code, db.session.scalar(db.select(Resource))) == (422, None)
    assert said in answer.text
    for value in {**typed_premises(), **changes}.values():
        assert value in answer.text


def test_one_person_has_at_most_so_many_offers_waiting(village: Region, client: InspectingClient) -> None:  # A38
    builders.with_numbers(village, most_open_offers=2)
    builders.signed_in(client, builders.a_resident(village))
    answers = [offer(client, village, {**SKILL, "key": f"{number}" * 32}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 422]


def test_a_provider_offers_in_its_own_name_and_in_no_others(village: Region, client: InspectingClient) -> None:  # A38
    provider, other = builders.a_provider(village), builders.a_provider(village, "别家")
    builders.signed_in(client, builders.staff_of(provider))
    offer(client, village, {**SKILL, "provider": str(provider.id)})
    offer(client, village, {**SKILL, "provider": str(other.id), "key": "o" * 32})
    assert db.session.scalars(db.select(Resource.provider_id).order_by(Resource.id)).all() == [provider.id, None]


def test_idle_premises_stand_first_with_their_days(village: Region, client: InspectingClient) -> None:  # A50
    idle = making.idle_premises(village, today() - timedelta(days=40), title="旧粮站")
    making.a_resource(village, GOODS)
    page = client.get(f"/{village.code}/resources/", headers=ENGLISH).text
    assert page.index("旧粮站") < page.index("轮椅")
    assert "idle for 40 days" in page
    making.an_agreement(village, idle)
    assert "idle for" not in client.get(f"/{village.code}/resources/", headers=ENGLISH).text
    with builders.at(today() + timedelta(days=400)):
        page = client.get(f"/{village.code}/resources/", headers=ENGLISH).text
    assert "idle for 35 days" in page, "counted from the end of the agreement"


def test_the_list_shows_a_region_and_all_below_it_and_is_filtered(  # A39
    village: Region, client: InspectingClient
) -> None:
    tree = builders.a_region_tree()
    making.a_resource(village, GOODS, category="0401")
    used = making.a_resource(village, title="已借出的活动室")
    making.an_agreement(village, used)
    making.a_resource(tree.villages[1], title="梅园会议室")
    making.a_resource(tree.villages[1], GOODS, title="过期的桌椅", until_on=None, from_on=today() + timedelta(days=5))

    def shown(where: Region, **asked: str) -> set[str]:
        page = client.get(f"/{where.code}/resources/", query_string=asked).text
        return {words for words in ("轮椅", "已借出的活动室", "梅园会议室", "过期的桌椅") if words in page}

    assert shown(tree.township) == {"轮椅", "已借出的活动室", "梅园会议室", "过期的桌椅"}
    assert shown(village) == {"轮椅", "已借出的活动室"}
    assert shown(tree.township, kind="premises") == {"已借出的活动室", "梅园会议室"}
    assert shown(tree.township, about="04") == {"轮椅"}
    assert shown(tree.township, free="1") == {"轮椅", "梅园会议室"}
    assert shown(tree.township, words="会议") == {"梅园会议室"}


def test_the_list_is_saved_as_csv_and_xlsx_and_printed_whole(village: Region, client: InspectingClient) -> None:  # A39
    for number in range(60):
        making.a_resource(village, GOODS, title=f"轮椅{number}号")
    csv = client.get(f"/{village.code}/resources/list.csv", headers=ENGLISH)
    assert len(csv.get_data(as_text=True).strip().splitlines()) == 61
    xlsx = client.get(f"/{village.code}/resources/list.xlsx")
    assert (xlsx.status_code, xlsx.data[:2]) == (200, b"PK")
    first = client.get(f"/{village.code}/resources/").text
    assert "轮椅59号" in first
    assert "轮椅9号" not in first
    assert "轮椅9号" in client.get(f"/{village.code}/resources/?whole=1").text
    after = first.split("after=")[1].split('"')[0]
    assert "轮椅9号" in client.get(f"/{village.code}/resources/?after={after}").text


def test_every_change_can_be_read_by_everyone(village: Region, client: InspectingClient) -> None:  # A39
    resource = making.a_resource(village)
    builders.signed_in(client, builders.a_committee(village))
    there = f"/{village.code}/resources/{resource.id}"
    assert 'value="86.50"' in client.get(f"{there}/revise").text
    values = typed_premises(title="老年食堂", amount="90", channel="party_org", ownership="state")
    assert client.post(f"{there}/revise", data=values).status_code == 303
    builders.signed_in(client, None)
    page = client.get(f"{there}/", headers=ENGLISH).text
    for words in (
        "<del>老年活动室</del> <ins>老年食堂</ins>",
        "<del>86.50 m²</del> <ins>90 m²</ins>",
        "<ins>state-owned asset</ins>",
        "Party organisation",
    ):  # A49
        assert words in page
    assert [one.what for one in changes_of(resource)] == ["revised", "listed", "offered"]


def test_saving_without_a_change_leaves_no_trace(village: Region) -> None:  # A39
    resource = making.a_resource(village)
    revise_resource(making.keeper(village), village, resource, PREMISES)
    assert [one.what for one in changes_of(resource)] == ["listed", "offered"]


def test_what_is_withdrawn_keeps_its_page_and_number_and_leaves_the_list(  # A39
    village: Region, client: InspectingClient
) -> None:
    resource = making.a_resource(village)
    booking = making.a_booking(village, resource)
    builders.signed_in(client, builders.a_committee(village))
    there = f"/{village.code}/resources/{resource.id}/"
    assert client.post(f"{there}withdraw", data={"reason": ""}).status_code == 422
    assert client.post(f"{there}withdraw", data={"reason": "房屋漏水"}).status_code == 303
    assert "房屋漏水" in client.get(there).text
    assert "老年活动室" not in client.get(f"/{village.code}/resources/").text
    assert db.session.get_one(Booking, booking.id, populate_existing=True).cancelled_at is not None
    told = notices_of(builders.actor(builders.a_committee(village)))
    assert "booking_cancelled" in [one.template for one in told]
    with pytest.raises(Refused, match="offer it anew"):
        list_resource(making.keeper(village), village, resource)


def test_what_is_under_an_agreement_is_not_withdrawn(village: Region) -> None:  # A51
    resource = making.a_resource(village)
    making.an_agreement(village, resource)
    with pytest.raises(Refused, match="still running"):
        withdraw_resource(making.keeper(village), village, resource, "房屋漏水")


def test_who_offered_takes_it_back_and_nobody_else_does(village: Region, client: InspectingClient) -> None:  # A38
    resource = making.an_offer(village)
    there = f"/{village.code}/resources/{resource.id}/withdraw"
    builders.signed_in(client, builders.a_resident(village))
    assert client.post(there, data={"reason": ""}).status_code == 404
    builders.signed_in(client, db.session.get_one(builders.Person, resource.offered_by_id))
    assert client.post(there, data={"reason": ""}).status_code == 303
    assert queries.count_waiting(village) == 0


def test_days_that_have_been_are_not_rewritten(village: Region) -> None:  # A55
    resource, keeper = making.a_resource(village), making.keeper(village)
    for days in ({"from_on": today() + timedelta(days=9)}, {"until_on": today() - timedelta(days=1)}):
        with pytest.raises(Refused):
            revise_resource(keeper, village, resource, replace(PREMISES, **days))


def test_shorter_hours_cancel_only_what_does_not_fit_any_more(village: Region) -> None:  # A52
    resource = making.a_resource(village)
    early, late = making.a_booking(village, resource), making.a_booking(village, resource, starts=1080, ends=1200)
    said = replace(PREMISES.premises, week=((480, 1020),) * 7)  # type: ignore[type-var]
    revise_resource(making.keeper(village), village, resource, replace(PREMISES, premises=said))
    assert (early.cancelled_at is None, late.cancelled_at is None) == (True, False)
    available = detail_of(resource).available
    assert available.span(today()) == EVERY_DAY[0]
    assert available.span(today() + timedelta(days=1)) == (480, 1020)


def test_what_is_usable_fits_the_category_and_the_place(village: Region) -> None:  # A30, A38
    tree = builders.a_region_tree()
    official = builders.an_official(tree.township)
    builders.accounts.grant(official, Role.COMMITTEE, tree.township, None)
    anything = making.a_resource(village)
    for_elders = making.a_resource(village, GOODS, category="0401")
    making.a_resource(village, GOODS, category="0901", title="修剪机")
    making.a_resource(tree.villages[1], title="梅园会议室")
    found = usable_for(village, "0401")
    assert {(kind, row.id) for kind, row in found} == {
        (ResourceKind.PREMISES, anything.id),
        (ResourceKind.GOODS, for_elders.id),
    }
    assert {row.title for _, row in usable_for(tree.township, "0901")} == {"老年活动室", "修剪机", "梅园会议室"}
    making.an_agreement(village, anything)
    assert [row.id for _, row in usable_for(village, "0401")] == [for_elders.id, anything.id], "free ones first"


def test_the_facts_of_the_list_are_counted(village: Region) -> None:  # A39, A54
    making.idle_premises(village, today(), amount=12000)
    making.an_agreement(village, making.a_resource(village))
    making.a_resource(village, GOODS, channel=PARTY_ORG)
    making.an_offer(village)
    facts = resource_facts(builders.a_region_tree().county)
    assert facts.counts == {ResourceKind.PREMISES: 2, ResourceKind.GOODS: 1}
    assert (facts.total, facts.idle, facts.idle_area) == (3, 1, 12000)
    assert (facts.agreements, facts.value_fen) == (1, 2_400_000)


def test_what_uses_a_resource_is_led_to(village: Region, client: InspectingClient) -> None:  # A39
    resource = making.a_resource(village)
    queries.USES.append(lambda one: [queries.Use("楼道照明改造", "/somewhere/")] if one.id == resource.id else [])
    try:
        assert '<a href="/somewhere/">楼道照明改造</a>' in client.get(f"/{village.code}/resources/{resource.id}/").text
    finally:
        queries.USES.pop()
