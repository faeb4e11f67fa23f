"""What is overdue rises, what is not answered is checked, and everyone sees how many wait too long."""

from datetime import date

import pytest
from flask import Flask

from portal.accounts.actions import grant
from portal.cases import answering, handling, queries
from portal.cases.models import BadRatingCase, CaseStep
from portal.cases.repairs import unrepaired
from portal.cases.rising import raise_cases
from portal.notifications.models import Notice
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.rules import Refused
from portal.rules.cases import CaseState, Finding, Move
from portal.rules.permissions import Role
from portal.store import db
from tests import builders
from tests.cases.making import a_batch_case, a_named_case, fresh, upheld
from tests.client import InspectingClient

ENGLISH = {"Accept-Language": "en"}


def staff(case: BadRatingCase) -> object:
    return builders.actor(builders.staff_of(db.session.get_one(Provider, case.provider_id)))


def level(case: BadRatingCase) -> str:
    return db.session.get_one(Region, fresh(case).level_id).level


def test_an_overdue_case_rises_level_by_level_over_spring_festival(app: Flask, village: Region) -> None:  # 2.4
    tree = builders.a_region_tree()
    official = builders.an_official(tree.county)
    with builders.at("2026-02-14"):
        case = a_named_case(village)
    assert case.due_on == date(2026, 2, 24)  # the first working day after the holidays
    for day, here in (
        ("2026-02-24", "village"),
        ("2026-02-25", "township"),
        ("2026-02-27", "township"),
        ("2026-02-28", "county"),  # a Saturday that is worked is over only after it
        ("2026-03-03", "county"),
        ("2026-03-04", "prefecture"),
        ("2026-03-09", "province"),
        ("2026-06-01", "province"),
    ):
        with builders.at(day):
            raise_cases()
            raise_cases()
            assert level(case) == here, day
    assert case.risen == 4
    told = db.session.scalars(db.select(Notice).where(Notice.person_id == official.id)).all()
    assert "bad_case_risen" in [one.template for one in told]
    steps = db.session.scalars(db.select(CaseStep.words).where(CaseStep.what == "risen").order_by(CaseStep.id)).all()
    assert list(steps) == ["望湖镇", "柳溪县", "清和市", "云泽省"]


