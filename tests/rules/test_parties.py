"""Who is bound by a contract."""

import pytest

from portal.rules.parties import Party, PartyRole, refusals_of_parties


def beside(refusals):
    return {refusal.beside for refusal in refusals}


BUYER = Party(PartyRole.PURCHASER, "柳溪县民政局", region_id=3)
SERVER = Party(PartyRole.PROVIDER, "晨光社会工作服务中心", provider_id=7)


@pytest.mark.parametrize(
    ("parties", "evaluators", "where"),
    [
        ([BUYER, SERVER, Party(PartyRole.ASSISTING, "长桥社区居委会", region_id=5)], ["第三方评估公司"], set()),
        ([BUYER, SERVER, Party(PartyRole.ASSISTING, "晨光 社会工作服务中心")], [], {"assisting"}),
        ([BUYER, SERVER, Party(PartyRole.ASSISTING, "别的名字", provider_id=7)], [], {"assisting"}),
        ([BUYER, SERVER, Party(PartyRole.ASSISTING, "柳溪县民政局")], [], {"assisting"}),
        ([BUYER, SERVER, Party(PartyRole.ASSISTING, "别的名字", region_id=3)], [], {"assisting"}),
        ([BUYER, Party(PartyRole.PROVIDER, "柳溪县民政局", provider_id=9)], [], {"purchaser"}),
        ([BUYER, SERVER, *[Party(PartyRole.ASSISTING, "志愿者协会")] * 2], [], {"assisting"}),
        ([BUYER, SERVER, Party(PartyRole.ASSISTING, "明察评估公司")], ["明察评估公司"], {"assisting"}),
        ([BUYER, SERVER], ["晨光社会工作服务中心"], {"provider"}),
    ],
)
def test_nobody_stands_on_two_sides(parties, evaluators, where):  # A28, 1.5
    assert beside(refusals_of_parties(parties, evaluators)) == where
