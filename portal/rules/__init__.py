"""The law: every rule a resident may want to check. Standard library only; no clock, no database, no request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


def N_(words: str) -> str:  # noqa: N802 (gettext's own name for "to be translated later")
    """Mark `words` for translation; the web translates them."""
    return words


@dataclass(frozen=True)
class Refusal:
    """Why something may not be done: an English text to translate, its values, and the field it stands beside."""

    text: str
    beside: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


class Refused(Exception):
    """A deed was refused; `refusals` say why."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__("; ".join(refusal.text % refusal.values for refusal in refusals))
        self.refusals = refusals


def enforce(refusals: Iterable[Refusal]) -> None:
    """Raise Refused with every refusal there is, or return."""
    found = list(refusals)
    if found:
        raise Refused(found)
