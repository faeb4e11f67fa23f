"""What the site signs for a voter."""

from dataclasses import dataclass

from portal.rules import opencount
from portal.voting.keys import signed
from portal.voting.log import records_of
from portal.voting.models import Ballot, Round


@dataclass(frozen=True)
class Receipt:
    """The promise that a ballot with this code is counted as these commitments say; `text`: for print and verifiers."""

    code: str
    commitments: tuple[str, ...]
    signature: str
    text: str

    @property
    def groups(self) -> str:
        """The code as it is read out: four groups of four digits."""
        return " ".join(self.code[start : start + 4] for start in range(0, 16, 4))


def receipt_of(round: Round, ballot: Ballot) -> Receipt:
    """The receipt for a ballot as it stands; however often it is asked for, it is the same."""
    commitments = sorted(one.commitment(round.uid) for one in records_of(round, ballot))
    text = opencount.receipt_text(round.uid, ballot.code, commitments)
    signature = signed(text)
    return Receipt(ballot.code, tuple(commitments), signature, opencount.printed(text, signature))
