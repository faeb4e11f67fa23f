"""What each voter has left, exactly. Slow, so it is asked only where quick bounds do not decide."""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from portal.rules.backing import Backing, Electorate

EMPTY, FULL = 0, 1


@dataclass
class Purses:
    """The money of voters who begin with `share` each. Those with one history of payments share a purse."""

    electorate: Electorate
    share: Fraction
    prices: list[Fraction] = field(default_factory=list)
    """The price of a unit, purchase by purchase."""

    def __post_init__(self) -> None:
        self._purse_of = [FULL if self.share else EMPTY] * len(self.electorate.election.ballots)
        self._money = [Fraction(0), self.share]

    def price(self, cost: int, backing: Backing) -> Fraction | None:
        """The price of a unit at which supporters, each up to what she has, pay `cost`; None if they cannot."""
        return _price(cost, self._held(backing))

    def held(self, backing: Backing) -> Fraction:
        """All that supporters have."""
        return sum((money * count for money, _, _, count in self._held(backing)), Fraction(0))

    def buy(self, cost: int, backing: Backing) -> None:
        """Take the price of a project from its supporters."""
        held = self._held(backing)
        price = _price(cost, held)
        assert price is not None
        moves: dict[int, dict[int, int]] = {units: {EMPTY: EMPTY} for units, _, _ in backing}
        for money, units, purse, _ in held:
            if money > price * units:
                moves[units][purse] = len(self._money)
                self._money.append(money - price * units)
            else:
                moves[units][purse] = EMPTY
        self.prices.append(price)
        for units, _, groups in backing:
            move = moves[units]
            for group in groups:
                self._purse_of[group] = move[self._purse_of[group]]

    def _held(self, backing: Backing) -> list[tuple[Fraction, int, int, int]]:
        """(money, units, purse, voters), of all supporters with money."""
        found: Counter[tuple[int, int]] = Counter()
        for units, times, groups in backing:
            for purse, count in Counter(map(self._purse_of.__getitem__, groups)).items():
                found[units, purse] += count * times
        return [
            (self._money[purse], units, purse, count) for (units, purse), count in found.items() if self._money[purse]
        ]


def _price(cost: int, held: list[tuple[Fraction, int, int, int]]) -> Fraction | None:
    missing, weight = Fraction(cost), sum(units * count for _, units, _, count in held)
    for most, money, units, count in sorted((money / units, money, units, count) for money, units, _, count in held):
        if most * weight >= missing:
            return missing / weight
        missing -= money * count
        weight -= units * count
    return None if missing > 0 else Fraction(0)
