"""A signed contract is extended, supplemented, served, accepted, paid and ended, each in its time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.contracts import carrying, completing, contents, drafting, replacing
from portal.contracts.models import Acceptance, Contract, ContractChange, Instalment, TargetReading
from portal.contracts.targets import needs_midterm_check, targets_of
from portal.funds.committing import free_of
from portal.funds.models import BudgetLine, Commitment
from portal.projects.lifecycle import took_part
from portal.projects.models import Participation, Project
from portal.purchases.models import Purchase
from portal.purchases.preparing import end_purchase
from portal.rules import Refused, payment
from portal.rules.changes import ChangeDraft
from portal.rules.clauses import latest_end
from portal.rules.contracts import AcceptanceDraft, ContractState
from portal.rules.credit import EventKind
from portal.rules.instalments import Part
from portal.rules.lifecycle import Way
from portal.rules.payment import DEFAULT
from portal.rules.purchases import PurchaseState
from portal.store import action, clock, db
from tests import builders as a
from tests.contracts import making
from tests.stars.making import an_event


def said(refused):
    return {refusal.beside for refusal in refused.value.refusals}


def change(contract, key="", **changes):
    draft = ChangeDraft(**({"words": "老人还需要这项服务。", "signed_on": clock.today()} | changes))
    return carrying.change_contract(making.the_official(contract), contract, draft, key or making.a_key())


def supplement(contract, amount_fen, key="", line=None):
    line_id = line.id if line else next(iter(contents.money_of(contract)))
    return change(contract, key, amount_fen=amount_fen, line_id=line_id, due_on=contract.ends_on)


def extend(contract, ends_on, key=""):
    return change(contract, key, ends_on=ends_on, conditions=making.CONDITIONS)


def pay(contract, number, amount_fen):
    instalment = db.session.scalars(
        select(Instalment).where(Instalment.contract_id == contract.id, Instalment.number == number)
    ).one()
    carrying.pay_instalment(making.the_official(contract), contract, instalment, amount_fen)


def read(contract, value, day=None, words=""):
    (target,) = (one.target for one in targets_of(contract))
    staff = a.actor(a.staff_of(db.session.get_one(a.Provider, contract.provider_id)))
    return carrying.read_target(staff, target, value, day or clock.today(), words)


def test_an_extension_is_added_and_the_day_before_it_kept(app):  # A42, B31
    contract = making.a_signed_contract()
    was = contract.ends_on
    extend(contract, was + timedelta(days=30))
    (row,) = contents.history_of(contract)
    assert (row.was_ends_on, row.ends_on, contract.ends_on) == (was, was + timedelta(days=30), was + timedelta(days=30))
    assert contents.first_terms(contract, [row]).ends_on == was


def test_an_extension_above_a_year_needs_its_conditions(app):  # A41
    contract = making.a_signed_contract()
    with pytest.raises(Refused) as refused:
        change(contract, ends_on=contract.ends_on + timedelta(days=1))
    assert said(refused) == set(making.CONDITIONS)


def test_the_last_possible_day_and_not_one_more(app):  # A42, 1.4
    contract = making.a_signed_contract(starts_on=clock.today())
    latest = latest_end(contract.starts_on, 3)
    with pytest.raises(Refused, match="at most 3 years"):
        extend(contract, latest + timedelta(days=1))
    extend(contract, latest)
    with pytest.raises(Refused):
        extend(contract, latest + timedelta(days=1))
    assert contract.ends_on == latest


def test_a_change_sent_twice_is_one(app):
    contract = making.a_signed_contract()
    key = making.a_key()
    assert extend(contract, contract.ends_on + timedelta(days=9), key).id == supplement(contract, 1, key).id
    assert db.session.scalar(select(func.count()).select_from(ContractChange)) == 1


def test_a_supplement_is_promised_and_owed_as_one_more_instalment(app):  # 2.2 (Law 49), B24
    contract = making.a_signed_contract()
    supplement(contract, making.PRICE // 10)
    assert contract.price_fen == making.PRICE * 11 // 10
    assert db.session.scalars(select(Commitment)).one().amount_fen == contract.price_fen
    assert sum(one.amount_fen for one in contents.instalments_of(contract)) == contract.price_fen
    assert sum(contents.money_of(contract).values()) == contract.price_fen
    assert contents.first_terms(contract, contents.history_of(contract)).price_fen == making.PRICE
    with pytest.raises(Refused) as refused:
        supplement(contract, 1)
    assert said(refused) == {"amount"}


def test_a_supplement_above_the_free_balance_changes_nothing(app):  # B24
    contract = making.a_signed_contract()
    line = making.a_line(db.session.get_one(a.Region, contract.region_id), 5)
    with pytest.raises(Refused) as refused:
        supplement(contract, 6, line=line)
    assert said(refused) == {"amount"}
    assert db.session.get_one(Contract, contract.id).price_fen == making.PRICE
    assert db.session.scalar(select(func.count()).select_from(ContractChange)) == 0


def test_a_line_of_another_place_pays_nothing(app):
    contract = making.a_signed_contract()
    a.import_places([("880000000000", "province", "远山省", "")])
    elsewhere = db.session.scalars(select(a.Region).where(a.Region.code == "880000000000")).one()
    with pytest.raises(Refused) as refused:
        supplement(contract, 5, line=making.a_line(elsewhere, 100))
    assert said(refused) == {"line"}


def at_once(elsewhere, deeds):
    """What became of deeds that were begun at the same moment: None, or the refusal."""
    ready = Barrier(len(deeds))

    def run(deed):
        ready.wait()
        try:
            elsewhere(deed)
        except Refused as refused:
            return refused
        return None

    with ThreadPoolExecutor(len(deeds)) as pool:
        found = list(pool.map(run, deeds))
    db.session.rollback()
    db.session.expire_all()
    return found


def test_simultaneous_extensions_never_go_beyond_three_years(app, elsewhere):  # A42
    contract = making.a_signed_contract()
    number, latest = contract.id, latest_end(contract.starts_on, 3)
    db.session.rollback()

    def later(days):
        found = db.session.get_one(Contract, number)
        extend(found, latest - timedelta(days=3) + timedelta(days=days))

    found = at_once(elsewhere, [lambda days=days: later(days) for days in range(1, 9)])
    contract = db.session.get_one(Contract, number)
    assert contract.ends_on == latest
    assert sum(one is None for one in found) <= 3
    assert db.session.scalar(select(func.max(ContractChange.ends_on))) == latest


def test_simultaneous_supplements_never_go_beyond_a_tenth(app, elsewhere):  # 2.2 (Law 49)
    contract = making.a_signed_contract()
    number, part = contract.id, making.PRICE // 40
    db.session.rollback()
    deed = lambda: supplement(db.session.get_one(Contract, number), part)  # noqa: E731
    found = at_once(elsewhere, [deed] * 8)
    contract = db.session.get_one(Contract, number)
    assert sum(one is None for one in found) == 4
    assert contract.price_fen == making.PRICE * 11 // 10
    assert db.session.scalars(select(Commitment)).one().amount_fen == contract.price_fen


def test_simultaneous_signatures_never_promise_more_than_a_line_has(app, elsewhere):  # B24
    drafts = [making.a_contract() for _ in range(3)]
    line = making.a_line(db.session.get_one(a.Region, drafts[0].region_id), making.PRICE * 2)
    for draft in drafts:
        completing.say_money(making.the_official(draft), draft, [making.Part(making.PRICE, line_id=line.id, number=1)])
    numbers, line_id = [draft.id for draft in drafts], line.id
    db.session.rollback()
    found = at_once(elsewhere, [lambda n=n: making.signed(db.session.get_one(Contract, n)) for n in numbers])
    assert sum(one is None for one in found) == 2
    assert free_of(db.session.get_one(BudgetLine, line_id)) == 0


def test_a_draft_of_an_award_that_does_not_stand_any_more_is_neither_edited_nor_signed(app):  # B8
    contract = making.a_contract()
    purchase = db.session.get_one(Purchase, contract.purchase_id)
    end_purchase(making.the_official(contract), purchase, PurchaseState.CANCELLED, "居民不再需要这项服务。")
    with pytest.raises(Refused):
        making.signed(contract)
    official = making.the_official(contract)
    for deed in (
        lambda: drafting.revise_contract(official, contract, making.a_draft()),
        lambda: completing.write_clauses(official, contract, making.CLAUSES),
        lambda: completing.say_money(official, contract, []),
        lambda: completing.say_instalments(official, contract, []),
        lambda: completing.set_targets(official, contract, []),
    ):
        with pytest.raises(Refused, match="does not stand any more"):
            deed()
    assert db.session.get_one(Contract, contract.id).signed_on is None
    assert db.session.scalar(select(func.count()).select_from(Commitment)) == 0


def test_a_replacement_is_registered_for_the_place(app):  # B15, B33
    old = making.terminated(making.a_serving_contract())
    elsewhere = a.a_provider(a.a_region_tree().villages[2], "石榴村服务队")
    with pytest.raises(Refused) as refused:
        making.a_replacement(old, elsewhere)
    assert said(refused) == {"provider"}


def test_simultaneous_payments_of_an_instalment_are_one(app, elsewhere):  # B23
    contract = making.a_serving_contract()
    number, half = contract.id, making.PRICE // 2
    db.session.rollback()
    found = at_once(elsewhere, [lambda: pay(db.session.get_one(Contract, number), 1, half)] * 6)
    assert found == [None] * 6
    assert db.session.scalars(select(Commitment)).one().paid_fen == half


def test_a_service_begins_on_its_day_and_brings_the_project_on(app):  # A40
    contract = making.a_signed_contract(starts_on=clock.today() + timedelta(days=1))
    with pytest.raises(Refused, match="not before"):
        carrying.start_service(making.the_official(contract), contract)
    serving = making.a_serving_contract()
    assert db.session.get_one(Project, serving.project_id).state == "serving"
    carrying.start_service(making.the_official(serving), serving)


def test_acceptance_is_with_recipients_and_brings_the_project_on(app):  # 2.2 (Regulation 45), A23
    contract = making.a_serving_contract()
    official = making.the_official(contract)
    nobody = AcceptanceDraft(clock.today(), 0, 0, True, "没有人来。")
    with pytest.raises(Refused) as refused:
        carrying.accept_service(official, contract, nobody, making.a_key())
    assert said(refused) == {"invited"}
    failed = AcceptanceDraft(clock.today(), 10, 6, False, "三位老人说没有按时来，要补。")
    carrying.accept_service(official, contract, failed, making.a_key())
    assert db.session.get_one(Project, contract.project_id).state == "serving"
    making.accepted(contract)
    assert db.session.get_one(Project, contract.project_id).state == "accepted"
    noted = db.session.scalars(
        select(Participation).where(Participation.way == "check").order_by(Participation.id)
    ).all()
    assert [(one.took_part, one.asked) for one in noted] == [(6, 10), (8, 10)]
    with pytest.raises(Refused, match="already"):
        making.accepted(contract)
    assert db.session.scalar(select(func.count()).select_from(Acceptance)) == 2


def test_instalments_are_paid_in_order_and_only_when_due(app):  # B23
    contract = making.a_serving_contract()
    half = making.PRICE // 2
    with pytest.raises(Refused, match="order"):
        pay(contract, 2, half)
    with pytest.raises(Refused, match="At most"):
        pay(contract, 1, half + 1)
    pay(contract, 1, half)
    pay(contract, 1, half)
    with pytest.raises(Refused, match="not before"):
        pay(contract, 2, half)
    with a.at(contract.ends_on):
        pay(contract, 2, half)
    commitment = db.session.scalars(select(Commitment)).one()
    assert commitment.paid_fen == commitment.amount_fen == making.PRICE


def test_a_contract_ends_after_acceptance_and_gives_back_what_is_unpaid(app):  # B24
    contract = making.a_serving_contract()
    official, line = making.the_official(contract), db.session.scalars(select(BudgetLine)).one()
    pay(contract, 1, making.PRICE // 2)
    with pytest.raises(Refused, match="acceptance"):
        carrying.end_contract(official, contract, "已结清。")
    making.accepted(contract)
    with pytest.raises(Refused) as refused:
        carrying.end_contract(official, contract, "")
    assert said(refused) == {"reason"}
    carrying.end_contract(official, contract, "第二期未达标，双方约定不付。")
    carrying.end_contract(official, contract, "再来一次")
    assert contract.ended_reason == "第二期未达标，双方约定不付。"
    assert free_of(line) == line.amount_fen - making.PRICE // 2


def test_a_terminated_contract_gives_back_its_money_and_is_over(app):  # B33, B24
    contract = making.terminated(making.a_serving_contract())
    line = db.session.scalars(select(BudgetLine)).one()
    assert free_of(line) == line.amount_fen
    with pytest.raises(Refused):
        extend(contract, contract.ends_on + timedelta(days=1))
    with pytest.raises(Refused):
        pay(contract, 1, making.PRICE // 2)
    with pytest.raises(Refused, match="access has ended"):
        read(contract, 5)


def test_another_provider_goes_on_where_one_had_to_leave(app):  # B33
    old = making.a_serving_contract()
    pay(old, 1, making.PRICE // 2)
    official = making.the_official(old)
    with pytest.raises(Refused, match="covered"):
        making.a_replacement(old)
    making.terminated(old)
    with pytest.raises(Refused, match="another provider"):
        making.a_replacement(old, db.session.get_one(a.Provider, old.provider_id))
    fresh = making.a_replacement(old)
    assert (fresh.replaces_id, fresh.project_id, fresh.state) == (old.id, old.project_id, ContractState.DRAFT)
    assert (fresh.price_fen, fresh.ends_on) == (making.PRICE // 2, old.ends_on)
    assert contents.clauses_of(fresh) == making.CLAUSES
    with pytest.raises(Refused, match="already"):
        making.a_replacement(old)
    making.signed(making.completed(fresh))
    carrying.start_service(official, fresh)
    assert db.session.get_one(Project, old.project_id).state == "serving"


def test_replacing_does_not_begin_the_three_years_anew(app):  # A42, B33
    with a.at("2024-02-29"):
        old = making.a_signed_contract(starts_on=date(2024, 2, 29))
    with a.at("2025-01-10"):
        making.terminated(old)
        with pytest.raises(Refused, match="2027-02-28"):
            making.a_replacement(
                old, starts_on=date(2025, 2, 1), ends_on=date(2027, 3, 1), conditions=making.CONDITIONS
            )
        with pytest.raises(Refused) as refused:
            making.a_replacement(old, starts_on=date(2025, 2, 1), ends_on=date(2026, 1, 31))
        assert said(refused) == set(making.CONDITIONS), "with the one before it, it is more than a year"
        fresh = making.a_replacement(
            old, starts_on=date(2025, 2, 1), ends_on=date(2026, 1, 31), conditions=making.CONDITIONS
        )
        making.signed(making.completed(fresh))
        with pytest.raises(Refused, match="2027-02-28"):
            extend(fresh, date(2027, 3, 1))
        extend(fresh, date(2027, 2, 28))


def test_replacing_never_pays_more_than_was_awarded_nor_supplements_more_than_a_tenth(app):  # B33, 2.2 (Law 49)
    old = making.a_serving_contract(price_fen=making.PRICE - 100, in_kind_fen=100, in_kind_basis="按租金估价。")
    tenth = (making.PRICE - 100) // 10
    supplement(old, tenth - 500)
    pay(old, 1, old.price_fen // 2 - (tenth - 500) // 2)
    paid = sum(one.paid_fen for one in contents.instalments_of(old))
    making.terminated(old)
    left = making.PRICE - paid
    with pytest.raises(Refused) as refused:
        making.a_replacement(old, price_fen=left + 1)
    assert said(refused) == {"price"}
    fresh = making.signed(making.completed(making.a_replacement(old, price_fen=left)))
    with pytest.raises(Refused) as refused:
        supplement(fresh, 501)
    assert said(refused) == {"amount"}
    supplement(fresh, 500)


def test_simultaneous_replacements_of_a_contract_are_one(app, elsewhere):  # B33
    old = making.terminated(making.a_serving_contract())
    number, provider = old.id, a.a_provider(db.session.get_one(a.Region, old.region_id), "柳溪县暖阳社会服务中心").id
    db.session.rollback()

    def deed():
        making.a_replacement(db.session.get_one(Contract, number), db.session.get_one(a.Provider, provider))

    found = at_once(elsewhere, [deed] * 4)
    assert sum(one is None for one in found) == 1
    assert db.session.scalar(select(func.count(Contract.id)).where(Contract.replaces_id == number)) == 1


def test_what_is_paid_meanwhile_is_taken_off_at_the_signature(app):  # B33
    old = making.terminated(making.a_serving_contract())
    fresh = making.completed(making.a_replacement(old, price_fen=making.PRICE))

    @action
    def paid_meanwhile():
        db.session.get_one(Instalment, contents.instalments_of(old)[0].id).paid_fen = 1

    paid_meanwhile()
    with pytest.raises(Refused) as refused:
        making.signed(fresh)
    assert said(refused) == {"price"}


def test_a_service_that_goes_on_is_not_broken_off_by_hand_nor_one_that_was_accepted(app):  # B33
    serving = making.a_serving_contract()
    with pytest.raises(Refused, match="exit of the provider"):
        carrying.terminate_contract(making.the_official(serving), serving, "承接方停业。")
    making.accepted(serving)
    with pytest.raises(Refused, match="accepted already"):
        carrying.break_off(making.the_official(serving), serving, "承接方停业。")
    assert db.session.get_one(Contract, serving.id).state == ContractState.SERVING


def test_a_contract_that_is_not_served_yet_is_broken_off_by_hand(app):  # B33
    contract = making.a_signed_contract()
    for _ in range(2):
        carrying.terminate_contract(making.the_official(contract), contract, "承接方停业。")
    assert db.session.get_one(Contract, contract.id).state == ContractState.TERMINATED


def test_a_linked_instalment_waits_for_the_acceptance_and_holds_up_no_other(app):  # A65
    contract = making.a_contract()
    half, today = making.PRICE // 2, contract.starts_on
    parts = [Part(half, today, is_linked=True, number=1), Part(making.PRICE - half, today, number=2)]
    completing.say_instalments(making.the_official(contract), contract, parts)
    completing.fix_bands(making.the_official(contract), contract, DEFAULT)
    making.signed(contract)
    with pytest.raises(Refused, match="acceptance"):
        pay(contract, 1, half)
    pay(contract, 2, making.PRICE - half)
    took_part(db.session.get_one(Project, contract.project_id), Way.NONE, "x:1", 0, words="过程已公示。")
    carrying.start_service(making.the_official(contract), contract)
    making.accepted(contract)
    with pytest.raises(Refused, match="No evaluation is planned"):
        pay(contract, 1, half)
    assert db.session.scalars(select(Commitment)).one().paid_fen == making.PRICE - half


def test_a_linked_instalment_signed_before_there_were_bands_waits_for_the_acceptance_only(app, monkeypatch):  # A65
    monkeypatch.setattr(payment, "missing_refusals", lambda **_: ())
    contract = making.a_contract()
    half, today = making.PRICE // 2, contract.starts_on
    parts = [Part(half, today, is_linked=True, number=1), Part(making.PRICE - half, today, number=2)]
    completing.say_instalments(making.the_official(contract), contract, parts)
    making.signed(contract)
    pay(contract, 2, making.PRICE - half)
    took_part(db.session.get_one(Project, contract.project_id), Way.NONE, "x:1", 0, words="过程已公示。")
    carrying.start_service(making.the_official(contract), contract)
    making.accepted(contract)
    pay(contract, 1, half)
    assert db.session.scalars(select(Commitment)).one().paid_fen == making.PRICE


def test_what_is_over_is_not_extended(app):  # A42
    contract = making.a_serving_contract()
    with a.at(contract.ends_on):
        extend(contract, contract.ends_on + timedelta(days=1))
    with a.at(contract.ends_on + timedelta(days=1)), pytest.raises(Refused, match="last day has passed"):
        extend(contract, contract.ends_on + timedelta(days=9))


def test_a_form_that_was_sent_for_another_contract_is_refused(app):
    one, other = making.a_serving_contract(), making.a_serving_contract()
    key = making.a_key()
    draft = AcceptanceDraft(clock.today(), 10, 8, True, "老人们说来得准时。")
    first = carrying.accept_service(making.the_official(one), one, draft, key)
    assert carrying.accept_service(making.the_official(one), one, draft, key).id == first.id
    with pytest.raises(Refused, match="another contract"):
        carrying.accept_service(making.the_official(other), other, draft, key)
    assert not contents.is_accepted(other)
    extend(one, one.ends_on + timedelta(days=1), key)
    with pytest.raises(Refused, match="another contract"):
        extend(other, other.ends_on + timedelta(days=1), key)
    making.terminated(other)
    with pytest.raises(Refused, match="another contract"):
        replacing.draft_replacement(making.the_official(other), other, None, other.key)


def test_who_is_barred_from_selection_takes_over_no_contract(app):  # A69, B33
    contract = making.terminated(making.a_serving_contract())
    region = db.session.get_one(a.Region, contract.region_id)
    barred = a.a_provider(region, "柳溪县暖阳社会服务中心")
    an_event(barred, region, EventKind.FALSE_RATINGS)
    with pytest.raises(Refused, match="barred from selection") as refused:
        making.a_replacement(contract, barred)
    assert said(refused) == {"provider"}
    assert making.a_replacement(contract, a.a_provider(region, "柳溪县晨光社会服务中心")).replaces_id == contract.id


def test_a_committee_does_not_assist_the_provider_that_it_is(app):  # A28
    award = making.an_award()
    region = db.session.get_one(a.Region, award.purchase.region_id)
    assisting = making.Party(making.PartyRole.ASSISTING, award.provider.name, duties="协助入户。")
    with pytest.raises(Refused) as refused:
        drafting.draft_contract(
            a.actor(a.an_official(region)), region, award, making.a_draft(assisting=assisting), making.a_key()
        )
    assert said(refused) == {"assisting"}


def test_readings_are_kept_and_corrections_shown(app):  # A62
    contract = making.a_serving_contract()
    read(contract, 12)
    read(contract, 12)
    with pytest.raises(Refused) as refused:
        read(contract, 21)
    assert said(refused) == {"words"}
    read(contract, 21, words="写反了数字")
    ((*readings,),) = (one.readings for one in targets_of(contract))
    assert [(one.value, one.number) for one in readings] == [(21, 2), (12, 1)]


def test_a_service_that_lags_behind_is_shown_in_red_and_its_check_is_due(app):  # A62
    contract = making.a_serving_contract()
    middle = contract.starts_on + timedelta(days=200)
    with a.at(middle):
        assert needs_midterm_check(contract, targets_of(contract))
        read(contract, 100)
        (one,) = targets_of(contract)
        assert one.standing.light == "red"
        assert not needs_midterm_check(contract, [one])
    assert db.session.scalar(select(func.count()).select_from(TargetReading)) == 1


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("extend"), st.integers(1, 1200)),
        st.tuples(st.just("supplement"), st.integers(1, making.PRICE // 8)),
        st.tuples(st.just("pay"), st.integers(1, making.PRICE)),
        st.tuples(st.just("end"), st.just(0)),
        st.tuples(st.just("terminate"), st.just(0)),
    ),
    max_size=10,
)


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_done_term_price_and_money_stay_within_the_law(app, steps):  # A42, B24, 2.2
    contract = making.a_serving_contract(project=a.a_project(a.a_region_tree().villages[0]))
    subject = f"contract:{contract.id}"
    for name, amount in steps:
        try:
            _do(contract, name, amount)
        except Refused:
            db.session.rollback()
        db.session.refresh(contract)
        instalments = contents.instalments_of(contract)
        assert contract.ends_on <= latest_end(contract.starts_on, 3)
        assert making.PRICE <= contract.price_fen <= making.PRICE * 11 // 10
        assert sum(one.amount_fen for one in instalments) == contract.price_fen
        rows = db.session.scalars(select(Commitment).where(Commitment.subject == subject)).all()
        paid = sum(one.paid_fen for one in instalments)
        assert sum(one.paid_fen for one in rows) == paid
        over = contract.state in (ContractState.ENDED, ContractState.TERMINATED)
        assert sum(one.amount_fen for one in rows) == (paid if over else contract.price_fen)


def _do(contract, name, amount):
    official = making.the_official(contract)
    if name == "extend":
        extend(contract, contract.ends_on + timedelta(days=amount))
    elif name == "supplement":
        supplement(contract, amount)
    elif name == "pay":
        open_ones = [one for one in contents.instalments_of(contract) if one.paid_on is None]
        with a.at(contract.ends_on):
            pay(contract, open_ones[0].number if open_ones else 1, amount)
    elif name == "end":
        carrying.end_contract(official, contract, "双方结清。")
    else:
        making.terminated(contract)
