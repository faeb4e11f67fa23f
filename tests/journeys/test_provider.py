"""A provider's way: a service is recorded, its recipient rates it by the link that she was sent."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.ratings.models import Rating, ServiceRecord
from portal.store import db
from portal.store.outbox import OutboxMessage
from tests import builders
from tests.counting import count
from tests.journeys.conftest import House, signs_in_by_password
from tests.journeys.walker import LOCALES, Walker
from tests.ratings.making import on_a_contract


@pytest.mark.parametrize("language", LOCALES)
def test_a_provider_records_a_service_and_its_recipient_rates(  # A11, A27
    house: House, village: Any, walker: Callable[..., Walker], language: str
) -> None:
    provider = builders.a_provider(village, "桃溪养老服务中心")
    on_a_contract(provider, village)
    number = f"135{village.id:08}"
    they = walker(language, "provider")
    signs_in_by_password(they, builders.staff_of(provider).login or "", "/mine/")
    they.picture("mine")
    they.tap("main a[href$='/services/record']")
    they.page.select_option("#category", "0401")
    they.types("#phone", number)
    they.picture("record")
    they.tap("#record_form .form-end button")
    they.sees("#notice .flash")
    they.picture("recorded")
    assert count(ServiceRecord, ServiceRecord.provider_id == provider.id) == 1

    they.goes(f"/{village.code}/providers/{provider.id}/")
    they.sees("h1", words=provider.name)
    they.picture("own-page")

    sent = db.session.scalars(
        db.select(OutboxMessage).where(OutboxMessage.to == number, OutboxMessage.template == "rate_service")
    ).one()
    she = walker(language, "recipient")
    she.goes(sent.values["link"])
    she.taps = 0
    she.tap("button[name=grade][value='4']")
    she.sees("button[name=grade][value='4'][aria-pressed=true]")
    assert she.taps == 1
    assert count(Rating, Rating.provider_id == provider.id, Rating.grade == 4) == 1
