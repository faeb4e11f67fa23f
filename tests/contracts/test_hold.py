"""A project is not given up while a contract of it is in force."""

import pytest

from portal.projects.models import Project
from portal.projects.stages import take_on
from portal.regions.models import Region
from portal.rules import Refused
from portal.rules.contracts import ContractState
from portal.rules.projects import ProjectState
from portal.store import action, db
from tests import builders as a
from tests.contracts import making

REASON = "居民不再需要这项服务。"


def gives_up(contract):
    project = db.session.get_one(Project, contract.project_id)
    region = db.session.get_one(Region, project.region_id)
    take_on(a.actor(a.an_official(region)), project, region, ProjectState.STOPPED, REASON)
    return project


@action
def over(contract, state):
    """`contract`, written down as one that is in force no longer."""
    contract.state = state.value


@pytest.mark.parametrize("state", [ContractState.ENDED, ContractState.TERMINATED])
@pytest.mark.parametrize("made", [making.a_signed_contract, making.a_serving_contract])
def test_a_project_is_given_up_only_after_its_contract_was_ended(app, made, state):  # A40, B33
    contract = made()
    with pytest.raises(Refused) as refused:
        gives_up(contract)
    assert [(one.text[:8], one.values) for one in refused.value.refusals] == [("Contract", {"number": contract.id})]
    over(contract, state)
    assert gives_up(contract).state == ProjectState.STOPPED


def test_a_drafted_contract_is_no_contract_its_award_is_ended_first(app):  # A40
    contract = making.a_contract()
    with pytest.raises(Refused) as refused:
        gives_up(contract)
    assert [one.values for one in refused.value.refusals] == [{"number": contract.purchase_id}]
