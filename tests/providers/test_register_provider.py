"""A committee registers who may serve."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.providers.actions import register_provider
from portal.providers.models import Provider, ProviderArea
from portal.rules import Refused
from portal.rules.providers import ProviderDraft
from portal.store import db
from tests import builders
from tests.counting import count


def draft(**given: str) -> ProviderDraft:
    values = {"name": "晨光社工中心", "kind": "social_organisation", "usc_code": builders.a_usc_code()} | given
    return ProviderDraft(**values)


def test_a_registered_provider_serves_the_place(app: Any) -> None:  # B15
    tree = builders.a_region_tree()
    committee = builders.actor(builders.a_committee(tree.township))
    provider = register_provider(committee, tree.township, draft())
    assert (provider.kind, provider.region_id) == ("social_organisation", tree.township.id)
    assert db.session.get(ProviderArea, (provider.id, tree.township.id))
    assert db.session.scalars(select(AuditEntry.deed).order_by(AuditEntry.id)).all()[-1] == "provider:register"


def test_registered_twice_it_is_one_provider_with_two_places(app: Any) -> None:
    tree = builders.a_region_tree()
    committee = builders.actor(builders.a_committee(tree.township))
    one = draft()
    first = register_provider(committee, tree.villages[0], one)
    again = register_provider(committee, tree.villages[1], one)
    register_provider(committee, tree.villages[1], one)
    assert first.id == again.id
    assert (count(Provider), count(ProviderArea)) == (1, 2)


def test_a_code_with_a_slip_is_refused_and_nothing_kept(app: Any) -> None:  # B15
    tree = builders.a_region_tree()
    committee = builders.actor(builders.a_committee(tree.township))
    good = builders.a_usc_code()
    with pytest.raises(Refused):
        register_provider(committee, tree.township, draft(usc_code=good[:-1] + ("0" if good[-1] != "0" else "1")))
    assert count(Provider) == 0


def test_a_slip_is_shown_beside_the_code_and_what_was_typed_stays(client: Any) -> None:
    tree = builders.a_region_tree()
    builders.signed_in(client, builders.a_committee(tree.township))
    typed = {"name": "晨光社工中心", "kind": "social_organisation", "usc_code": "52990121MJ0000001A"}
    answer = client.post(f"/{tree.township.code}/providers/register", data=typed)
    assert answer.status_code == 422
    assert "52990121MJ0000001A" in answer.text
    assert 'id="usc_code-error"' in answer.text


def test_the_form_registers_and_shows_the_page(client: Any) -> None:
    tree = builders.a_region_tree()
    builders.signed_in(client, builders.a_committee(tree.township))
    assert client.get(f"/{tree.township.code}/providers/register").status_code == 200
    code = builders.a_usc_code()
    typed = {"name": "晨光社工中心", "kind": "social_organisation", "usc_code": f"{code[:9].lower()} {code[9:]}"}
    answer = client.post(f"/{tree.township.code}/providers/register", data=typed)
    assert answer.status_code == 303
    assert code in client.get(answer.location).text


def test_a_resident_registers_nobody(client: Any) -> None:
    tree = builders.a_region_tree()
    builders.signed_in(client, builders.a_resident(tree.villages[0]))
    assert client.get(f"/{tree.villages[0].code}/providers/register").status_code == 403
