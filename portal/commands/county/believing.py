"""How what recipients think becomes figures, cases, public words and stars, week by week, each at its own time."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, insert, select, update

from portal.cases.opening import open_cases
from portal.commands.county import content
from portal.commands.county.people import COLLEAGUE, COMMITTEE, COUNTY, OFFICIAL
from portal.commands.county.repairing import repaired
from portal.commands.county.telling import Chapter, Teller
from portal.comments.answering import answer_words
from portal.comments.looking import look_at_releases
from portal.comments.models import CommentDecision
from portal.comments.moderating import CommentDraft, decide_comment
from portal.comments.publishing import publish_comments
from portal.comments.queries import Found, told_of
from portal.flags.queries import find_hold
from portal.flags.raising import raise_flags
from portal.flags.reviewing import review_hold
from portal.policies.queries import working_days_after
from portal.promises.asking import answer_promise, ask_of_projects, count_promises, declare_done
from portal.promises.models import Promise, PromiseAsk
from portal.providers.models import CreditEvent
from portal.ratings.contracted import terms_of
from portal.ratings.models import Rating, RatingComment, RatingDay, RatingHold, ServiceRecord, SpentTicket
from portal.ratings.releasing import release_ratings
from portal.regions.models import Region
from portal.rules.comments import CommentState
from portal.rules.numbers import Numbers
from portal.rules.permissions import Actor
from portal.rules.pleas import EventDraft, PleaKind
from portal.rules.promises import Subject
from portal.rules.services import contract_for
from portal.stars.awarding import award_stars
from portal.stars.pleading import send_plea
from portal.stars.recording import import_entries, record_event
from portal.store import db
from portal.store.clock import now, today

WEEK = timedelta(days=7)
SPENT = timedelta(days=Numbers.rating_invitation_days)
ANSWERS = ("yes", "yes", "partly", "yes", "no")


def weeks(teller: Teller) -> Chapter:
    """Every Monday: what can no longer be changed is settled, published, and looked at."""
    first = min(one["rated_on"] for one in teller.rated)
    days = teller.ago(first - timedelta(days=first.weekday()) + 2 * WEEK)
    while days > 0:
        yield days
        put_ratings(teller, today())
        _settle(teller)
        release_ratings()
        _cases(teller)
        _decide_words(teller, days)
        publish_comments()
        _answer_words(teller, days)
        look_at_releases()
        award_stars()
        _promises(teller)
        days -= 7


def put_ratings(teller: Teller, before: date) -> None:
    """The ratings of the days before one, each with the contract on which its service was given."""
    fresh = [one for one in teller.rated if one["rated_on"] < before]
    teller.rated = [one for one in teller.rated if one["rated_on"] >= before]
    paths = {region.id: region.path for region in teller.places.values()}
    terms = {number: _terms(teller, number) for number in {one["provider_id"] for one in fresh}}
    for one in fresh:
        number, served_on = one.pop("service_id"), one.pop("served_on")
        place = paths[one["region_id"]]
        one["contract_id"] = contract_for(terms[one["provider_id"]], one["category"], place, served_on)
        if one["contract_id"]:
            of_contract = update(ServiceRecord).where(ServiceRecord.id == number)
            db.session.execute(of_contract.values(contract_id=one["contract_id"]))
    if fresh:
        db.session.execute(insert(Rating), fresh)


def _terms(teller: Teller, provider_id: int) -> list[Any]:
    return terms_of(next(one for one in teller.providers.values() if one.id == provider_id))


def _settle(teller: Teller) -> None:
    """What was rated in the week before last goes on with its Monday instead of its day; its words wait beside it."""
    over = and_(Rating.settled.is_(False), Rating.rated_on < today() - WEEK)
    days = Counter[tuple[int, date]]()
    for one in db.session.scalars(select(Rating).where(over).order_by(Rating.key)).all():
        days[one.provider_id, one.rated_on] += 1
        if one.words:
            put_words(one.provider_id, one.region_id, one.category, one.rated_on, one.words, one.writer)
        if one.key in teller.links:
            db.session.add(SpentTicket(hash=one.key, until=today() + SPENT))
            one.key = _key(teller)
        one.settled, one.words, one.writer = True, "", ""
        one.rated_on -= timedelta(days=one.rated_on.weekday())
    db.session.add_all(
        RatingDay(provider_id=number, day=day, ratings=ratings) for (number, day), ratings in days.items()
    )
    db.session.flush()


def put_words(provider_id: int, region_id: int, category: str, rated_on: date, words: str, writer: str) -> None:
    """Words that wait until somebody decides, or until nobody has."""
    db.session.add(
        RatingComment(
            key=writer[:32],
            provider_id=provider_id,
            region_id=region_id,
            category=category,
            month=f"{rated_on:%Y-%m}",
            words=words,
            writer=writer,
            state=CommentState.WAITING.value,
            due_at=working_days_after(now(), 3),
        )
    )


def _cases(teller: Teller) -> None:
    """The cases of what was just published, each taken on by whom it concerns."""
    last = teller.made.get("last case", 0)
    open_cases()
    teller.made["last case"] = repaired(teller, last)


def _decide_words(teller: Teller, days: int) -> None:
    """Once: two people hide an insult and mask a name."""
    told = content.story()["believing"]["words"]
    waiting = db.session.scalars(
        select(RatingComment)
        .where(
            RatingComment.provider_id == teller.providers[told["of"]].id,
            RatingComment.state == CommentState.WAITING.value,
        )
        .order_by(RatingComment.key)
        .limit(2)
    ).all()
    if days > told["days"] or len(waiting) < 2 or db.session.scalar(select(CommentDecision.id).limit(1)):
        return
    named, rude = waiting
    named.words, rude.words = told["named"], told["rude"]
    db.session.flush()
    one, other = teller.actor(COMMITTEE["hepan"]), teller.actor(COLLEAGUE)
    for person in (one, other):
        decide_comment(person, _found(teller, named), CommentDraft("mask", names=(told["name"],), mask="staff"))
        decide_comment(person, _found(teller, rude), CommentDraft("hide", "abuse", told["why"]))


def _found(teller: Teller, comment: RatingComment) -> Found:
    provider = next(one for one in teller.providers.values() if one.id == comment.provider_id)
    return Found(told_of([comment])[0], provider, db.session.get_one(Region, comment.region_id))


def _answer_words(teller: Teller, days: int) -> None:
    """Once: a provider answers in public what was published of it that day."""
    told = content.story()["believing"]["answer"]
    provider = teller.providers[told["by"]]
    group = select(RatingComment.key).where(
        RatingComment.provider_id == provider.id, RatingComment.published_on == today()
    )
    if days <= told["days"] and "answer" not in teller.made and db.session.scalar(group.limit(1)):
        answer_words(teller.staff_of(told["by"]), provider, today(), told["words"])
        teller.made["answer"] = provider


def _promises(teller: Teller) -> None:
    """Who asked for what was accepted is asked; some answer in the same week, and at the end it is counted."""
    ask_of_projects()
    fresh = select(Promise).where(Promise.declared_on == today(), Promise.subject != Subject.NEED.value)
    _answered(db.session.scalars(fresh).all())
    count_promises()


def _answered(promises: Any) -> None:
    """Some of those who are asked say whether it is so."""
    for promise in promises:
        asked = select(PromiseAsk.person_id).where(PromiseAsk.promise_id == promise.id).order_by(PromiseAsk.person_id)
        for number, person in enumerate(db.session.scalars(asked.offset(1).limit(14)).all()):
            answer_promise(Actor(person), promise, ANSWERS[number % len(ANSWERS)])


def promised(teller: Teller) -> list[Chapter]:
    return [_declared(teller, given) for given in content.story()["believing"]["done"]]


def _declared(teller: Teller, given: dict[str, Any]) -> Chapter:
    """A committee says that a need is met, and those behind it say whether it is so."""
    yield given["days"]
    need, home = teller.need(given["need"]), teller.places[given["home"]]
    _answered([declare_done(teller.actor(COMMITTEE[given["home"]]), need, home, given["words"])])


def campaigns(teller: Teller) -> list[Chapter]:
    return [_campaign(teller, given) for given in content.story()["believing"]["campaign"]]


def _campaign(teller: Teller, given: dict[str, Any]) -> Chapter:
    """Many ratings from one telephone are held until two people have looked."""
    yield given["days"]
    provider, home = teller.providers[given["of"]], teller.places["hepan"]
    same = {"provider_id": provider.id, "region_id": home.id, "category": "0401"}
    served = same | {"served_on": today(), "recorded_at": now(), "recorded_by_id": teller.staff_of(given["of"]).id}
    rated = same | {"grade": 5, "reasons": [], "rated_on": today(), "device": f"county-{given['days']}"}
    db.session.execute(insert(ServiceRecord), [served] * given["ratings"])
    db.session.execute(insert(Rating), [rated | {"key": _key(teller)} for _ in range(given["ratings"])])
    raise_flags()
    hold = db.session.scalars(select(RatingHold).order_by(RatingHold.id.desc()).limit(1)).one()
    for days, by in given["by"].items():
        yield int(days)
        found = find_hold(hold.id, {"region": home})
        assert found is not None
        review_hold(teller.actor(by), found, "left_out", given["why"])


def _key(teller: Teller) -> str:
    return f"{teller.chance.getrandbits(256):064x}"


def standings(teller: Teller) -> list[Chapter]:
    """What outside bodies say of providers, and what offices wrote down."""
    told = content.story()["believing"]
    return [_assessed(teller, told["assessed"]), *(_noted(teller, given) for given in told["event"])]


def _assessed(teller: Teller, given: dict[str, Any]) -> Chapter:
    yield given["days"]
    lines = [
        f"{teller.providers[one['of']].usc_code},评估等级,{one['grade']},{teller.day(one['since'])},,{one['source']}"
        for one in given["line"]
    ]
    import_entries(teller.actor(OFFICIAL), teller.places[COUNTY], "\n".join(lines))


def _noted(teller: Teller, given: dict[str, Any]) -> Chapter:
    """An event with its evidence, and the appeal against it if there is one."""
    yield given["days"]
    provider, key = teller.providers[given["of"]], teller.key()
    draft = EventDraft(given["kind"], given["reason"], given["evidence"])
    record_event(teller.actor(given["by"]), teller.places[given["home"]], provider, draft, key)
    if "appeal" in given:
        yield given["appeal"]
        event = db.session.scalars(select(CreditEvent).where(CreditEvent.key == key)).one()
        staff = teller.staff_of(given["of"])
        send_plea(staff, event, PleaKind.APPEAL, given["words"], given["shown"], teller.key())


def put_rest(teller: Teller) -> None:
    """What was rated since the last Monday, and words that wait on the desk."""
    put_ratings(teller, date.max)
    told = content.story()["believing"]["words"]
    for words in told["waiting"]:
        provider, home = teller.providers[told["of"]], teller.places["hepan"]
        put_words(provider.id, home.id, "0401", teller.day(9), words, _key(teller))
