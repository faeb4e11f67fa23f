from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class EvaluationPlan(Base):
    """Who evaluates what of a contract, how and when; published before it starts and then frozen. Source: A64."""

    __table_args__ = (
        CheckConstraint("recipients_percent + third_percent + purchaser_percent = 100", name="weights"),
        CheckConstraint(
            "recipients_percent >= 50 AND recipients_percent > third_percent "
            "AND recipients_percent > purchaser_percent",
            name="recipients",
        ),
        CheckConstraint("effect_percent + management_percent + social_percent = 100", name="dimensions"),
        CheckConstraint("from_on <= until_on AND until_on <= closes_on AND opens_on <= closes_on", name="days"),
        Index("ix_evaluation_plan_list", "region_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    """Whose government buys, and plans."""
    evaluator: Mapped[str] = mapped_column(String(60))
    """The third party's name, for everyone to read."""
    evaluator_body: Mapped[str] = mapped_column(String(100), default="")
    """Where the third party works."""
    evaluator_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    recipients_percent: Mapped[int]
    """Weights of the three parties, together 100; the recipients' is the heaviest. Source: B36, ratings F6."""
    third_percent: Mapped[int]
    purchaser_percent: Mapped[int]
    effect_percent: Mapped[int]
    """Weights of the three dimensions, together 100. Source: B35, ratings F6."""
    management_percent: Mapped[int]
    social_percent: Mapped[int]
    sample: Mapped[str] = mapped_column(Text)
    """How those who are asked are chosen."""
    sample_number: Mapped[int]
    """How many recipients are to be asked."""
    from_on: Mapped[date]
    """The days whose published ratings count, both included."""
    until_on: Mapped[date]
    opens_on: Mapped[date]
    """The days on which purchaser and third party give their points, both included."""
    closes_on: Mapped[date]
    instalments: Mapped[list[Any]]
    """Numbers of the instalments whose amount follows from the result. Source: A65."""
    state: Mapped[str] = mapped_column(String(12))
    """One of `rules.evaluation.PlanState`."""
    planned_at: Mapped[datetime]
    planned_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was withdrawn, for everyone to read."""


class EvaluationIndicator(Base):
    """What points are given for in a dimension. Source: B35."""

    __table_args__ = (
        CheckConstraint("points > 0", name="points"),
        UniqueConstraint("plan_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("evaluation_plan.id"))
    number: Mapped[int]
    """Its place in the plan."""
    dimension: Mapped[str] = mapped_column(String(12))
    """One of `rules.evaluation.Dimension`."""
    title: Mapped[str] = mapped_column(String(120))
    points: Mapped[int]
    """How many can be had, in whole points."""


class EvaluationScore(Base):
    """Points that purchaser or third party gave for an indicator; given once, they stand. Source: B34."""

    __table_args__ = (
        UniqueConstraint("plan_id", "party", "indicator_id"),
        CheckConstraint("points >= 0", name="points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("evaluation_plan.id"))
    party: Mapped[str] = mapped_column(String(12))
    """"purchaser" or "third"; what recipients say is in the ratings."""
    indicator_id: Mapped[int] = mapped_column(ForeignKey("evaluation_indicator.id"))
    points: Mapped[int]
    """In hundredths of a point."""
    words: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class EvaluationResult(Base):
    """What an evaluation came to, with its whole working; computed once and never changed. Source: ratings F6.

    Scores and deviations are hundredths of a point of 100.
    """

    __table_args__ = (
        CheckConstraint("composite BETWEEN 0 AND 10000", name="composite"),
        CheckConstraint("(composite IS NULL) = (reason <> '')", name="reason"),
        Index("ix_evaluation_result_provider", "provider_id", "decided_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("evaluation_plan.id"), unique=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    decided_on: Mapped[date]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recipients: Mapped[int | None]
    """None while there are too few ratings."""
    recipients_sd: Mapped[int | None]
    third: Mapped[int | None]
    """None where it gave no points."""
    purchaser: Mapped[int | None]
    composite: Mapped[int | None]
    """None without the recipients; then `reason` says so."""
    sd: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(16), default="")
    """"few_ratings", or "" where there is a composite."""
    capped_by: Mapped[str] = mapped_column(String(12), default="")
    """One of `rules.evaluation_results.Cap`: what keeps the stars below what the composite alone would give."""
    working: Mapped[dict[str, Any]]
    """Every number that went in, in plain values (`deciding` writes it, `workings` reads it)."""
