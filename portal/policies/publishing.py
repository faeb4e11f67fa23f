"""Policy documents and official replies: published once, never changed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from portal.policies.keeping import put_keyed
from portal.policies.models import OfficialReply, PolicyDocument
from portal.policies.queries import ids_of
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, policies
from portal.rules.permissions import Actor, Deed
from portal.rules.policies import DocumentDraft, ReplyDraft, number_in_form
from portal.store import action, db
from portal.store.clock import now, today
from portal.store.paging import Page, page_of
from portal.web.addresses import LARGEST


@action
def publish_document(actor: Actor, region: Region, draft: DocumentDraft, key: str) -> PolicyDocument:
    """Publish a document for a division and all below it. Source: A3, B4, B37."""
    enforce(policies.document_refusals(draft, today=today()))
    if draft.supersedes is not None and document_for(region, draft.supersedes) is None:
        enforce([Refusal(N_("Please choose one of the documents shown."), "supersedes")])
    return put_keyed(
        actor,
        Deed.KEEP_POLICY,
        PolicyDocument,
        key,
        taken=Refusal(N_("A document with this number is published here already."), "number"),
        region_id=region.id,
        title=draft.title,
        issuers=list(draft.issuers),
        number=number_in_form(draft.number),
        issued_on=draft.issued_on,
        text=draft.text,
        supersedes_id=draft.supersedes,
        published_at=now(),
    )


@action
def publish_reply(actor: Actor, region: Region, draft: ReplyDraft, key: str) -> OfficialReply:
    """Publish the reply to a proposal. Source: B2, B3."""
    enforce(policies.reply_refusals(draft, today=today()))
    return put_keyed(
        actor,
        Deed.KEEP_POLICY,
        OfficialReply,
        key,
        taken=Refusal(N_("The reply to this proposal is published here already."), "number"),
        region_id=region.id,
        number=draft.number,
        session=draft.session,
        title=draft.title,
        proposer=draft.proposer,
        issuer=draft.issuer,
        received_on=draft.received_on,
        answered_on=draft.answered_on,
        text=draft.text,
        published_at=now(),
    )


def documents_of(region: Region, after: str = "", size: int = 20) -> Page[Any]:
    """The documents that a region and those above published, newest first, each with its division's code and name."""
    newer = aliased(PolicyDocument)
    superseded = select(newer.id).where(newer.supersedes_id == PolicyDocument.id).exists()
    query = (
        select(
            PolicyDocument.id,
            PolicyDocument.title,
            PolicyDocument.translations,
            PolicyDocument.number,
            PolicyDocument.issuers,
            PolicyDocument.issued_on,
            Region.code,
            superseded.label("superseded"),
        )
        .join(Region, Region.id == PolicyDocument.region_id)
        .where(PolicyDocument.region_id.in_(ids_of(region.path)))
    )
    return page_of(query, (PolicyDocument.id,), after, size)


def document_for(region: Region, number: int) -> PolicyDocument | None:
    """A document that was published for `region`, by it or by one above."""
    document = db.session.get(PolicyDocument, number) if 0 < number <= LARGEST else None
    return document if document is not None and document.region_id in ids_of(region.path) else None


def find_document(number: int, found: dict[str, Any]) -> PolicyDocument | None:
    """A document under the division that published it."""
    document = db.session.get(PolicyDocument, number)
    return document if document is not None and document.region_id == found["region"].id else None


def beside(document: PolicyDocument) -> tuple[Row[Any] | None, Sequence[Row[Any]]]:
    """The document that one supersedes, and those that supersede it: id, title, number, code of the division."""
    ours = [document.supersedes_id] if document.supersedes_id else []
    rows = db.session.execute(
        select(
            PolicyDocument.id,
            PolicyDocument.title,
            PolicyDocument.translations,
            PolicyDocument.number,
            Region.code,
        )
        .join(Region, Region.id == PolicyDocument.region_id)
        .where((PolicyDocument.supersedes_id == document.id) | PolicyDocument.id.in_(ours))
        .order_by(PolicyDocument.id)
    ).all()
    older = next((row for row in rows if row.id == document.supersedes_id), None)
    return older, [row for row in rows if row is not older]


def replies_of(region: Region, after: str = "", size: int = 20) -> Page[Any]:
    """The replies that a region and those above published, newest first."""
    query = (
        select(
            OfficialReply.id,
            OfficialReply.title,
            OfficialReply.translations,
            OfficialReply.number,
            OfficialReply.session,
            OfficialReply.issuer,
            OfficialReply.received_on,
            OfficialReply.answered_on,
            Region.code,
        )
        .join(Region, Region.id == OfficialReply.region_id)
        .where(OfficialReply.region_id.in_(ids_of(region.path)))
    )
    return page_of(query, (OfficialReply.id,), after, size)


def find_reply(number: int, found: dict[str, Any]) -> OfficialReply | None:
    """A reply under the division that published it."""
    reply = db.session.get(OfficialReply, number)
    return reply if reply is not None and reply.region_id == found["region"].id else None
