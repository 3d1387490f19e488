"""A group's YAML, validated before anything is read. Keep out: reading any publication."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from pipelines.companies.config import COMPANY_NAME
from pipelines.companies.delivered import Strict
from pipelines.companies.yaml_file import read_yaml
from pipelines.settings import SettingsError

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Member(Strict):
    """A company of the group, by what its sister companies know it as a customer: what they sell to it is not sold outside."""

    vat_ids: tuple[str, ...] = ()
    registration_numbers: tuple[str, ...] = ()
    country: Annotated[str | None, Field(pattern=r"^[A-Z]{2}$")] = Field(None, description="country of the register of its numbers")

    @model_validator(mode="after")
    def _is_known_by_something(self) -> Member:
        if not self.vat_ids and not self.registration_numbers:
            raise ValueError("expected vat_ids or registration_numbers: without them sales to it would count as the group's")
        if self.registration_numbers and self.country is None:
            raise ValueError("registration_numbers need the country of their register")
        return self


class Rate(Strict):
    """One unit of ``currency`` is ``rate`` of the group's, on ``rate_date``. It goes before what companies deliver."""

    currency: Currency
    rate_date: date
    rate: Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=8)]


class Group(Strict):
    """Which companies, in which currency, and what is said of them for the group alone."""

    group: Annotated[str, Field(pattern=COMPANY_NAME)]
    name: str
    currency: Currency
    companies: Annotated[dict[Annotated[str, Field(pattern=COMPANY_NAME)], Member], Field(min_length=1)]
    rates: tuple[Rate, ...] = ()
    segments: dict[Literal["industry_code", "size_class"], dict[str, dict[str, str]]] = Field(
        {}, description="kind of segment -> company -> the company's segment -> the group's; what is not named keeps its name"
    )

    @model_validator(mode="after")
    def _names_agree(self) -> Group:
        if self.group in self.companies:
            raise ValueError(f"group: {self.group!r} is one of its companies; both would stand in one folder")
        for kind, companies in self.segments.items():
            for company in companies:
                if company not in self.companies:
                    raise ValueError(f"segments.{kind}.{company}: not one of the companies")
        return self


def load_group(path: Path) -> tuple[Group, str]:
    """The group in ``path`` and the text of the file. Raises SettingsError naming the file and each wrong key."""
    document = read_yaml(path)
    try:
        return Group.model_validate(document), path.read_text(encoding="utf-8")
    except ValidationError as error:
        lines = [
            f"  {'.'.join(str(part) for part in item['loc']) or '(file)'}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors()
        ]
        raise SettingsError(f"{path.name}: {len(lines)} wrong\n" + "\n".join(lines)) from None
