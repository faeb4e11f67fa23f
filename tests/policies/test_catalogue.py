"""The catalogue is public, built in, and extended by divisions that never take anything away from older projects."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.needs.actions import report_need
from portal.policies.catalogue import catalogue, catalogue_for, known_items, subjects_for
from portal.policies.items import end_item
from portal.policies.models import OwnItem
from portal.rules import Refused
from portal.rules.needs import NeedDraft
from portal.store import db
from portal.store.clock import today
from tests import builders as a
from tests.policies.making import an_item

ENGLISH = {"Accept-Language": "en"}
GROUPS = {
    "04": ("A6", "为老养老服务"),
    "05": ("A7", "儿童关爱保护"),
    "07": ("A8", "流浪乞讨人员救助"),
    "09": ("A9", "城乡社区治理"),
    "10": ("A10", "地名服务"),
    "0301": ("A11", "困难群体访视"),
    "0302": ("A11", "心理慰藉"),
    "0401": ("A12", "老年人生活照料"),
    "0402": ("A12", "老年人康复护理"),
    "0503": ("A13", "困境儿童走访核查"),
    "0504": ("A13", "监护评估"),
    "0505": ("A13", "收养评估"),
    "0601": ("A14", "重度残疾人集中照护"),
    "0602": ("A14", "精神障碍社区康复"),
    "0801": ("A15", "婚姻家庭辅导"),
    "0802": ("A15", "移风易俗"),
    "0901": ("A16", "社区营造"),
    "0902": ("A16", "邻里互动"),
    "0903": ("A9", "三社联动"),
}
TRANSACTIONAL = ("对象排查", "家计调查", "信息管理", "咨询评估", "业务培训", "政策宣传", "绩效评价")
DIRECT = ("照料护理", "康复训练", "送医陪护", "社会融入", "能力提升", "心理疏导", "资源链接")


@pytest.mark.parametrize("code", GROUPS)
def test_what_the_founding_document_names_is_in_the_catalogue(code):  # A6-A16
    assert catalogue()[code].title == GROUPS[code][1]
    assert catalogue()[code].resident_visible


def test_assistance_has_its_two_kinds_of_seven_items_each():  # A5, B16, B17, B18
    items = catalogue()
    assert tuple(items[f"01{n:02}"].title for n in range(1, 8)) == TRANSACTIONAL
    assert tuple(items[f"02{n:02}"].title for n in range(1, 8)) == DIRECT
    assert {items[f"01{n:02}"].nature for n in range(1, 8)} == {"transactional"}
    assert {items[f"02{n:02}"].nature for n in range(1, 8)} == {"direct_service"}
    assert not any(items[f"01{n:02}"].resident_visible for n in range(1, 8))
    assert "低保" in items["0303"].title  # B19: the kinds of assistance, against no person


def test_the_page_shows_every_item_its_nature_and_whether_residents_see_it(client, tree):  # A20, B16, B17
    text = client.get(f"/{tree.villages[0].code}/catalogue/", headers=ENGLISH).text
    for item in catalogue().values():
        assert item.code in text
    assert "administrative work" in text
    assert "do not see it" in text
    assert "Government itself must do it." in text
    answer = client.get(f"/{tree.villages[0].code}/catalogue/catalogue.csv")
    assert answer.text.count("\r\n") == len(catalogue()) + 1


def test_an_own_item_is_offered_below_its_division_and_nowhere_else(tree):  # A10, A20
    an_item(tree.county)
    assert "0450" in catalogue_for(tree.villages[0])
    assert "0450" not in catalogue_for(tree.prefecture)
    assert list(catalogue_for(tree.county)) == sorted(catalogue_for(tree.county))
    assert catalogue_for(tree.county)["0450"].region_id == tree.county.id
    assert set(catalogue()) < set(catalogue_for(tree.county))


def test_what_was_valid_on_a_day_can_be_asked_and_an_ended_item_stays_known(tree):  # A20
    with a.at("2026-03-02"):
        item = an_item(tree.county)
        end_item(a.actor(a.an_official(tree.county)), item, date(2026, 6, 30))
    village = tree.villages[0]
    days = [date(2026, 3, 1), date(2026, 3, 2), date(2026, 6, 30), date(2026, 7, 1)]
    assert ["0450" in catalogue_for(village, day) for day in days] == [False, True, True, False]
    assert known_items(village)["0450"].title == "老年助浴"


def test_a_code_is_never_used_again_on_a_way_down_but_beside_it_is(tree):  # A20
    item = an_item(tree.county)
    end_item(a.actor(a.an_official(tree.county)), item, today())
    for region in (tree.county, tree.villages[0], tree.province):
        with pytest.raises(Refused, match="used before"):
            an_item(region)
    an_item(tree.villages[0], "0451")
    an_item(tree.villages[1], "0451")


def test_the_same_form_twice_adds_one_item(tree):
    first, second = an_item(tree.county, key="k" * 32), an_item(tree.county, key="k" * 32)
    assert first.id == second.id
    assert db.session.scalar(select(func.count()).select_from(OwnItem)) == 1


def test_a_hidden_item_is_offered_to_no_resident(tree):  # B17
    an_item(tree.county, "0150", resident_visible=False, nature="transactional")
    an_item(tree.county, "0450")
    assert list(subjects_for(tree.villages[0])) == ["0450"]


def test_a_need_may_be_about_an_own_item_here_and_not_next_door(tree):  # A10, A20
    here, next_door, _ = tree.villages
    an_item(here)
    she = a.actor(a.a_resident(here))
    assert report_need(she, here, NeedDraft("我妈妈需要有人帮忙洗澡", "0450"), "n" * 32).group_code == "04"
    with pytest.raises(Refused, match="subjects shown"):
        report_need(she, next_door, NeedDraft("我妈妈需要有人帮忙洗澡", "0450"), "m" * 32)


def test_the_form_offers_what_the_division_added(client, tree):  # A10
    an_item(tree.county, title_en="Bathing help")
    an_item(tree.county, "0151", title_en="Hidden work", resident_visible=False)
    text = client.get(f"/{tree.villages[0].code}/needs/report", headers=ENGLISH).text
    assert "Bathing help" in text
    assert "Hidden work" not in text
    a.a_need(tree.villages[0])
    a.signed_in(client, a.a_committee(tree.villages[0]))
    text = client.get(f"/{tree.villages[0].code}/projects/draft", headers=ENGLISH).text
    assert "Bathing help" in text
    assert "Hidden work" not in text


def test_an_official_keeps_the_catalogue_by_its_pages(client, tree):  # A20, B16
    where = f"/{tree.county.code}/catalogue"
    a.signed_in(client, a.an_official(tree.county))
    typed = {
        "key": "k" * 32,
        "code": "0401",
        "title": "老年助浴",
        "title_hant": "老年助浴",
        "title_en": "Bathing help",
        "nature": "direct_service",
        "implementing_level": "county/township",
        "resident_visible": "y",
        "official_code": "A0203",
        "valid_from": today().isoformat(),
    }
    bad = client.post(f"{where}/add", data=typed, headers=ENGLISH)
    assert bad.status_code == 422
    assert "a number from 50 to 99" in bad.text
    assert 'value="Bathing help"' in bad.text
    assert client.post(f"{where}/add", data=typed | {"code": "0450"}).status_code == 303
    text = client.get(f"{where}/", headers=ENGLISH).text
    assert "Bathing help" in text
    assert "A0203" in text
    item = db.session.scalars(select(OwnItem)).one()
    past = {"valid_to": (today() - timedelta(days=1)).isoformat()}
    assert client.post(f"{where}/{item.id}/end", data=past, headers=ENGLISH).status_code == 422
    assert client.post(f"{where}/{item.id}/end", data={"valid_to": today().isoformat()}).status_code == 303
    assert "0450" in client.get(f"{where}/history", headers=ENGLISH).text
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert "Bathing help" not in client.get(f"{where}/?on={tomorrow}", headers=ENGLISH).text


def test_an_official_keeps_only_her_own_subtree(client, tree):  # A20
    item = an_item(tree.province)
    a.signed_in(client, a.an_official(tree.county))
    assert client.get(f"/{tree.province.code}/catalogue/add").status_code == 403
    assert client.get(f"/{tree.county.code}/catalogue/{item.id}/end").status_code == 404
    assert client.get(f"/{tree.villages[0].code}/catalogue/add").status_code == 200
