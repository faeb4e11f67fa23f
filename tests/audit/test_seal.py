"""The log shows if it was changed."""

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from portal.audit.actions import first_broken_seal, seal
from portal.audit.models import AuditEntry, AuditSeal
from portal.store import action, db
from tests import builders


@pytest.fixture
def sealed(app: Flask) -> int:
    village = builders.a_region_tree().villages[0]
    for _ in range(3):
        builders.a_need(village)
    return seal()


def test_every_deed_is_sealed_once(sealed: int) -> None:  # B32
    assert sealed >= 3
    assert seal() == 0
    assert first_broken_seal() is None


@pytest.mark.parametrize(
    "change", [{"deed": "need:decide"}, {"actor_id": None}, {"detail": {"x": 1}}, {"subject": "need:99"}], ids=str
)
def test_a_changed_entry_is_found(sealed: int, change: dict[str, object]) -> None:  # B32
    @action
    def tamper() -> None:
        entry = db.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id).offset(1)).first()
        db.session.execute(update(AuditEntry).where(AuditEntry.id == entry).values(**change))

    tamper()
    assert first_broken_seal() == 2


def test_a_removed_seal_is_found(sealed: int) -> None:
    @action
    def tamper() -> None:
        db.session.execute(delete(AuditSeal).where(AuditSeal.number == 2))

    tamper()
    assert first_broken_seal() == 2


def test_a_deed_that_was_undone_leaves_no_entry(app: Flask) -> None:
    village = builders.a_region_tree().villages[0]
    before = len(db.session.scalars(select(AuditEntry)).all())

    @action
    def undone() -> None:
        builders.a_need(village)
        raise RuntimeError("undone")

    with pytest.raises(RuntimeError):
        undone()
    assert len(db.session.scalars(select(AuditEntry)).all()) == before


def test_new_entries_are_chained_to_old_ones(sealed: int) -> None:
    builders.a_need(builders.a_region_tree().villages[0])
    assert seal() > 0
    assert first_broken_seal() is None
