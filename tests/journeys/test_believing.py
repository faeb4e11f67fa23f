"""Satisfaction that people can believe, by its real pages: who was served, the provider, the committee, the office,
the evaluator, and everyone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal.accounts.models import Person
from portal.cases.models import BadRatingCase
from portal.comments.models import CommentAppeal
from portal.contracts.models import Contract
from portal.evaluations.models import EvaluationResult
from portal.evaluations.queries import indicators_of
from portal.providers.models import Provider
from portal.ratings.models import Rating, RatingComment
from portal.regions.models import Region
from portal.stars.awarding import award_stars
from portal.store import clock, db
from portal.store.outbox import OutboxMessage
from tests import builders
from tests.cases import making as cases
from tests.comments import making as comments
from tests.counting import count
from tests.evaluations import making as evaluations
from tests.journeys.chained import each_language, fills, kept, on, picks, pictured_on_both, refused, sends
from tests.journeys.conftest import House
from tests.journeys.walker import Walker
from tests.promises.making import a_promise
from tests.providers.making import published
from tests.stars import making as stars

Walking = Callable[..., Walker]


def _records(he: Walker, village: Any, provider: Provider, **typed: str) -> None:
    """Record the end of a service by the form; `typed`: the phone, and the channel by which she is asked."""
    he.goes(f"/{village.code}/services/record?provider={provider.id}")
    fills(he, category="0401")
    picks(he, "channel", typed.pop("channel"))
    fills(he, **typed)
    sends(he, "record_form")


def _link_sent_to(phone: str) -> str:
    """The path of the private link that went out to `phone`."""
    db.session.rollback()
    message = db.session.scalars(db.select(OutboxMessage).where(OutboxMessage.to == phone)).first()
    assert message
    return f"/rate/{str(message.values['link']).rpartition('/')[2]}"


def _grades(provider: Provider) -> list[int]:
    """The grades that stand for `provider`, none of them published."""
    db.session.rollback()
    return list(db.session.scalars(db.select(Rating.grade).where(Rating.provider_id == provider.id)))


@each_language
def test_who_was_served_at_home_rates_says_why_and_thinks_again(  # A27, B13, B33
    house: House, village: Any, walker: Walking, language: str
) -> None:
    provider, phone = builders.a_provider(village), f"136{village.id:08}"
    he = walker(language, "records", builders.a_committee(village))
    _records(he, village, provider, channel="sms", phone=phone)
    he.sees("main .flash, .flash")
    he.picture("recorded")

    she = walker(language, "door")
    she.goes(_link_sent_to(phone))
    assert she.context.cookies() == [], "opening stores nothing"
    assert _grades(provider) == []
    she.picture("asked")
    she.tap("#faces button[value='5']")
    she.sees("#why_form")
    assert she.taps == 1
    assert _grades(provider) == [5]
    she.tap("#why_form label.chip >> nth=0")
    fills(she, words="姑娘来得准时，还帮我量了血压。")
    she.picture("says-why")
    sends(she, "why_form")
    she.sees("#why_form input[name=reasons]:checked", 1)
    kept(she, words="姑娘来得准时，还帮我量了血压。")
    she.tap("#faces button[value='2']")
    she.sees("#faces button[value='2'][aria-pressed=true]", 1)
    she.sees("main a[href$='/repair']", 1)
    she.picture("thought-again")
    assert _grades(provider) == [2], "one rating, as it is meant now"
    page = f"/{village.code}/providers/{provider.id}/"
    he.goes(page)
    he.sees("section[aria-labelledby=score] .empty", 1)


@on(("sqlite", "zh-Hant"), ("postgresql", "en"))
def test_what_was_tapped_at_a_counter_is_shown_nowhere_and_changed_at_home(  # B33, trust 4.10
    house: House, village: Any, walker: Walking, language: str
) -> None:
    provider = builders.a_provider(village)
    he = walker(language, "counter", builders.a_committee(village))
    _records(he, village, provider, channel="counter")
    he.sees(".sheet .code", 1)
    he.picture("slip-at-counter")
    he.tap("main a[href*='at=counter']")
    he.sees("#faces button", 5)
    link = he.path
    he.picture("counter")
    he.tap("#faces button[value='1']")
    he.is_at("/rate/thanks")
    he.sees("#faces, #why_form, [aria-pressed=true]", 0)
    he.picture("counter-thanks")
    he.page.go_back()
    he.sees("#faces, #why_form, [aria-pressed=true]", 0)
    assert _grades(provider) == [1]

    she = walker(language, "at-home")
    she.goes(link)
    she.sees("#faces button", 5)
    she.sees("#why_form, [aria-pressed=true]", 0)
    she.picture("grade-not-shown")
    she.tap("#faces button[value='4']")
    she.sees("#faces button[value='4'][aria-pressed=true]", 1)
    assert _grades(provider) == [4]


@on(("sqlite", "en"), ("postgresql", "zh-Hans"))
def test_a_slip_is_rated_by_its_typed_code_without_scripts(  # A27, B13
    house: House, village: Any, walker: Walking, language: str
) -> None:
    provider = builders.a_provider(village)
    he = walker(language, "slip", builders.a_committee(village), java_script_enabled=False)
    _records(he, village, provider, channel="slip")
    code = he.sees(".sheet .code", 1).inner_text()
    he.print("slip")

    she = walker(language, "types", java_script_enabled=False)
    she.forgives += ("status of 404",)
    she.goes("/rate/")
    she.types("#code", code[:-3])
    she.tap("form.search button")
    she.sees("#code", 1)
    she.picture("wrong-code")
    she.types("#code", code)
    she.tap("form.search button")
    she.tap("#faces button[value='1']")
    she.tap("#why_form label.chip >> nth=1")
    fills(she, words="没有人来。")
    sends(she, "why_form")
    she.sees("#why_form input[name=reasons]:checked", 1)
    she.picture("said-without-scripts")
    assert _grades(provider) == [1]


@on(("sqlite", "zh-Hans"), ("postgresql", "zh-Hant"))
def test_a_provider_reads_its_figures_and_answers_once(  # A61, A63, A65
    house: House, village: Any, walker: Walking, language: str
) -> None:
    provider = builders.a_provider(village)
    published(provider, stars.GOOD)
    comments.a_group(provider, village)
    own = f"/{village.code}/providers/{provider.id}/own/"
    they = walker(language, "provider", builders.staff_of(provider))
    they.goes("/mine/")
    they.tap(f"main a[href='{own}']")
    they.sees(".big-number", 1)
    they.sees(".quote", 5)
    pictured_on_both(they, "own")
    they.tap("main section a.button")
    fills(they, words="有事打 13912345678。")
    sends(they, "answer_form")
    refused(they, "words")
    kept(they, words="有事打 13912345678。")
    fills(they, words="谢谢大家，周末也开始上门。")
    sends(they, "answer_form", own)
    everyone = walker(language, "reads-answer")
    everyone.goes(f"/{village.code}/providers/{provider.id}/words/")
    everyone.sees("main section", words="周末也开始上门")
    everyone.picture("words-and-answer")


@on(("sqlite", "zh-Hans"), ("postgresql", "zh-Hant"))
def test_a_bad_rating_is_put_right_and_she_says_so(  # A66, A67, B33
    house: House, village: Any, walker: Walking, language: str
) -> None:
    provider = builders.a_provider(village)
    link = f"/rate/{builders.a_service(provider, village).ticket}"
    she = walker(language, "asks")
    she.goes(link)
    she.tap("#faces button[value='1']")
    she.tap("main a[href$='/repair']")
    sends(she, "open_form")
    she.sees("main .problem")
    picks(she, "way", "phone")
    fills(she, contact=cases.PHONE, words="来了十分钟就走了。")
    she.page.locator("#agrees").check()
    she.picture("asks-for-repair")
    sends(she, "open_form", f"{link}/repair")
    she.sees("main .state.wait", 1)

    he = walker(language, "handles", builders.a_committee(village))
    he.goes("/mine/")
    he.tap(f"main a[href='/{village.code}/bad-ratings/desk']")
    pictured_on_both(he, "desk")
    he.tap("main tbody a")
    case = he.path
    he.tap("form[action$='contact'] button")
    he.sees("main", words=cases.PHONE)
    he.goes(case)
    picks(he, "reached", "yes")
    fills(he, words="电话里说明了情况。")
    sends(he, "step_form", case)
    he.sees("[name=finding]", 3)
    picks(he, "finding", "upheld")
    sends(he, "step_form")
    refused(he, "words")
    he.sees("[name=finding][value=upheld]:checked", 1)
    he.picture("finding-refused")
    fills(he, words="服务记录显示只停留了十分钟。")
    sends(he, "step_form", case)
    he.sees("#step_form", 0)
    he.picture("found")

    they = walker(language, "repairs", builders.staff_of(provider))
    they.goes("/repairs/")
    they.picture("repairs")
    they.tap("main a[href^='/repairs/'], main tbody a")
    they.sees("form[action$='contact']", 0)
    fills(they, answer="已补足一次完整的上门服务。")
    sends(they, "answer_form", "/repairs/")

    she.goes(f"{link}/repair")
    she.picture("is-it-right")
    she.tap("form:has(input[value=confirm]) button")
    she.sees("main .state.done", 1)
    she.picture("put-right")
    assert count(BadRatingCase, BadRatingCase.provider_id == provider.id, BadRatingCase.state == "closed") == 1


@on(("sqlite", "en"), ("postgresql", "zh-Hans"))
def test_words_are_hidden_by_two_and_who_wrote_them_appeals(  # A62, A63, B13
    house: House, village: Any, walker: Walking, language: str
) -> None:
    token = f"writer-of-{village.code}"
    provider = builders.a_provider(village)
    comment = comments.a_comment(provider, village, token=token)
    builders.an_official(house.tree.township)
    desk = f"/{village.code}/words/"
    two = (builders.a_committee(village), builders.an_official(house.tree.county))
    for who, person in zip(("first", "second"), two, strict=True):
        one = walker(language, f"words-{who}", person)
        one.goes(desk)
        one.picture("words")
        one.tap(f"main a[href='{comment.key}']")
        picks(one, "verdict", "hide")
        one.tap("#decision_form summary[data-key=h]")
        fills(one, kind="abuse")
        sends(one, "decision_form")
        refused(one, "reason")
        fills(one, reason="有辱骂的话。")
        one.picture("decides")
        sends(one, "decision_form", desk)
        assert comments.state_of(comment) == ("hidden" if who == "second" else "waiting")
    one.sees(f"main a[href='{comment.key}']", 0)

    she = walker(language, "writer")
    she.goes(f"/rate/{token}/words")
    she.sees("main .flash.warn", 1)
    fills(she, words="我说的是事实。")
    she.picture("appeals")
    sends(she, "appeal_form")
    she.sees("#appeal_form", 0)
    she.sees("main", words="我说的是事实。")
    assert count(CommentAppeal, CommentAppeal.words == "我说的是事实。") >= 1
    assert count(RatingComment, RatingComment.key == comment.key) == 1, "hidden, never deleted"


def _an_open_evaluation() -> Any:
    """An evaluation that is open today, of a service with published ratings; its days that count are over."""
    with builders.at(clock.now() - timedelta(days=40)):
        plan = evaluations.a_plan(closes_on=clock.today() + timedelta(days=45))
    return evaluations.rated(plan)


@on(("postgresql", "en"))
def test_an_evaluator_gives_points_an_official_decides_and_the_payment_follows(  # A64, B34, B35, B36
    house: House, village: Any, walker: Walking, language: str
) -> None:
    plan = _an_open_evaluation()
    numbers = [(one.number, one.points) for one in indicators_of(plan)]
    county = db.session.get_one(Region, plan.region_id)
    here = f"/{county.code}/evaluations/{plan.id}/"
    expert = walker(language, "evaluator", db.session.get_one(Person, plan.evaluator_id))
    official = walker(language, "official", builders.an_official(county))

    expert.goes("/evaluating/")
    expert.picture("asked-to-evaluate")
    expert.tap(f"main a[href='{here}']")
    expert.tap("main a[href$='score']")
    expert.is_at(f"{here}score")
    for form, one in (("score", expert), ("purchaser", official)):
        one.goes(f"{here}{form}")
        points = {f"points{number}": str(most) for number, most in numbers}
        fills(one, **(points | {"points1": "1000"}))
        sends(one, "points_form")
        refused(one, "points1")
        kept(one, **(points | {"points1": "1000"}))
        fills(one, points1=points["points1"])
        one.picture("points")
        sends(one, "points_form", here)
    official.tap("form[action$='decide'] button")
    official.sees("section[aria-labelledby=result]", 1)
    pictured_on_both(official, "decided")
    assert count(EvaluationResult, EvaluationResult.plan_id == plan.id) == 1

    everyone = walker(language, "payment")
    everyone.goes(here)
    everyone.tap(f"section[aria-labelledby=consequences] a[href*='/evaluations/contract/{plan.contract_id}/']")
    everyone.sees("main .lead", words="%")
    everyone.picture("payment")
    contract = db.session.get_one(Contract, plan.contract_id)
    official.goes(f"/{county.code}/contracts/{contract.id}/pay/2")
    official.sees("main", words="%")
    official.picture("pays")


@each_language
def test_everyone_reads_figures_stars_cases_and_promises(  # A61, A67, A68, A69
    house: House, village: Any, walker: Walking, language: str
) -> None:
    provider = builders.a_provider(village)
    stars.rated(provider, ((clock.today() - timedelta(days=120)).isoformat(), stars.SO_SO))
    award_stars()
    case = cases.a_batch_case(village, provider)
    promise = a_promise(village)
    page = f"/{village.code}/providers/{provider.id}/"
    she = walker(language, "reads")
    she.goes(f"/{village.code}/")
    she.tap("main a[href='providers/'] >> nth=0")
    she.tap(f"main a[href='{provider.id}/']")
    she.sees("section[aria-labelledby=score] .big-number", 1)
    she.picture("figures")
    she.tap("main a[href='figures?by=month']")
    she.picture("by-month")
    for there, step in (("stars/", "stars"), ("held/", "held"), ("words/", "words")):
        she.goes(page)
        she.tap(f"main a[href='{there}'] >> nth=0")
        she.sees("h1", 1)
        she.picture(step)
    she.goes(page)
    she.tap("main a[href$='/bad-ratings/']")
    she.sees("main ol.cards > li", words=str(case.id))
    she.picture("cases")
    she.goes(f"/{village.code}/promises/")
    she.picture("promises")
    she.tap(f"main a[href$='/promises/{promise.id}/']")
    she.sees("#promise", 1)
    she.picture("promise")
