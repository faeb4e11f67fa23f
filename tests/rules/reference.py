"""Slow counts, obviously right: one voter after the other, in fractions. They share no code with the engine.

An election here is (kind, budget, costs by id in listed order, ballots one a voter, lot by id, ids that are out).
"""

from fractions import Fraction

LISTS = ("approval", "choose-k", "choose-1", "knapsack")


def scores(kind, costs, ballots):
    found = dict.fromkeys(costs, 0)
    for ballot in ballots:
        for place, one in enumerate(ballot):
            if kind == "cumulative":
                found[one[0]] += one[1]
            else:
                found[one] += len(ballot) - place if kind == "ordinal" else 1
    return found


def greedy(kind, budget, costs, ballots, lot, *, rule="greedy", threshold=0, conflicts=(), out=()):
    score = scores(kind, costs, ballots)
    left, won = Fraction(budget), []
    for key in sorted(costs, key=lambda one: (-score[one], lot[one])):
        if key in out or score[key] == 0 or score[key] < threshold:
            continue
        if any(key in clash and set(won) & set(clash) for clash in conflicts):
            continue
        if costs[key] <= left:
            won.append(key)
            left -= costs[key]
        elif rule == "greedy-no-skip":
            break
        elif rule == "greedy-custom":
            if left >= Fraction(80, 100) * costs[key]:
                won.append(key)
            break
    return won


def utility(kind, costs, ballot, key):
    if kind in LISTS:
        return costs[key] or 1 if key in ballot else 0
    if kind == "cumulative":
        return dict(ballot).get(key, 0)
    return len(ballot) - ballot.index(key) - 1 if key in ballot else 0


def equal_shares(kind, share, costs, ballots, lot, *, out=()):
    score = scores(kind, costs, ballots)
    money = [Fraction(share)] * len(ballots)
    value = {key: [utility(kind, costs, ballot, key) for ballot in ballots] for key in costs}
    won = []
    while True:
        offers = []
        for key, cost in costs.items():
            price = None if key in won or key in out else rate(cost, value[key], money)
            if price is not None:
                offers.append((price, cost, -score[key], lot[key], key))
        if not offers:
            return won
        price, *_, key = min(offers)
        won.append(key)
        money = [have - min(have, price * worth) for have, worth in zip(money, value[key], strict=True)]


def rate(cost, values, money):
    """The price of one unit of satisfaction at which the supporters pay exactly the cost; None if they cannot."""
    payers = [(have, worth) for have, worth in zip(money, values, strict=True) if worth]
    if not payers or sum(have for have, _ in payers) < cost:
        return None
    if cost == 0:
        return Fraction(0)
    for broke in sorted(Fraction(have, worth) for have, worth in payers):
        poor = [(have, worth) for have, worth in payers if Fraction(have, worth) < broke]
        rich = [(have, worth) for have, worth in payers if Fraction(have, worth) >= broke]
        price = (cost - sum(have for have, _ in poor)) / Fraction(sum(worth for _, worth in rich))
        if price <= broke:
            return price
    raise AssertionError("those who can pay do pay")


def add1(kind, budget, costs, ballots, lot, *, increment=1, stop_exhaustive=False):
    share = budget // (len(ballots) * increment) * increment
    won = equal_shares(kind, share, costs, ballots, lot)
    wanted = [key for key in costs if any(utility(kind, costs, ballot, key) for ballot in ballots)]
    while True:
        if all(key in won for key in wanted if costs[key] <= budget):
            return won
        left = budget - sum(costs[key] for key in won)
        if stop_exhaustive and not any(costs[key] <= left for key in wanted if key not in won):
            return won
        share += increment
        richer = equal_shares(kind, share, costs, ballots, lot)
        if sum(costs[key] for key in richer) > budget:
            return won
        won = richer
