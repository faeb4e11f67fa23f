"""How messages leave the house: printed in a terminal, handed to an SMS gateway, or mailed."""

import hashlib
import hmac
import json
import smtplib
import sys
import time
import urllib.request
from email.message import EmailMessage

from flask import current_app, g

from portal.notifications.messages import words_of
from portal.rules import N_
from portal.store import outbox
from portal.store.outbox import OutboxMessage
from portal.web.words import gettext


def deliver() -> int:
    """Send every message that is due; gives how many went out. What fails is tried again later."""
    count = 0
    while leased := outbox.lease():
        for message in leased:
            if not outbox.stands(message):
                continue
            try:
                _send(message)
            except Exception as error:  # whatever it is, the other messages go on; its text may hold a number
                current_app.logger.warning("message %s was not sent: %s", message.id, type(error).__name__)
                outbox.failed(message)
            else:
                outbox.sent(message)
                count += 1
    return count


def _send(message: OutboxMessage) -> None:
    settings = current_app.config["SETTINGS"]
    g.language = message.language
    values = dict(message.values)
    values |= {name: settings.base_url + values[name] for name in ("link", "no_more") if name in values}
    words = words_of(message.template, values)
    if message.kind == "mail":
        send_mail(message.to, words)
    elif settings.sms_sender == "gateway":
        send_to_gateway(str(message.id), message.to, words)
    elif settings.sms_sender == "console":
        print(f"SMS → …{message.to[-4:]}: {words}", file=sys.stderr, flush=True)


def send_to_gateway(message_id: str, phone: str, words: str) -> None:
    """POST {id, phone, text} as JSON, signed: X-Signature is the HMAC-SHA256 of "<X-Timestamp>.<body>". Raises OSError.

    The id is the same at a second try, so that the gateway can send once.
    """
    settings = current_app.config["SETTINGS"]
    body = json.dumps({"id": message_id, "phone": phone, "text": words}, ensure_ascii=False).encode()
    stamp = str(int(time.time()))
    signature = hmac.new(settings.sms_gateway_key.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Timestamp": stamp, "X-Signature": signature}
    request = urllib.request.Request(settings.sms_gateway_url, body, headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310
        pass


def send_mail(to: str, words: str) -> None:
    """Mail `words` by SMTP with STARTTLS where the server offers it. Raises OSError or SMTPException."""
    settings = current_app.config["SETTINGS"]
    mail = EmailMessage()
    mail["From"], mail["To"] = settings.smtp_from, to
    mail["Subject"] = gettext(N_("Community portal"))
    mail.set_content(words)
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=10) as server:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls()
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(mail)
