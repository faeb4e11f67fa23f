"""The public calendar of premises, their bookings, and how much they are used."""

from datetime import date
from typing import Any

from flask import abort, flash, request, url_for

from portal.regions.models import Region
from portal.resources import booking as bookings
from portal.resources import calendars, queries, tables
from portal.resources.blueprint import bp
from portal.resources.forms import BookingForm
from portal.resources.models import Booking, Resource
from portal.rules import N_
from portal.rules.bookings import Slot, minute_of, month_of
from portal.rules.permissions import Deed, may
from portal.rules.resources import ResourceKind
from portal.store.clock import today
from portal.web.csv import table_as_csv
from portal.web.door import actor, page, see_other
from portal.web.words import gettext, in_words


@bp.get("/<int:resource>/calendar", deed=Deed.READ_PUBLIC)
def calendar(region: Region, resource: Resource) -> Any:
    """Everyone sees when premises are open and taken: by which body and for what, and no person's name."""
    if resource.kind != ResourceKind.PREMISES or not queries.can_read(actor(), resource, region):
        abort(404)
    month = _month()
    days = calendars.calendar_of(resource, queries.detail_of(resource).available, month)
    open_still = resource.listed and resource.withdrawn_at is None
    return page(
        region=region,
        resource=resource,
        month=month,
        beside=_beside(month),
        days=days,
        own={row[0].id for day in days for row in day.bookings if calendars.owns(actor(), row[0])},
        books=open_still and may(actor(), Deed.BOOK_RESOURCE, region.path),
        moment=calendars.now_in_china(),
    )


def _month() -> date:
    return month_of(request.args.get("month", "")) or today().replace(day=1)


def _beside(month: date) -> tuple[date, date]:
    return calendars.month_beside(month, -1), calendars.month_beside(month, 1)


@bp.route("/<int:resource>/book", methods=["GET", "POST"], deed=Deed.BOOK_RESOURCE)
def book(region: Region, resource: Resource) -> Any:
    """A committee or a provider books premises for a time of a day."""
    bodies = {
        f"{body.region_id or 0}-{body.provider_id or 0}": (body, one)
        for body, one in calendars.bodies_of(actor(), region)
    }
    form = BookingForm([(value, in_words(one, "name")) for value, (_, one) in bodies.items()])
    if form.validate_on_submit():
        with form.refusals():
            body, _ = bodies.get(form.body.data or "", (None, None))
            bookings.book_resource(actor(), region, resource, body, _slot(form), form.purpose.data, form.key.data)
            flash(gettext(N_("It is booked.")))
            month = f"{form.day.data:%Y-%m}"
            return see_other(url_for(".calendar", region=region.code, resource=resource.id, month=month))
    return page(region=region, resource=resource, form=form)


def _slot(form: BookingForm) -> Slot:
    """The time that was typed; one that cannot be read is none, and is refused as closed or as ending too early."""
    starts, ends = minute_of(form.starts.data), minute_of(form.ends.data)
    return Slot(form.day.data, -1 if starts is None else starts, ends or 0)


@bp.post("/<int:resource>/bookings/<int:booking>/cancel", deed=Deed.BOOK_RESOURCE)
def cancel(region: Region, resource: Resource, booking: Booking) -> Any:
    """A committee or a provider gives back what it has booked."""
    bookings.cancel_booking(actor(), resource, booking)
    flash(gettext(N_("The booking is cancelled.")))
    month = f"{booking.day:%Y-%m}"
    return see_other(url_for(".calendar", region=region.code, resource=resource.id, month=month))


@bp.get("/use", deed=Deed.READ_PUBLIC)
def use(region: Region) -> Any:
    """Everyone sees how much the premises of a place are used in a month."""
    month = _month()
    return page(region=region, seen=calendars.use_in(region, month), beside=_beside(month))


@bp.get("/use.csv", deed=Deed.READ_PUBLIC)
def use_csv(region: Region) -> Any:
    """Everyone saves the use of premises for a spreadsheet."""
    month = _month()
    rows = tables.use_rows(calendars.use_in(region, month))
    return table_as_csv(f"{region.code}-use-{month:%Y-%m}", tables.use_head(), rows)
