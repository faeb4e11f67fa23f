"""Documents and replies are public as they were issued, at an address that stays, and never change."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.policies.models import OfficialReply, PolicyDocument
from portal.policies.publishing import documents_of, replies_of
from portal.rules import Refused
from portal.store import db
from portal.store.clock import today
from tests import builders as a
from tests.policies.making import a_document, a_reply

ENGLISH = {"Accept-Language": "en"}


def test_a_document_names_all_who_issued_it_its_number_and_day(client, tree):  # A3, B4, B37
    made = a_document(tree.prefecture, "铁市民发[2018]171号")
    text = client.get(f"/{tree.prefecture.code}/policies/documents/{made.id}/").text
    for issuer in ("市民政局", "市委编办", "市财政局", "市人力资源和社会保障局"):
        assert issuer in text
    assert "铁市民发〔2018〕171号" in text
    assert "2018年12月3日" in text


def test_both_spellings_of_a_number_are_one_document(tree):  # B4
    a_document(tree.prefecture, "铁市民发[2018]171号")
    with pytest.raises(Refused, match="published here already"):
        a_document(tree.prefecture, "铁市民发〔2018〕171号")


def test_a_document_holds_below_and_not_above_or_beside(tree):  # A3
    a_document(tree.county)
    assert len(documents_of(tree.villages[0]).rows) == 1
    assert not documents_of(tree.prefecture).rows


def test_a_newer_document_replaces_an_older_one_and_both_say_so(client, tree):  # A3, B32
    old = a_document(tree.province, title="旧办法")
    new = a_document(tree.county, title="新办法", supersedes=old.id)
    first = client.get(f"/{tree.province.code}/policies/documents/{old.id}/").text
    assert f'href="/{tree.county.code}/policies/documents/{new.id}/"' in first
    second = client.get(f"/{tree.county.code}/policies/documents/{new.id}/").text
    assert "旧办法" in second
    assert "replaced by a newer one" in client.get(f"/{tree.county.code}/policies/documents/", headers=ENGLISH).text
    with pytest.raises(Refused, match="documents shown"):
        a_document(tree.province, supersedes=new.id)


def test_a_document_is_found_only_under_the_division_that_published_it(client, tree):
    made = a_document(tree.province)
    assert client.get(f"/{tree.county.code}/policies/documents/{made.id}/").status_code == 404


def test_nobody_can_change_what_is_published(app):  # B32
    forms = {rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    ours = {rule.partition("/policies/")[2] for rule in forms if "/policies/" in rule}
    assert {one for one in ours if one.startswith(("documents", "replies"))} == {"documents/publish", "replies/publish"}


def test_the_same_form_twice_publishes_once(tree):
    assert a_document(tree.county, key="k" * 32).id == a_document(tree.county, key="k" * 32).id
    assert a_reply(tree.county, key="k" * 32).id == a_reply(tree.county, key="k" * 32).id
    for table in (PolicyDocument, OfficialReply):
        assert db.session.scalar(select(func.count()).select_from(table)) == 1


def test_a_key_of_another_place_opens_nothing(tree):
    a_document(tree.county, key="k" * 32)
    with pytest.raises(Refused):
        a_document(tree.province, key="k" * 32)


def test_a_reply_keeps_the_proposer_as_written_and_says_when_it_was_answered(client, tree):  # B2, B3
    made = a_reply(tree.prefecture)
    text = client.get(f"/{tree.prefecture.code}/policies/replies/{made.id}/", headers=ENGLISH).text
    assert "高峰代表" in text
    assert "821109" in text
    assert "Received on 1 Mar 2019, answered on 5 Jun 2019" in text
    assert len(replies_of(tree.villages[0]).rows) == 1
    with pytest.raises(Refused, match="published here already"):
        a_reply(tree.prefecture)


def test_an_official_publishes_by_the_pages_and_nothing_typed_is_lost(client, tree):  # A3, B4
    a.signed_in(client, a.an_official(tree.county))
    where = f"/{tree.county.code}/policies"
    typed = {
        "key": "k" * 32,
        "title": "占比100%的实施意见",
        "issuers": "市民政局\n\n市财政局",
        "number": "171",
        "issued_on": (today() + timedelta(days=1)).isoformat(),
        "text": "电话13800138000",
    }
    bad = client.post(f"{where}/documents/publish", data=typed, headers=ENGLISH)
    assert bad.status_code == 422
    for said in ("A document number looks like", "has not come yet", "leave phone numbers out", "占比100%的实施意见"):
        assert said in bad.text
    good = typed | {"number": "", "issued_on": "2020-01-02", "text": "全文。"}
    assert client.post(f"{where}/documents/publish", data=good).status_code == 303
    assert db.session.scalars(select(PolicyDocument)).one().issuers == ["市民政局", "市财政局"]
    assert "占比100%" in client.get(f"{where}/documents/publish").text
    reply = {
        "key": "r" * 32,
        "number": "821109",
        "session": "市八届人大二次会议",
        "title": "答复",
        "proposer": "高峰代表",
        "issuer": "市民政局",
        "received_on": "2019-06-05",
        "answered_on": "2019-03-01",
        "text": "已收悉。",
    }
    bad = client.post(f"{where}/replies/publish", data=reply, headers=ENGLISH)
    assert "answered before it was received" in bad.text
    assert client.post(f"{where}/replies/publish", data=reply | {"answered_on": "2019-06-05"}).status_code == 303
    assert db.session.scalars(select(OfficialReply.answered_on)).one() == date(2019, 6, 5)


def test_the_index_links_everything_that_holds(client, tree):  # A3, A43, B2, B5, B9
    text = client.get(f"/{tree.villages[0].code}/policies/").text
    for where in (
        "../catalogue/",
        "rules/",
        "documents/",
        "replies/",
        f"calendar/{today().year}/",
        "milestones/",
        "pilots/",
    ):
        assert f'href="{where}"' in text
