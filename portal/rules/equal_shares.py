"""The Method of Equal Shares: everyone holds the same share, and supporters together buy what they want.

Money is kept in whole, tiny units with a bound of what is not known of it; where the bounds do not decide, `Purses` say
exactly how it is. There is no float.
"""

from array import array
from collections.abc import MutableSequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import ceil

from portal.rules.backing import Electorate
from portal.rules.elections import Project
from portal.rules.purses import Purses

FINE = 60
"""A share is this many bits of tiny units."""
EMPTY = -1
"""Surely nothing left."""
CHUNK = 4096
"""So many groups are looked at together: few enough for the processor's own memory."""


@dataclass(frozen=True)
class _Offer:
    """The price of one unit of a project: between `low` and `high` tiny units of money; `exact` in whole ones."""

    low: int
    high: int
    exact: Fraction | None = None


@dataclass
class Market:
    """One count in which every voter holds `share` at first; `bought` are the winners in their order."""

    electorate: Electorate
    share: Fraction
    bought: list[Project] = field(default_factory=list)
    ties: list[tuple[str, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        election, scores, lots = self.electorate.election, self.electorate.scores, self.electorate.election.lots()
        self._projects = sorted(self.electorate.wanted, key=lambda one: (one.cost, -scores[one.id], lots[one.id]))
        """By the order in which equal prices are settled."""
        self._bits = max(0, FINE - int(self.share).bit_length())
        full = self._tiny(self.share)
        self._money: MutableSequence[int] = (array("q", [full]) if full < 1 << 62 else [full]) * len(election.ballots)
        """The least that one voter of each group has; she has at most `_slack` more."""
        self._slack = int(self._tiny(self.share) != self.share * (1 << self._bits))
        self._backing = {key: list(kinds) for key, kinds in self.electorate.backing.items()}
        self._fine = 2 * max((one.cost for one in self._projects), default=0).bit_length() + FINE
        self._low = [self._tiny(Fraction(one.cost, self.electorate.weight(one))) for one in self._projects]
        """The least that a unit of each project costs, in tiny units of money; it never falls."""
        self._tried = [low + 1 for low in self._low]
        """The price that is tried next: not much above the right one."""
        self._paid: list[_Offer] = []
        self._exactly: Purses | None = None
        self._buy_all()

    @property
    def total(self) -> int:
        return sum(one.cost for one in self.bought)

    def addable(self, budget: int) -> list[Project]:
        """What the rest of the budget would still pay, of what somebody wants: highest score first, then the lot."""
        scores, lots = self.electorate.scores, self.electorate.election.lots()
        bought = set(self.bought)
        rest = [one for one in self._projects if one not in bought and one.cost <= budget - self.total]
        return sorted(rest, key=lambda one: (-scores[one.id], lots[one.id]))

    def added(self, budget: int) -> list[Project]:
        """Those of `addable` that fit together, taken in that order."""
        left, found = budget - self.total, []
        for one in self.addable(budget):
            if one.cost <= left:
                found.append(one)
                left -= one.cost
        return found

    def prices(self) -> list[int]:
        """What a unit of each of `bought` cost, rounded up: of an approved project, nobody paid more."""
        return [
            low if low == high else ceil(self._purses().prices[place])
            for place, offer in enumerate(self._paid)
            for low, high in [(-(-offer.low >> self._bits), -(-offer.high >> self._bits))]
        ]

    def held(self, project: Project) -> int:
        """What the supporters of a project have left together, rounded down."""
        low = high = 0
        for _, times, groups in self.electorate.backing[project.id]:
            left = [money for group in groups if (money := self._money[group]) != EMPTY]
            low += times * sum(left)
            high += times * (sum(left) + self._slack * len(left))
        if low >> self._bits == high >> self._bits:
            return low >> self._bits
        return int(self._purses().held(self.electorate.backing[project.id]))

    def _tiny(self, money: Fraction) -> int:
        return (money.numerator << self._bits) // money.denominator

    def _rank(self, place: int, price: int) -> int:
        """Price per satisfaction, rounded down in so small a unit that little is lost."""
        return (price << self._fine) // self.electorate.satisfaction(self._projects[place])

    def _purses(self) -> Purses:
        """What everyone has now, exactly."""
        if self._exactly is None:
            self._exactly = Purses(self.electorate, self.share)
        for one in self.bought[len(self._exactly.prices) :]:
            self._exactly.buy(one.cost, self.electorate.backing[one.id])
        return self._exactly

    def _buy_all(self) -> None:
        waiting = [(self._rank(place, low), place) for place, low in enumerate(self._low)]
        heapify(waiting)
        while waiting:
            offers: dict[int, _Offer] = {}
            best: int | None = None
            while waiting and (best is None or waiting[0][0] <= best):
                place = heappop(waiting)[1]
                offer = self._ask(place)
                if isinstance(offer, _Offer):
                    offers[place] = offer
                    worst = self._rank(place, offer.high) + 1
                    best = worst if best is None else min(best, worst)
                elif offer:
                    heappush(waiting, (self._rank(place, self._low[place]), place))
            if best is None:
                return
            place = self._cheapest(offers, best)
            self._buy(place, offers.pop(place))
            for other in offers:
                heappush(waiting, (self._rank(other, self._low[other]), other))

    def _ask(self, place: int) -> _Offer | bool:
        """The offer of a project; or True, its least price has risen; or False, its supporters can never pay it.

        Where the price that is tried brings too little, the next one is what would do if nobody more ran out of money.
        """
        price, cost = self._tried[place], self._projects[place].cost << self._bits
        paid, weight, spent = self._at(place, price)
        if weight and paid + weight * price >= cost:
            return _Offer(self._low[place], price)
        unknown = self._slack * spent
        if not weight:
            return paid + unknown >= cost and (self._exact_offer(place) or False)
        self._low[place] = max(self._low[place], (cost - paid - unknown) // weight)
        self._tried[place] = -((paid - cost) // weight)
        return True

    def _at(self, place: int, price: int) -> tuple[int, int, int]:
        """At this price of a unit: what those pay who give all, the units of the others, and how many give all.

        Forgets supporters who have nothing, where they are many.
        """
        purse, backing = self._money, self._backing[self._projects[place].id]
        paid = weight = spent = 0
        for kind, (units, times, groups) in enumerate(backing):
            top, gone = units * price, 0
            for begin in range(0, len(groups), CHUNK):
                part = groups[begin : begin + CHUNK]
                poor = [money for group in part if (money := purse[group]) < top]
                empty = poor.count(EMPTY)
                paid += times * (sum(poor) + empty)
                spent += times * (len(poor) - empty)
                weight += units * times * (len(part) - len(poor))
                gone += empty
            if 4 * gone > len(groups):
                backing[kind] = (units, times, array("I", [group for group in groups if purse[group] != EMPTY]))
        return paid, weight, spent

    def _exact_offer(self, place: int) -> _Offer | None:
        project = self._projects[place]
        price = self._purses().price(project.cost, self._backing[project.id])
        return None if price is None else _Offer(self._tiny(price), self._tiny(price) + 1, price)

    def _cheapest(self, offers: dict[int, _Offer], best: int) -> int:
        """The lowest price per satisfaction, then the lowest cost, then the highest score, then the lot."""
        near = [place for place, offer in offers.items() if self._rank(place, offer.low) <= best]
        if len(near) == 1:
            return near[0]
        exact: dict[int, Fraction] = {}
        for place in near:
            offer = offers[place] if offers[place].exact is not None else self._exact_offer(place)
            assert offer is not None
            offers[place] = offer
            exact[place] = (offer.exact or Fraction(0)) / self.electorate.satisfaction(self._projects[place])
        lowest = min(exact.values())
        equal = sorted(place for place in near if exact[place] == lowest)
        tied = [place for place in equal if self._weighs(place) == self._weighs(equal[0])]
        if len(tied) > 1:
            self.ties.append(tuple(self._projects[place].id for place in tied))
        return equal[0]

    def _weighs(self, place: int) -> tuple[int, int]:
        one = self._projects[place]
        return one.cost, self.electorate.scores[one.id]

    def _buy(self, place: int, offer: _Offer) -> None:
        money, backing = self._money, self._backing[self._projects[place].id]
        for units, _, groups in backing:
            top, sure = units * offer.high, units * offer.low - self._slack
            for group in groups:
                had = money[group]
                if had >= top:
                    money[group] = had - top
                elif had != EMPTY:
                    money[group] = EMPTY if had <= sure else 0
        self._slack += max(units for units, _, _ in backing) * (offer.high - offer.low)
        self._paid.append(offer)
        self.bought.append(self._projects[place])


class TooLong(RuntimeError):
    """A completion would take more work than was allowed."""


def completed(electorate: Electorate, increment: int, *, stop_exhaustive: bool, patience: int | None = None) -> Market:
    """Add1: count with more and more money for each voter; the last outcome before the first that costs too much.

    Begins with the budget's equal share, rounded down to whole increments. Ends too where all that the budget could
    pay at all is bought, or, if told so, at the first outcome to which nothing can be added within the budget.
    Raises TooLong after so many times of counting that `patience` different ballots were looked at.
    Source: A26, domain/voting (completion).
    """
    budget, voters = electorate.election.budget, electorate.election.voters
    payable = {one.id for one in electorate.wanted if one.cost <= budget}
    share = budget // (voters * increment) * increment
    market, looked_at = Market(electorate, Fraction(share)), 0
    while not payable <= {one.id for one in market.bought}:
        if stop_exhaustive and not market.addable(budget):
            break
        looked_at += len(electorate.election.ballots)
        if patience is not None and looked_at > patience:
            raise TooLong
        share += increment
        richer = Market(electorate, Fraction(share))
        if richer.total > budget:
            break
        market = richer
    return market
