"""An official keeps a signed contract: files, publishes, begins, changes, accepts, pays and ends it."""

from typing import Any

from portal.contracts import carrying, chains, contents, office_forms, signing
from portal.contracts.bands import advice_of
from portal.contracts.blueprint import answered, bp
from portal.contracts.models import Instalment
from portal.contracts.queries import Found
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.permissions import Deed
from portal.rules.projects import fen_of, yuan_of
from portal.web.door import actor

NOTED = N_("Noted.")


def _simple(found: Found, form: Any, doing: Any, said: str, heading: str, lead: str, submit: str) -> Any:
    return answered(found, form, doing, said, "simple", heading=heading, lead=lead, submit=submit)


@bp.route("/<int:contract>/file", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def file(region: Region, contract: Found) -> Any:
    """An official notes when the contract was filed."""
    form = office_forms.DayForm()
    return _simple(
        contract,
        form,
        lambda: signing.file_contract(actor(), contract.contract, form.day.data),
        NOTED,
        N_("When was the contract filed?"),
        N_("A signed contract is filed with the finance department of the same level."),
        N_("Note the filing"),
    )


@bp.route("/<int:contract>/publish", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def publish(region: Region, contract: Found) -> Any:
    """An official puts the whole contract before everyone."""
    return _simple(
        contract,
        office_forms.EmptyForm(),
        lambda: signing.publish_contract(actor(), contract.contract),
        N_("Everyone can read the contract now."),
        N_("Publish the contract"),
        N_("Please check once more that nothing in it is a secret or about a person. It stays public."),
        N_("Publish the contract"),
    )


@bp.route("/<int:contract>/start", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def start(region: Region, contract: Found) -> Any:
    """An official notes that the service begins."""
    return _simple(
        contract,
        office_forms.EmptyForm(),
        lambda: carrying.start_service(actor(), contract.contract),
        N_("The service has begun."),
        N_("The service begins"),
        N_("From now on the project is shown as being served."),
        N_("It begins"),
    )


@bp.route("/<int:contract>/change", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def change(region: Region, contract: Found) -> Any:
    """An official adds an extension or a supplement."""
    form = office_forms.ChangeForm(contents.lines_for(region))
    return answered(
        contract,
        form,
        lambda: carrying.change_contract(actor(), contract.contract, form.draft(), form.key.data),
        N_("The change is added and shown with its date."),
        "change",
        terms=chains.terms_of(contract.contract),
    )


@bp.route("/<int:contract>/accept", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def accept(region: Region, contract: Found) -> Any:
    """An official records the acceptance with the recipients."""
    form = office_forms.AcceptanceForm()
    return _simple(
        contract,
        form,
        lambda: carrying.accept_service(actor(), contract.contract, form.draft(), form.key.data),
        NOTED,
        N_("Acceptance with the recipients"),
        N_("Invite those who were served, and write down what they say. No names, please: everyone reads it."),
        N_("Record the acceptance"),
    )


@bp.route("/<int:contract>/pay/<int:instalment>", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def pay(region: Region, contract: Found, instalment: Instalment) -> Any:
    """An official notes that an instalment was paid."""
    advice = advice_of(contract.contract, instalment)
    form = office_forms.PaymentForm(amount=yuan_of(advice.fen or 0 if advice else instalment.amount_fen))
    return answered(
        contract,
        form,
        lambda: carrying.pay_instalment(actor(), contract.contract, instalment, fen_of(form.amount.data)),
        NOTED,
        "pay",
        instalment=instalment,
        advice=advice,
    )


@bp.route("/<int:contract>/end", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def end(region: Region, contract: Found) -> Any:
    """An official settles an accepted contract."""
    form = office_forms.ReasonForm()
    return _simple(
        contract,
        form,
        lambda: carrying.end_contract(actor(), contract.contract, form.reason.data),
        N_("The contract has ended. What was not paid is free again."),
        N_("End the contract"),
        N_("What is promised and not paid goes back to its budget lines. If something stays unpaid, please say why."),
        N_("End the contract"),
    )


@bp.route("/<int:contract>/terminate", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def terminate(region: Region, contract: Found) -> Any:
    """An official breaks a contract off."""
    form = office_forms.ReasonForm()
    return _simple(
        contract,
        form,
        lambda: carrying.terminate_contract(actor(), contract.contract, form.reason.data),
        N_("The contract is terminated. What was not paid is free again."),
        N_("Terminate the contract"),
        N_("The provider's access ends with the contract. Recipients must not be left without cover."),
        N_("Terminate the contract"),
    )
