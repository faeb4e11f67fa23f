"""What everyone reads of a case."""

from portal.rules import N_
from portal.rules.cases import CaseState, Finding, Move

STATES = {
    CaseState.RECEIVED: N_("received"),
    CaseState.VERIFYING: N_("being verified"),
    CaseState.REVIEWING: N_("another office looks at it"),
    CaseState.REPAIRING: N_("to be repaired"),
    CaseState.ASKING: N_("answered; who rated is asked"),
    CaseState.CHECKING: N_("answered; another office checks"),
    CaseState.CLOSED: N_("case closed"),
}
FINDINGS = {
    "": N_("not verified yet"),
    Finding.UPHELD: N_("the rating is right"),
    Finding.MISTAKEN: N_("a mistake"),
    Finding.MALICIOUS: N_("malicious, as two offices found"),
}
STEPS = {
    Move.CONTACT: N_("Contact"),
    Move.UPHOLD: N_("Verified: the rating is right"),
    Move.MISTAKE: N_("Verified: a mistake"),
    Move.ACCUSE: N_("Called malicious; another office looks at it"),
    Move.AGREE: N_("Another office finds it malicious, too"),
    Move.CLEAR: N_("Another office does not find it malicious"),
    Move.REPAIR: N_("Repaired and answered"),
    Move.CONFIRM: N_("Who rated says: it is put right"),
    Move.REJECT: N_("Who rated says: it is not put right"),
    Move.SILENCE: N_("Who rated has not said anything; another office checks"),
    Move.ACCEPT: N_("Checked by another office: closed"),
    Move.RETURN: N_("Checked by another office: not enough, back to work"),
    Move.WITHDRAW: N_("Ended by who rated"),
    Move.REOPEN: N_("Opened again by who rated"),
    "risen": N_("Overdue: gone up to"),
}
"""What was done in a case."""
