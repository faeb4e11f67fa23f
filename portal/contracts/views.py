"""Everyone reads what was agreed; a provider says how far its targets are reached."""

from collections.abc import Sequence
from typing import Any

from flask import Flask, abort, flash, request, url_for

from portal.contracts import carrying, contents, desk, forms, office, office_forms, queries
from portal.contracts.blueprint import bp, runs
from portal.contracts.models import PerformanceTarget
from portal.contracts.queries import Found
from portal.contracts.signing import subject_of
from portal.contracts.targets import find_target, needs_midterm_check, targets_of, targets_of_providers
from portal.funds.queries import sources_of
from portal.projects.models import Project
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.clauses import GIVEN, NO_REASSIGNMENT, Clause
from portal.rules.contracts import ContractState
from portal.rules.exits import may_replace
from portal.rules.payment import WHY
from portal.rules.permissions import Deed, may
from portal.web.csv import table_as_csv
from portal.web.door import Guarded, actor, page, see_other
from portal.web.words import gettext
from portal.web.xlsx import table_as_xlsx

__all__ = ["bp", "desk", "install", "office"]

STATES = {
    ContractState.DRAFT.value: N_("Being drafted"),
    ContractState.SIGNED.value: N_("Signed"),
    ContractState.SERVING.value: N_("Being served"),
    ContractState.ENDED.value: N_("Ended"),
    ContractState.TERMINATED.value: N_("Terminated"),
}
CLOCKS = {
    "signed": N_("Signed after the letter of award"),
    "filed": N_("Filed"),
    "published": N_("Published"),
}
HEAD = (
    N_("Contract"),
    N_("Title"),
    N_("Purchaser"),
    N_("Provider"),
    N_("Price in yuan"),
    N_("In kind, in yuan"),
    N_("First day"),
    N_("Last day"),
    N_("Signed"),
    N_("Published"),
    N_("State"),
    N_("Project"),
)


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone reads the list of contracts."""
    keeps = may(actor(), Deed.RUN_CONTRACT, region.path)
    return page(
        region=region,
        contracts=queries.contracts_of(region, request.args.get("after", ""), drafts=keeps),
        awards=queries.awards_without_contract(region) if keeps else [],
    )


@bp.get("/project/<int:project>", deed=Deed.READ_PUBLIC)
def of_project(region: Region, project: Project) -> Any:
    """Everyone reads the contracts of a project."""
    return page(region=region, project=project, contracts=queries.contracts_of_project(project))


@bp.get("/<int:contract>/", deed=Deed.READ_PUBLIC)
def show(region: Region, contract: Found) -> Any:
    """Everyone reads a signed contract, what came after it, and what is late; an official goes on with it."""
    return page(**_whole(region, contract))


@bp.get("/<int:contract>/print", deed=Deed.READ_PUBLIC)
def print_(region: Region, contract: Found) -> Any:
    """Everyone prints a contract, to sign or to keep."""
    return page("contracts/print.html", **_whole(region, contract))


def _whole(region: Region, found: Found) -> dict[str, Any]:
    contract, keeps = found.contract, runs(found)
    if contract.state == ContractState.DRAFT and not keeps:
        abort(404)
    typed, history, targets = (
        contents.clauses_of(contract),
        contents.history_of(contract),
        targets_of(contract, region),
    )
    parties = contents.parties_of(contract)
    return {
        "region": region,
        "found": found,
        "parties": parties,
        "assisting": contents.assisting_unit_of(parties),
        "clauses": typed,
        "instalments": contents.instalments_of(contract),
        "history": history,
        "first": contents.first_terms(contract, history),
        "sources": sources_of(subject_of(contract)),
        "targets": targets,
        "needs_check": needs_midterm_check(contract, targets),
        "clocks": contents.clocks_of(found),
        "lacking": contents.lacking(contract, typed) if contract.state == ContractState.DRAFT else [],
        "keeps": keeps,
        "replaceable": contract.signed_on is not None
        and may_replace(found.state, found.leaving)
        and not found.replaced_by,
        "readable": keeps or contract.published_on is not None,
    }


@bp.get("/contracts.csv", deed=Deed.READ_PUBLIC)
def as_csv(region: Region) -> Any:
    """Everyone saves the list of contracts as a table."""
    return table_as_csv(f"contracts-{region.code}", [gettext(head) for head in HEAD], _rows(region))


@bp.get("/contracts.xlsx", deed=Deed.READ_PUBLIC)
def as_xlsx(region: Region) -> Any:
    """Everyone saves the list of contracts as a workbook."""
    return table_as_xlsx(f"contracts-{region.code}", [gettext(head) for head in HEAD], _rows(region))


def _rows(region: Region) -> list[Sequence[object]]:
    return [
        (
            one.id,
            one.title,
            one.purchaser,
            one.provider,
            one.price_fen / 100,
            one.in_kind_fen / 100,
            one.starts_on,
            one.ends_on,
            one.signed_on,
            one.published_on,
            gettext(STATES[one.state]),
            one.project_id,
        )
        for one in queries.all_contracts_of(region)
    ]


targets_bp = Guarded("targets", __name__, url_prefix="/targets", finds={"target": find_target})


@targets_bp.get("/", deed=Deed.READ_TARGET)
def mine() -> Any:
    """A provider sees the targets of its running contracts."""
    own = {grant.provider_id for grant in actor().grants if grant.provider_id}
    return page("contracts/mine.html", targets=targets_of_providers(own))


@targets_bp.route("/<int:target>", methods=["GET", "POST"], deed=Deed.READ_TARGET)
def read(target: PerformanceTarget) -> Any:
    """A provider says how far a target of its contract was reached."""
    found = queries.found_contract(target.contract_id)
    if found.contract.provider_id not in {grant.provider_id for grant in actor().grants}:
        abort(403)
    form = office_forms.ReadingForm()
    if form.validate_on_submit():
        with form.refusals():
            carrying.read_target(actor(), target, form.value.data, form.read_on.data, form.words.data)
            flash(gettext(N_("Noted.")))
            return see_other(url_for(".read", target=target.id))
    shown = next(one for one in targets_of(found.contract) if one.target.id == target.id)
    return page("contracts/read.html", region=found.region, found=found, one=shown, form=form)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(targets_bp)
    app.jinja_env.globals["WHY_NO_ADVICE"] = WHY
    app.jinja_env.globals["CONTRACT"] = {
        "STATES": STATES,
        "ROLES": forms.ROLES,
        "CLAUSES": forms.CLAUSES,
        "CONDITIONS": forms.CONDITIONS,
        "CLOCKS": CLOCKS,
        "GIVEN": GIVEN,
        "ALL": tuple(Clause),
        "NO_REASSIGNMENT": NO_REASSIGNMENT,
    }
