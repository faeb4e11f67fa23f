from datetime import datetime, time, timedelta

from wtforms import DateTimeLocalField
from wtforms.validators import Optional

from portal.rules import N_
from portal.store.clock import CHINA, now, today
from portal.web.forms import Form

MINUTES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
"""As browsers send it, and as people type it where a browser has no calendar."""


class RoundForm(Form):
    """Between which moments residents vote, on China's clock; a fortnight from now is proposed."""

    opens_at = DateTimeLocalField(N_("The vote opens"), [Optional()], format=MINUTES, render_kw={"required": True})
    closes_at = DateTimeLocalField(N_("The vote closes"), [Optional()], format=MINUTES, render_kw={"required": True})

    @classmethod
    def proposed(cls) -> "RoundForm":
        ends = datetime.combine(today() + timedelta(days=14), time(20, 0))
        return cls(opens_at=now().astimezone(CHINA), closes_at=ends)

    def times(self) -> tuple[datetime | None, datetime | None]:
        return _in_china(self.opens_at.data), _in_china(self.closes_at.data)


def _in_china(typed: datetime | None) -> datetime | None:
    return typed.replace(tzinfo=CHINA) if typed else None
