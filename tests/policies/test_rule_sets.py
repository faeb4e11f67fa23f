"""A place sets its own numbers in public: from a day on, by a document, and what held stays on record."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.policies.models import RuleSet
from portal.policies.queries import rules_for
from portal.policies.rule_sets import RuleSetDraft, changes_of, put_rule_set, sets_for, settings_of, withdraw_rule_set
from portal.rules import Refused
from portal.rules.numbers import Numbers
from portal.store import db
from portal.store.clock import today
from tests import builders as a
from tests.policies.making import a_document, a_rule_set

ENGLISH = {"Accept-Language": "en"}
TOMORROW = timedelta(days=1)


def setting(region, name, day=None):
    return next(one for one in settings_of(region, day) if one.name == name)


def test_each_number_says_its_value_since_when_and_by_whom(tree):  # A43, A44
    a_rule_set(tree.province, answer_working_days=7)
    a_rule_set(tree.township, answer_working_days=3)
    here, county = setting(tree.villages[0], "answer_working_days"), setting(tree.county, "answer_working_days")
    assert (here.value, here.above, here.default) == (3, 3, Numbers().answer_working_days)
    assert here.said.division.id == tree.township.id
    assert (county.value, county.said.division.id, county.said.rule_set.valid_from) == (7, tree.province.id, today())
    assert setting(tree.township, "answer_working_days").differs
    assert not here.differs
    assert setting(tree.county, "undo_days").said is None


def test_the_page_and_the_law_agree_for_every_number(tree):  # A43, A44
    a_rule_set(tree.province, answer_working_days=7, undo_days=9)
    a_rule_set(tree.county, undo_days=8, sensitive_categories=("01", "03", "05", "06", "0801", "07"))
    a_rule_set(tree.county, today() + TOMORROW, undo_days=None, most_open_needs=5)
    for day in (today() - TOMORROW, today(), today() + TOMORROW):
        for region in (tree.province, tree.county, tree.villages[0]):
            numbers = rules_for(region, day)
            assert {one.name: one.value for one in settings_of(region, day)} == vars(numbers)
    assert rules_for(tree.county, today() + TOMORROW).undo_days == 9  # taken from above again
    assert rules_for(tree.county).undo_days == 8


def test_everyone_sees_what_differs_and_the_document_that_says_so(client, tree):  # A43, A44
    document = a_document(tree.county, "清市民发〔2020〕5号")
    put_rule_set(
        a.actor(a.an_official(tree.county)),
        tree.county,
        RuleSetDraft(today(), {"undo_days": 9}, "", document.id),
        "k" * 32,
    )
    answer = client.get(f"/{tree.county.code}/policies/rules/", headers=ENGLISH)
    assert "<ins>9</ins>" in answer.text
    assert "清市民发〔2020〕5号" in answer.text
    only = client.get(f"/{tree.county.code}/policies/rules/?only=different", headers=ENGLISH).text
    assert "Days in which a committee may take a decision back" in only
    assert "Open needs of one person" not in only


def test_a_set_that_holds_is_on_record_and_cannot_be_withdrawn(client, tree):  # A43, B32
    made = a_rule_set(tree.county, undo_days=9)
    with pytest.raises(Refused, match="holds already"):
        withdraw_rule_set(a.actor(a.an_official(tree.county)), made)
    assert rules_for(tree.county).undo_days == 9
    forms = [rule.rule for rule in client.application.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert {one.rpartition("/policies/")[2] for one in forms if "/policies/rules" in one} == {
        "rules/put",
        "rules/<int:rule_set>/withdraw",
    }


def test_a_coming_set_may_be_withdrawn_and_another_put_for_its_day(client, tree):  # A43
    official = a.actor(a.an_official(tree.county))
    made = a_rule_set(tree.county, today() + TOMORROW, undo_days=9)
    withdraw_rule_set(official, made)
    with pytest.raises(Refused, match="withdrawn already"):
        withdraw_rule_set(official, made)
    a_rule_set(tree.county, today() + TOMORROW, undo_days=8)
    assert rules_for(tree.county, today() + TOMORROW).undo_days == 8
    assert "withdrawn before it held" in client.get(f"/{tree.county.code}/policies/rules/", headers=ENGLISH).text
    assert client.get(f"/{tree.county.code}/policies/rules/{made.id}/").status_code == 200


def test_a_second_set_for_one_day_is_refused_beside_the_day(tree):  # A43
    a_rule_set(tree.county, undo_days=9)
    with pytest.raises(Refused) as refused:
        a_rule_set(tree.county, undo_days=8)
    assert [one.beside for one in refused.value.refusals] == ["valid_from"]
    assert rules_for(tree.county).undo_days == 9


def test_a_rule_set_shows_what_it_changes(client, tree):  # A44, B32
    a_rule_set(tree.province, undo_days=9)
    made = a_rule_set(tree.county, today() + TOMORROW, undo_days=8, most_open_needs=Numbers().most_open_needs)
    changes = {new.name: (old.value, new.value) for old, new in changes_of(tree.county, made, sets_for(tree.county))}
    assert changes == {"undo_days": (9, 8), "most_open_needs": (20, 20)}
    text = client.get(f"/{tree.county.code}/policies/rules/{made.id}/", headers=ENGLISH).text
    assert "<del>9</del>" in text
    assert "<ins>8</ins>" in text


def test_the_form_refuses_beside_the_field_and_keeps_what_was_typed(client, tree):  # A43
    a.signed_in(client, a.an_official(tree.county))
    where = f"/{tree.county.code}/policies/rules/put"
    typed = {"key": "k" * 32, "valid_from": (today() - TOMORROW).isoformat(), "undo_days": "two", "notice_days": "-1"}
    bad = client.post(where, data=typed, headers=ENGLISH)
    assert bad.status_code == 422
    for said in ("today or a later day", "which document sets it", "whole number from 1", 'value="two"', "from 0 to"):
        assert said in bad.text, said
    good = {"key": "k" * 32, "valid_from": today().isoformat(), "cites": "省级地方标准", "undo_days": "９"}
    for _ in range(2):
        assert client.post(where, data=good).status_code == 303
    assert rules_for(tree.county).undo_days == 9
    assert db.session.scalar(select(func.count()).select_from(RuleSet)) == 1


def test_what_is_the_same_for_the_whole_site_is_set_at_the_top_only(client, tree):  # A43
    with pytest.raises(Refused, match="same everywhere"):
        a_rule_set(tree.county, codes_per_site=100)
    a_rule_set(tree.province, codes_per_site=100)
    a.signed_in(client, a.an_official(tree.county))
    assert 'name="codes_per_site"' not in client.get(f"/{tree.county.code}/policies/rules/put").text


def test_a_document_of_elsewhere_is_no_ground(tree):  # A43
    document = a_document(tree.villages[1])
    draft = RuleSetDraft(today(), {"undo_days": 9}, "", document.id)
    with pytest.raises(Refused, match="which document"):
        put_rule_set(a.actor(a.an_official(tree.county)), tree.villages[0], draft, "k" * 32)


def test_only_an_official_of_the_place_sets_numbers(client, tree):  # A43
    made = a_rule_set(tree.county, date.max.replace(year=today().year + 1), undo_days=9)
    for person in (a.a_resident(tree.villages[0]), a.a_committee(tree.villages[0]), a.an_official(tree.township)):
        a.signed_in(client, person)
        assert client.get(f"/{tree.county.code}/policies/rules/put").status_code == 403
        assert client.post(f"/{tree.county.code}/policies/rules/{made.id}/withdraw").status_code == 403