def test_in_every_month_of_two_years_nothing_rises_before_its_time(app: Flask, village: Region) -> None:
    provider = builders.a_provider(village)
    for month in range(24):
        with builders.at(date(2025 + month // 12, month % 12 + 1, 1 + month)):
            case = a_named_case(village, provider)
        assert case.due_on
        for day, risen in ((case.due_on, 0), (case.due_on.fromordinal(case.due_on.toordinal() + 1), 1)):
            with builders.at(day):
                raise_cases()
                assert fresh(case).risen == risen, (month, day)
                if risen:
                    answering.say_whether_it_is_right(case, Move.WITHDRAW)


def test_who_let_it_wait_cannot_handle_it_any_more(app: Flask, village: Region) -> None:
    case = a_named_case(village)
    committee = builders.actor(builders.a_committee(village))
    county = builders.actor(builders.an_official(builders.a_region_tree().county))
    with builders.at("2027-01-04"):
        raise_cases()
        with pytest.raises(Refused, match="office above"):
            handling.contact_rater(committee, case, reached=True, words="现在联系。")
        handling.contact_rater(county, case, reached=True, words="县里联系了。")
    assert fresh(case).responded_on == date(2027, 1, 4)


def test_without_her_answer_another_body_checks(app: Flask, village: Region) -> None:  # issue 5, 6
    with builders.at("2026-03-02"):
        case = upheld(a_named_case(village))
        answering.answer_case(staff(case), case, "已补上门一次。")  # type: ignore[arg-type]
        assert case.due_on == date(2026, 3, 9)
    with builders.at("2026-03-09"):
        raise_cases()
        assert fresh(case).state == CaseState.ASKING
    with builders.at("2026-03-10"):
        raise_cases()
        assert (fresh(case).state, fresh(case).risen) == (CaseState.CHECKING, 0)
        assert case.contact, "it is not closed yet"


def test_a_provider_that_does_not_answer_is_answered_for(app: Flask, village: Region) -> None:
    county = builders.actor(builders.an_official(builders.a_region_tree().county))
    with builders.at("2026-03-02"):
        case = upheld(a_batch_case(village, on=date(2026, 3, 2)))
    with builders.at("2026-03-09"), pytest.raises(Refused):
        handling.repair_instead(county, case, "别家补做了。")
    with builders.at("2026-03-10"):
        raise_cases()
        handling.repair_instead(county, case, "别家补做了。")
        assert fresh(case).state == CaseState.CHECKING


def test_who_checks_is_of_no_body_that_had_it_in_hand(app: Flask, village: Region) -> None:  # 1.6, issue 5, 6
    tree = builders.a_region_tree()
    first = builders.actor(builders.an_official(tree.township))
    colleague = builders.actor(builders._staff("second-official", Role.OFFICIAL, tree.township))
    neighbour = builders.a_committee(village)
    with builders.at("2026-03-02"):
        case = upheld(a_batch_case(village, on=date(2026, 3, 2)))
    with builders.at("2026-03-10"):
        raise_cases()
        handling.repair_instead(first, case, "我们补上了服务。")
        for actor in (first, colleague, builders.actor(neighbour)):
            with pytest.raises(Refused, match="another body"):
                handling.check(actor, case, passes=True, words="看过了，没问题。")
            assert queries.handled(case, actor).other_body
        assert fresh(case).state == CaseState.CHECKING
        county = builders.actor(builders.an_official(tree.county))
        assert not queries.handled(case, county).other_body
        handling.check(county, case, passes=True, words="看过了，没问题。")
    assert fresh(case).state == CaseState.CLOSED


def test_who_acts_for_the_office_above_acts_for_it_even_with_a_second_role(app: Flask, village: Region) -> None:
    tree = builders.a_region_tree()
    both = builders.an_official(tree.township)
    grant(both, Role.COMMITTEE, village)
    colleague = builders._staff("second-official", Role.OFFICIAL, tree.township)
    with builders.at("2026-03-02"):
        case = upheld(a_batch_case(village, on=date(2026, 3, 2)))
    with builders.at("2026-03-10"):
        raise_cases()
        handling.repair_instead(builders.actor(both), case, "我们补上了服务。")
        with pytest.raises(Refused, match="another body"):
            handling.check(builders.actor(colleague), case, passes=True, words="看过了，没问题。")


def test_everyone_reads_how_many_are_overdue(client: InspectingClient, village: Region) -> None:
    a_batch_case(village)
    address = f"/{village.code}/bad-ratings/"
    assert "overdue and goes up" not in client.get(address, headers=ENGLISH).text
    with builders.at("2027-01-04"):
        text = client.get(address, headers=ENGLISH).text
        assert "1 case is overdue" in text
        assert 'class="late"' in text
        assert "No case here" in client.get(f"{address}?state=closed", headers=ENGLISH).text
        assert "No. " in client.get(f"{address}?late=yes", headers=ENGLISH).text


def late_ones(provider: Provider) -> list[int]:
    return [one.id for one in db.session.scalars(unrepaired().where(BadRatingCase.provider_id == provider.id))]


def test_what_the_stars_read(app: Flask, village: Region) -> None:  # A67, A69
    provider = builders.a_provider(village)
    committee = builders.actor(builders.a_committee(village))
    with builders.at("2026-03-02"):
        late, timely, mistaken = (a_named_case(village, provider) for _ in range(3))
        upheld(late)
        upheld(timely)
        handling.contact_rater(committee, mistaken, reached=True, words="已电话联系。")
        handling.find(committee, mistaken, Finding.MISTAKEN, "点错了。")
        answering.answer_case(staff(timely), timely, "已补上门一次。")  # type: ignore[arg-type]
    with builders.at("2026-03-09"):
        assert not late_ones(provider)
    with builders.at("2026-03-10"):
        assert late_ones(provider) == [late.id]
        answering.answer_case(staff(late), late, "补得晚了。")  # type: ignore[arg-type]
    with builders.at("2026-05-10"):
        assert late_ones(provider) == [late.id], "late stays late"


def test_a_provider_hears_once_that_a_repair_is_overdue_and_reads_what_it_owes(
    client: InspectingClient, village: Region
) -> None:
    provider = builders.a_provider(village)
    staff = builders.staff_of(provider)
    builders.signed_in(client, staff)

    def owes(day: str) -> str:
        with builders.at(day):
            raise_cases()
            text = client.get(f"/{village.code}/providers/{provider.id}/own/", headers=ENGLISH).text
        told = db.select(Notice.link).where(Notice.person_id == staff.id, Notice.template == "bad_case_overdue")
        assert list(db.session.scalars(told)) == ([f"/repairs/{case.id}"] if "is overdue" in text else [])
        return text

    with builders.at("2026-03-02"):
        a_named_case(village, provider)
        case = a_named_case(village, provider)
        assert "owed" not in client.get(f"/{village.code}/providers/{provider.id}/own/").text, "not found right yet"
        upheld(case)
    assert "1 repair is owed, by 9 Mar 2026." in owes("2026-03-09")
    for day in ("2026-03-10", "2026-03-20", "2026-05-01"):
        assert "1 is overdue." in owes(day)
    case = fresh(case)
    assert case.risen > 1
