"""A purchase in the Open Contracting Data Standard 1.1. Source: B31."""

from datetime import datetime
from typing import Any

from portal.disclosure.thread import needs_behind, strand_of
from portal.purchases.queries import Case, opened_bids
from portal.rules.purchases import PurchaseState

PREFIX = "ocds-portal"
"""Not registered: a site that publishes for others asks for a prefix of its own."""
METHODS = {
    "open_tender": "open",
    "competitive_negotiation": "selective",
    "competitive_consultation": "selective",
    "single_source": "direct",
}
STATUS = {
    PurchaseState.AWARDED.value: "complete",
    PurchaseState.FAILED.value: "unsuccessful",
    PurchaseState.CANCELLED.value: "cancelled",
}


def package_of(case: Case) -> dict[str, Any]:
    """A release package with one release: what is public of the purchase now."""
    purchase = case.purchase
    release = _release(case)
    return {
        "version": "1.1",
        "uri": f"/{case.buyer.code}/disclosure/{purchase.id}/ocds.json",
        "publishedDate": release["date"],
        "publisher": {"name": purchase.purchaser},
        "releases": [release],
    }


def _release(case: Case) -> dict[str, Any]:
    purchase, strand = case.purchase, strand_of(case.project, case.place)
    won = [one for one in opened_bids(purchase) if one.bid.won and purchase.noticed_at]
    buyer = {"id": f"CN-{case.buyer.code}", "name": purchase.purchaser}
    latest = purchase.noticed_at or purchase.published_at
    release: dict[str, Any] = {
        "ocid": f"{PREFIX}-{purchase.id}",
        "id": f"{purchase.id}-{_time(latest)}",
        "date": _time(latest),
        "language": "zh",
        "tag": ["tender", *(["award"] if won else []), *(["contract"] if strand.contracts else [])],
        "initiationType": "tender",
        "buyer": buyer,
        "parties": [
            {**buyer, "roles": ["buyer"]},
            *({**_provider(one.provider), "roles": ["supplier"]} for one in won),
        ],
        "planning": {
            "rationale": "；".join(need.title for need, _ in needs_behind(case.project)),
            "budget": {"amount": _yuan(purchase.budget_fen), "project": case.project.title},
        },
        "tender": {
            "id": f"purchase-{purchase.id}",
            "title": case.project.title,
            "description": case.project.story,
            "status": STATUS.get(purchase.state, "active"),
            "procurementMethod": METHODS.get(purchase.method, "limited"),
            "procurementMethodDetails": purchase.method,
            "procurementMethodRationale": purchase.ground,
            "value": _yuan(purchase.budget_fen),
            "tenderPeriod": {"startDate": _time(purchase.published_at), "endDate": _time(purchase.bids_due_at)},
        },
        "awards": [
            {
                "id": f"award-{one.bid.id}",
                "status": "active",
                "date": _time(purchase.decided_at),
                "value": _yuan(one.bid.price_fen),
                "suppliers": [_provider(one.provider)],
            }
            for one in won
        ],
        "contracts": [
            {
                "id": f"contract-{contract.id}",
                "awardID": f"award-{won[0].bid.id}" if won else "",
                "title": contract.title,
                "status": {"ended": "terminated", "terminated": "terminated"}.get(contract.state, "active"),
                "value": _yuan(contract.price_fen),
                "period": {"startDate": f"{contract.starts_on}T00:00:00Z", "endDate": f"{contract.ends_on}T00:00:00Z"},
                "dateSigned": f"{contract.signed_on}T00:00:00Z",
            }
            for contract, _, _ in strand.contracts
            if contract.purchase_id == purchase.id
        ],
    }
    return release


def _provider(provider: Any) -> dict[str, Any]:
    return {"id": f"CN-USCC-{provider.usc_code}", "name": provider.name}


def _yuan(fen: int) -> dict[str, Any]:
    """An amount as JSON has it: exact to the fen, for amounts up to 90 billion yuan."""
    return {"amount": fen // 100 if fen % 100 == 0 else fen / 100, "currency": "CNY"}


def _time(when: datetime | None) -> str | None:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ") if when else None
