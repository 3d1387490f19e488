"""The Monday digest: five headlines, what happened, and my list, per person in that person's language, by mail or webhook.

It says nothing that the book does not say, and who may not see figures by mail gets the link alone. ``python -m pipelines.digest``
sends it at once. Keep out: when it is sent (``schedules.py``), and what a figure is.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from pipelines.alerts import mail, post
from pipelines.book.figures import Figures, open_figures
from pipelines.book.words import Words
from pipelines.book.writer import Writer
from pipelines.night import Night
from pipelines.settings import Settings, SettingsError

#: The first five of these that a company has; a team or a person has those of the quarter.
HEADLINES = ("net_revenue", "overdue_amount", "dso_simple", "invoice_error_rate", "new_customers", "win_rate", "customer_result")
MOST_HEADLINES, MOST_ROWS = 5, 8


class Recipient(BaseModel):
    """Who gets it: an address or a webhook, a language, and of whom: company, ``team:<name>`` or ``salesperson:<id>``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mail: str | None = None
    webhook: str | None = None
    language: Literal["en", "nl"] = "en"
    scope: str = Field(default="company", pattern=r"^(company|team:.+|salesperson:.+)$")
    figures: bool = True

    @model_validator(mode="after")
    def _has_one_place(self) -> Recipient:
        if (self.mail is None) == (self.webhook is None):
            raise ValueError("expected mail or webhook, one of the two")
        return self


@dataclass(frozen=True)
class Digest:
    """What is sent: a subject, and the same words as text and as HTML."""

    subject: str
    text: str
    html: str


def recipients(path: Path) -> list[Recipient]:
    """The people of a YAML file. Raises SettingsError that names the file, the entry and what was expected."""
    try:
        return TypeAdapter(list[Recipient]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or [])
    except (OSError, yaml.YAMLError) as error:
        raise SettingsError(f"DIGEST_RECIPIENTS={path}: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
        raise SettingsError(f"DIGEST_RECIPIENTS={path}, entry {place}: {first['msg']}") from None


def compose(figures: Figures, recipient: Recipient, address: str | None) -> Digest:
    """The digest of one recipient from the published figures. Raises SettingsError for a team or person who is not in them."""
    from pipelines.book.site import environment

    words = Words(recipient.language, figures)
    writer = Writer(figures, words)
    subject = words.t("digest.subject", company=figures.company_name, day=words.notation.day(figures.report_date))
    kind, _, name = recipient.scope.partition(":")
    where, parameters, title = _whose(writer, kind, name)
    values: dict[str, Any] = {
        "words": words,
        "subject": subject,
        "title": title,
        "address": address,
        "headlines": [],
        "sentences": [],
        "rows": [],
    }
    if recipient.figures:
        values["headlines"] = _headlines(writer, kind, name)
        values["sentences"] = _sentences(writer) if kind == "company" else []
        values["rows"] = _my_list(writer, where, parameters)
    render = {suffix: environment().get_template(f"digest.{suffix}").render(**values) for suffix in ("txt", "html")}
    return Digest(subject, render["txt"], render["html"])


def _whose(writer: Writer, kind: str, name: str) -> tuple[str, list[Any], str]:
    """The condition on the list of calls, its parameters, and the words for whose digest it is."""
    figures = writer.figures
    if kind == "company":
        return "true", [], figures.company_name
    if kind == "team":
        if name not in {row["team"] for row in figures.salespeople.values()}:
            raise SettingsError(f"team:{name}: no such team is published")
        return "team = $1", [name], name
    if name not in figures.salespeople:
        raise SettingsError(f"salesperson:{name}: no such salesperson is published")
    return "account_owner_id = $1", [name], figures.salesperson_name(name) or name


def _headlines(writer: Writer, kind: str, name: str) -> list[tuple[str, str, str]]:
    """(name, value, verdict) of the last complete month; of a team or person the quarter's own figures."""
    words, figures = writer.words, writer.figures
    if kind == "company":
        cards = [writer.card(kpi, with_spark=False) for kpi in HEADLINES if kpi in figures.definitions and writer.is_available(kpi)]
        return [(card.label, f"{card.value} {card.unit}".strip(), f"{card.sign} {card.verdict}") for card in cards[:MOST_HEADLINES]]
    from pipelines.book.pages import people

    quarter = people.quarter(writer)
    sql = (
        "select kpi, value, unit from kpi.kpi_values where scope_type = ? and scope_id = ? and period_type = 'quarter'"
        " and period_start_date = ? and value is not null and kpi in (select unnest(?))"
    )
    found = {row["kpi"]: row for row in figures.raw(sql, [kind, name, quarter, list(people.QUARTER_KPIS)])}
    period = words.notation.quarter(quarter)
    return [
        (words.kpi(kpi), words.measure(found[kpi]["value"], found[kpi]["unit"], short=True), period)
        for kpi in people.QUARTER_KPIS
        if kpi in found
    ]


def _sentences(writer: Writer) -> list[str]:
    """The sentences of the month, as the first page of the book says them."""
    from pipelines.book.pages import scorecard

    blocks = [block for section in scorecard.page(writer).sections for block in section.blocks]
    return [sentence.text for block in blocks for sentence in getattr(block, "sentences", [])][:5]


def _my_list(writer: Writer, where: str, parameters: list[Any]) -> list[dict[str, Any]]:
    """The customers to call first."""
    from pipelines.book.pages.collection import OVERDUE, approached, owed, say

    if not writer.figures.filled(OVERDUE):
        return []
    words = writer.words
    rows = writer.figures.rows(f"select * from {approached(writer)} where {where} order by call_rank limit {MOST_ROWS}", parameters)
    return [
        {
            "name": row["customer_name"],
            "amount": owed(words, row),
            "action": words.term("next_action", row["next_action"]),
            "call": ", ".join(filter(None, (row["contact_name"], row["contact_phone"]))),
            "say": say(words, row),
        }
        for row in rows
    ]


def send(settings: Settings, night: Night) -> list[str]:
    """Sends a digest to everybody whom DIGEST_RECIPIENTS names; returns where it went. One that fails does not stop the others.

    Raises SettingsError for a wrong list, and RuntimeError with the failures at the end.
    """
    if settings.digest_recipients is None:
        return []
    listed = recipients(settings.digest_recipients)
    sent, failed = [], []
    options = {"company_name": night.company.name, "currency": night.company.reporting_currency}
    with open_figures(night.published / "kpis.duckdb", pseudonymised=settings.book == "pseudonymised", **options) as figures:
        digests = [(recipient, compose(figures, recipient, settings.book_address)) for recipient in listed]
    for recipient, digest in digests:
        place = recipient.mail or recipient.webhook
        try:
            if recipient.mail:
                mail(settings, recipient.mail, digest.subject, digest.text, digest.html)
            else:
                post(str(recipient.webhook), {"text": f"{digest.subject}\n\n{digest.text}"})
            sent.append(place)
        except OSError as error:
            failed.append(f"{place}: {error}")
    if failed:
        raise RuntimeError(f"digests that were not sent: {'; '.join(failed)}")
    return sent


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        settings = Settings.from_environment()
        sent = send(settings, Night.of(settings))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"sent to {', '.join(sent)}" if sent else "nobody is named: set DIGEST_RECIPIENTS to a YAML file")
    return 0


if __name__ == "__main__":
    sys.exit(main())
