"""The scores of a purchase as a table: with it anyone can do the sums again."""

from collections.abc import Iterator
from string import ascii_uppercase

from portal.purchases.forms import FACTORS
from portal.purchases.results import Result
from portal.rules import N_
from portal.rules.projects import yuan_of
from portal.rules.selection import Basis, shown
from portal.web.words import gettext

BASES = {
    Basis.PRICE.value: N_("lowest price ÷ price × points"),
    Basis.JUDGES.value: N_("mean of the judges"),
    Basis.SATISFACTION.value: N_("published satisfaction ÷ 100 × points"),
}


def letters(count: int) -> list[str]:
    """A, B, … Z, A2, B2, …"""
    return [f"{ascii_uppercase[n % 26]}{n // 26 + 1 if n >= 26 else ''}" for n in range(count)]


def head_of(result: Result) -> list[str]:
    judges = [
        gettext(N_("Judge %(letter)s: %(name)s"), letter=letter, name=judge.name)
        for letter, judge in zip(letters(len(result.judges)), result.judges, strict=True)
    ]
    titles = (
        *(N_("Rank"), N_("Provider"), N_("Unified social credit code"), N_("Price in yuan"), N_("What is scored")),
        *(
            N_("Name of the factor"),
            N_("Full points"),
            N_("How"),
            N_("Satisfaction taken, of 100"),
            N_("Ratings behind it"),
        ),
    )
    after = (N_("Points"), N_("Points, exactly"), N_("Lot"))
    return [*map(gettext, titles), *judges, *map(gettext, after)]


def rows_of(result: Result) -> Iterator[list[object]]:
    """A row for each bid and factor, and one for each bid's total."""
    for one in result.ranking:
        offered = result.bids[one.key]
        who = [one.place, offered.provider.name, offered.provider.usc_code, yuan_of(offered.bid.price_fen)]
        for factor in result.factors:
            given = [shown_score(score.points) for score in result.scores.get((one.key, factor.id), [])]
            standing = offered.bid.standing if factor.basis == Basis.SATISFACTION else None
            standing = standing if standing and "score" in standing else None
            yield [
                *who,
                gettext(FACTORS[factor.factor]),
                factor.title,
                factor.points,
                gettext(BASES[Basis.JUDGES if given else Basis(factor.basis)]),
                f"{standing['score'] // 10}.{standing['score'] % 10}" if standing else "",
                standing["ratings"] if standing else "",
                *(given or [""] * len(result.judges)),
                shown(one.points[factor.id]),
                str(one.points[factor.id]),
                "",
            ]
        blanks = [""] * (5 + len(result.judges))
        yield [*who, gettext(N_("Total")), *blanks, shown(one.total), str(one.total), result.lots[one.key]]


def shown_score(hundredths: int) -> str:
    """What a judge gave, as it is written."""
    return f"{hundredths // 100}.{hundredths % 100:02}"
