"""Why a night failed, and telling people of it: a mail, a webhook, or both, as the settings say. Keep out: when to tell."""

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
        body = json.dumps({"text": f"{subject}\n{reason}", "company": company, "run_id": run_id}).encode()
        request = urllib.request.Request(settings.alert_webhook, data=body, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as response:
            response.read()
        used.append("webhook")
    if settings.alert_mail_to:
        message = EmailMessage()
        message["Subject"], message["To"], message["From"] = subject, settings.alert_mail_to, settings.alert_mail_to
        message.set_content(f"{reason}\n\nRun {run_id}")
        with smtplib.SMTP(settings.alert_mail_server, timeout=30) as server:
            server.send_message(message)
        used.append("mail")
    return used
