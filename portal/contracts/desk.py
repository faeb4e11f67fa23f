"""An official writes a contract, part by part, and signs it."""

from typing import Any

from flask import flash, url_for

from portal.contracts import chains, completing, contents, drafting, forms, replacing, row_forms, signing
from portal.contracts.bands import bands_in
from portal.contracts.blueprint import answered, bp
from portal.contracts.models import Contract
from portal.contracts.queries import Award, Found
from portal.contracts.targets import targets_of
from portal.providers.queries import find_provider
from portal.regions.models import Region
from portal.regions.queries import children
from portal.rules import N_
from portal.rules.payment import DEFAULT
from portal.rules.permissions import Deed
from portal.rules.projects import fen_of
from portal.store import db
from portal.web.door import actor, page, see_other
from portal.web.words import gettext

SAVED = N_("Saved.")


@bp.route("/draft/<int:award>", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def draft(region: Region, award: Award) -> Any:
    """An official begins the contract of an award."""
    form = forms.FactsForm(_places(db.session.get_one(Region, award.project.region_id)), **forms.awarded(award))
    if form.validate_on_submit():
        with form.refusals():
            contract = drafting.draft_contract(actor(), region, award, form.draft(), form.key.data)
            flash(gettext(N_("The contract is begun. Please complete it step by step.")))
            return see_other(url_for(".show", region=region.code, contract=contract.id))
    return page(region=region, provider=award.provider, form=form)


@bp.route("/<int:contract>/revise", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def revise(region: Region, contract: Found) -> Any:
    """An official changes the facts of a contract before it is signed."""
    values = forms.drafted(contract.contract, contents.parties_of(contract.contract))
    form = forms.FactsForm(_places(contract.place), **values)
    return answered(
        contract,
        form,
        lambda: drafting.revise_contract(actor(), contract.contract, form.draft()),
        SAVED,
        "draft",
        provider=contract.provider,
    )


@bp.route("/<int:contract>/replacement", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def replacement(region: Region, contract: Found) -> Any:
    """An official begins the contract of another provider in the place of one that has to leave."""
    old = contract.contract
    rest = chains.rest_of(old, contract.leaving)
    form = forms.ReplacementForm(chains.others_serving(contract), rest, old.conditions or {})
    if form.validate_on_submit():
        with form.refusals():
            fresh = _replaced(old, form)
            flash(gettext(N_("The contract is begun. Please complete it step by step.")))
            return see_other(url_for(".show", region=region.code, contract=fresh.id))
    return page(region=region, found=contract, form=form, rest=rest)


def _replaced(old: Contract, form: forms.ReplacementForm) -> Contract:
    return replacing.draft_replacement(
        actor(),
        old,
        find_provider(form.provider.data or 0),
        form.key.data,
        price_fen=fen_of(form.price.data) or 0,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        conditions=form.conditions(),
    )


def _places(place: Region) -> list[Region]:
    """Whose committee may assist: that of the place, or of one just below it."""
    return [place, *children(place)]


@bp.route("/<int:contract>/clauses", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def clauses(region: Region, contract: Found) -> Any:
    """An official writes the clauses."""
    form = forms.ClausesForm(**contents.clauses_of(contract.contract))
    return answered(
        contract,
        form,
        lambda: completing.write_clauses(actor(), contract.contract, form.clauses()),
        SAVED,
        "clauses",
        **_text_of(contract),
    )


@bp.route("/<int:contract>/sign", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def sign(region: Region, contract: Found) -> Any:
    """An official notes the signature; from then on nothing of the contract is edited."""
    form = forms.SignForm(**contents.clauses_of(contract.contract))
    return answered(
        contract,
        form,
        lambda: signing.sign_contract(actor(), contract.contract, form.clauses(), form.signed_on.data),
        N_("The contract is signed and its money is promised. Now file and publish it in time."),
        "sign",
        **_text_of(contract),
    )


def _text_of(found: Found) -> dict[str, Any]:
    """What the clauses say that follow from the figures."""
    instalments = contents.instalments_of(found.contract)
    return {"instalments": instalments, "first": contents.first_terms(found.contract, [])}


@bp.route("/<int:contract>/money", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def money(region: Region, contract: Found) -> Any:
    """An official says from which budget lines the price comes."""
    lines = contents.lines_for(region, contract.contract)
    form = row_forms.MoneyForm(lines, **row_forms.money_said(contents.money_of(contract.contract)))
    return answered(
        contract, form, lambda: completing.say_money(actor(), contract.contract, form.parts()), SAVED, "money"
    )


@bp.route("/<int:contract>/instalments", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def instalments(region: Region, contract: Found) -> Any:
    """An official says in which parts the price is paid."""
    form = row_forms.InstalmentsForm(**row_forms.instalments_said(contents.instalments_of(contract.contract)))
    return answered(
        contract,
        form,
        lambda: completing.say_instalments(actor(), contract.contract, form.parts()),
        SAVED,
        "instalments",
    )


@bp.route("/<int:contract>/bands", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def bands(region: Region, contract: Found) -> Any:
    """An official fixes what is paid for which result of the evaluation."""
    form = row_forms.BandsForm(**row_forms.bands_said(bands_in(contract.contract) or DEFAULT))
    return answered(
        contract, form, lambda: completing.fix_bands(actor(), contract.contract, form.bands()), SAVED, "bands"
    )


@bp.route("/<int:contract>/targets", methods=["GET", "POST"], deed=Deed.RUN_CONTRACT)
def targets(region: Region, contract: Found) -> Any:
    """An official sets what is to be reached."""
    found = [one.target for one in targets_of(contract.contract)]
    form = row_forms.TargetsForm(**row_forms.targets_said(found))
    return answered(
        contract, form, lambda: completing.set_targets(actor(), contract.contract, form.drafts()), SAVED, "targets"
    )
