"""Why a night failed, and telling people of it: a mail, a webhook, or both, as the settings say. Keep out: when to tell, and the digest."""

from __future__ import annotations

import json
import smtplib
import urllib.request
from email.message import EmailMessage
from typing import Any

from pipelines.settings import Settings


def reason_of(error: Any) -> tuple[str, str]:
    """Class and words of the innermost error of a step that failed, as Dagster serialised it."""
    while error.cause is not None:
        error = error.cause
    kind, _, words = error.message.strip().partition(": ")
    return error.cls_name, words or kind


def tell(settings: Settings, company: str, run_id: str, reason: str) -> list[str]:
    """Sends ``reason`` wherever the settings say; returns the channels used. A channel that fails raises."""
    used = []
    subject = f"Night of {company} failed: nothing was published, the last figures stand"
    if settings.alert_webhook:
        post(settings.alert_webhook, {"text": f"{subject}\n{reason}", "company": company, "run_id": run_id})
        used.append("webhook")
    if settings.alert_mail_to:
        mail(settings, settings.alert_mail_to, subject, f"{reason}\n\nRun {run_id}")
        used.append("mail")
    return used


def post(address: str, body: dict[str, Any]) -> None:
    """Posts ``body`` as JSON. Raises OSError when nobody takes it."""
    request = urllib.request.Request(address, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        response.read()


def mail(settings: Settings, to: str, subject: str, text: str, html: str | None = None) -> None:
    """Mails ``text``, and the same as HTML where it is given. Raises OSError when the server does not take it."""
    message = EmailMessage()
    message["Subject"], message["To"], message["From"] = subject, to, settings.alert_mail_to or to
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    with smtplib.SMTP(settings.alert_mail_server, timeout=30) as server:
        server.send_message(message)
