from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base

KEYED: dict[str, Any] = {"sqlite_with_rowid": False}
"""SQLite would number the rows of a table in the order in which they came."""


class Round(Base):
    """A vote: everything that decides is here, is shown before it opens, and is frozen then. Source: A26, B26."""

    __table_args__ = (CheckConstraint("opens_at < closes_at", name="times"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    """Its name in open data."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    """Whose roll may vote, with the rolls of all communities below."""
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    """Where it is about the designs of one project."""
    question: Mapped[str] = mapped_column(String(120))
    translations: Mapped[dict[str, Any] | None]
    budget_fen: Mapped[int] = mapped_column(BigInteger)
    ballot: Mapped[str] = mapped_column(String(12))
    """rules.elections.BallotKind."""
    most: Mapped[int | None]
    """k of choose-k, points of cumulative, longest ranking of ordinal."""
    method: Mapped[dict[str, Any]]
    """rules.counting.Method: which decides."""
    beside: Mapped[dict[str, Any] | None]
    """The method that is shown beside it, and decides nothing."""
    conflicts: Mapped[list[Any]]
    """Sets of option numbers of which at most one wins."""
    basis: Mapped[str] = mapped_column(String(12))
    """`persons` or `households` (rules.decisions.Basis)."""
    body: Mapped[str] = mapped_column(String(24))
    """rules.decisions.Body; `opinion`: an opinion vote."""
    quorum: Mapped[str | None] = mapped_column(String(12))
    """An exact share such as ">1/2" or ">=2/3" (rules.decisions.Share)."""
    majority: Mapped[str | None] = mapped_column(String(12))
    legal_basis: Mapped[str] = mapped_column(String(200), default="")
    publish: Mapped[str] = mapped_column(String(12))
    """`ballots`, `marks` or `aggregate` (rules.opencount)."""
    announced_at: Mapped[datetime]
    announced_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    seed: Mapped[str] = mapped_column(String(64))
    """Draws the lots; secret until the closing."""
    seed_hash: Mapped[str] = mapped_column(String(64))
    salt: Mapped[str | None] = mapped_column(String(64))
    """With the site's secret it gives the key that leads from a voter to her ballot; destroyed at the sealing."""
    frozen_at: Mapped[datetime | None]
    eligible: Mapped[int | None]
    """應到: entries of the roll when it was frozen."""
    told_at: Mapped[datetime | None]
    """When voters were last told that they are marked as having voted."""
    sealed_at: Mapped[datetime | None]
    cleaned: Mapped[bool] = mapped_column(default=False)
    """Whether the database's files hold nothing any more of what was deleted at the sealing."""
    voters: Mapped[int | None]
    """實到: written once, at the sealing."""
    published: Mapped[str | None] = mapped_column(String(12))
    """The form in which the ballots were published, as rules.opencount.form_at_closing says."""
    outcome: Mapped[dict[str, Any] | None]
    """What `method` came to, with its reasons (rules.counting.Outcome); None in votes older than the log."""
    beside_outcome: Mapped[dict[str, Any] | None]


class RoundOption(Base):
    """What can be chosen: a project, a design of one, or something that is asked for (`funds`), as it was when it was
    announced.
    """

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, … as listed; its key in open data."""
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    design_id: Mapped[int | None] = mapped_column(ForeignKey("design_option.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    story: Mapped[str] = mapped_column(Text, default="")
    """What it is, where it is no project. Source: A60."""
    translations: Mapped[dict[str, Any] | None]
    cost_fen: Mapped[int] = mapped_column(BigInteger)


class OptionCount(Base):
    """The votes, or points, of an option; written once, at the sealing."""

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    votes: Mapped[int] = mapped_column(BigInteger)


class PlaceCount(Base):
    """How many ballots of one community name an option; cells that could tell who chose what are not kept at all."""

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """An option, or 0 for all ballots of the community."""
    votes: Mapped[int | None] = mapped_column(BigInteger)
    """None: hidden."""


class LedgerEntry(Base):
    """One who may vote in a round, and whether she did: neither when nor what. Source: trust 3.2."""

    __table_args__ = (KEYED,)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """A number on the roll: hers, or that of the head of her household."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    salt: Mapped[str] = mapped_column(String(32))
    line: Mapped[str] = mapped_column(String(64))
    """What open data says instead of the number (rules.opencount.roll_line)."""
    voted: Mapped[bool] = mapped_column(default=False)
    road: Mapped[str | None] = mapped_column(String(8))
    """`phone`, `slip`, `paper` or `helper` (rules.ballots.Road)."""
    by_number: Mapped[int | None]
    """Who of the household voted."""
    told: Mapped[bool] = mapped_column(default=False)


class LedgerMember(Base):
    """Who comes with a line of a round, as it was when its roll was frozen: whatever is done to the rolls afterwards,
    the database lets nobody be added, changed or taken out here.
    """

    __table_args__ = (
        Index("ix_ledger_member_person", "person_id", "round_id"),
        Index("ix_ledger_member_phone", "round_id", "phone_hash"),
        KEYED,
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("roll_entry.id"), primary_key=True)
    number: Mapped[int]
    """The line: her own number, or that of the head of her household."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    phone_hash: Mapped[str | None] = mapped_column(String(64))
    """By which she is known, where she had no account yet and nobody else of them had this telephone number."""


class Ballot(Base):
    """A ballot while its round is open: no person, no time. It is gone once the round is sealed. Source: trust 3.3."""

    __table_args__ = (
        UniqueConstraint("round_id", "code"),
        Index("ix_ballot_choices", "round_id", "void", "region_id", "choices"),
        KEYED,
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    handle: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Keyed hash of the voter's number: who has only the database cannot compute it."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    code: Mapped[str] = mapped_column(String(16))
    secret: Mapped[str] = mapped_column(String(64))
    marks: Mapped[dict[str, Any]]
    """Option number → [value, turn of the ballot in which it was set]."""
    turn: Mapped[int] = mapped_column(default=0)
    choices: Mapped[str] = mapped_column(Text, default="")
    """`marks` as open data writes them (rules.elections.text_of)."""
    logged: Mapped[bool] = mapped_column(default=False)
    """Whether the log holds it as it is."""
    void: Mapped[bool] = mapped_column(default=False)
    """Taken back whole by its voter: counts no more, and goes once the log says so."""
    leaves: Mapped[dict[str, Any]]
    """Commitment → number of its live leaf in the log."""
    trail: Mapped[list[Any]] = mapped_column(default=list)
    """Code, choices and secret of what was acknowledged and changed before it was logged; logged at the closing."""


class BallotRecord(Base):
    """What is published of a ballot once its round is sealed."""

    __table_args__ = (KEYED,)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    choices: Mapped[str] = mapped_column(Text)
    nonce: Mapped[str] = mapped_column(String(64))


class LogLeaf(Base):
    """A line of a round's public log; nothing is ever changed or taken out. Source: trust 3.5 (RFC 6962)."""

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)


class TreeHead(Base):
    """A signed head of a round's log."""

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    """Whole seconds, each head later than the one before."""
    signature: Mapped[str] = mapped_column(String(128))
    peaks: Mapped[list[str]]
    """What the tree needs to grow on from here (rules.merkle.Tree)."""
