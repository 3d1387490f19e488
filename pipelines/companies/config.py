"""A company's YAML, validated before anything runs.

One file says what the company delivers and how it maps to the contracts; adding a company is adding a file. Keep out:
reading any delivered file.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from pipelines.settings import SettingsError
from pipelines.sources.contracts import load_contracts

_NAME = r"^[a-z][a-z0-9_]*$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Notation(_Strict):
    """How values are written in a file. Nothing is guessed: what does not fit goes to quarantine."""

    date_format: str = Field("%Y-%m-%d", description="strptime format of days")
    timestamp_format: str = Field("%Y-%m-%d %H:%M:%S", description="strptime format of instants")
    decimal_sign: Literal[".", ","] = "."
    thousands_sign: Literal["", ".", ",", " ", "'"] = ""
    true_values: tuple[str, ...] = ("true", "1", "yes")
    false_values: tuple[str, ...] = ("false", "0", "no")
    null_values: tuple[str, ...] = Field((), description="texts that mean: no value (empty always does)")
    time_zone: str = Field("UTC", description="time zone in which instants are written")

    @model_validator(mode="after")
    def _signs_differ(self) -> Notation:
        if self.decimal_sign == self.thousands_sign:
            raise ValueError("decimal_sign and thousands_sign are the same")
        return self

    @field_validator("time_zone")
    @classmethod
    def _known_time_zone(cls, value: str) -> str:
        return known_time_zone(value)


class ControlTotal(_Strict):
    """What the sender says it sent: number of rows, and sums by column or SQL expression."""

    rows: int | None = None
    sums: dict[str, Decimal] = {}


class Source(_Strict):
    """Files of one shape. ``files`` is a glob below the data folder; ``columns`` what their header must hold."""

    files: str
    format: Literal["csv", "parquet", "jsonl", "excel"] = "csv"
    encoding: str = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quote: Annotated[str, Field(min_length=1, max_length=1)] = '"'
    header: tuple[str, ...] = Field((), description="names of the columns of delimited text whose files have no header line")
    sheet: str | None = Field(None, description="Excel sheet; the first where not given")
    columns: tuple[str, ...]
    optional_columns: tuple[str, ...] = Field((), description="columns that are read where a file has them")
    delivered_on: str | None = Field(None, description="regular expression on the file name, one group: YYYY-MM-DD")
    delivery: Literal["increment", "full"] = "increment"
    notation: Notation | None = None
    control_total: ControlTotal | None = Field(None, description="over all deliveries of the source together")

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            "".encode(value)
        except LookupError:
            raise ValueError(f"unknown encoding {value!r}") from None
        return value

    @model_validator(mode="after")
    def _header_is_of_text(self) -> Source:
        if self.header and self.format != "csv":
            raise ValueError(f"header: {self.format} names its own columns; a header is declared for csv only")
        return self

    @field_validator("delivered_on")
    @classmethod
    def _has_one_group(cls, value: str | None) -> str | None:
        if value is not None and re.compile(value).groups != 1:
            raise ValueError("expected a regular expression with exactly one group that holds YYYY-MM-DD")
        return value


class Mapping(_Strict):
    """How one entity follows from a source: an SQL expression per column over the delivered columns.

    ``joins`` adds other sources by name; ``where`` takes part of the rows; ``group_by`` makes one row of several within a
    delivery (expressions are then aggregates).
    """

    source: str
    joins: str = ""
    where: str = "true"
    group_by: tuple[str, ...] = ()
    columns: dict[str, str]

    @field_validator("columns", mode="before")
    @classmethod
    def _texts(cls, value: Any) -> Any:
        return {name: str(text) for name, text in value.items()} if isinstance(value, dict) else value


class Parameters(_Strict):
    """Thresholds of rules and KPIs; every one has a default and a reason. They become the one row of raw.parameters."""

    quarantined_share_limit: Decimal = Field(Decimal("0.02"), description="share of a month's euros that may be held out")
    quarantined_row_share_limit: Decimal = Field(Decimal("0.05"), description="share of an entity's rows in quarantine")
    quarantined_row_floor: int = Field(10, description="rows of an entity that may always stand in quarantine: a share of few says little")
    unbilled_grace_days: int = Field(7, description="days between delivery and invoice before it counts as unbilled")
    late_invoicing_days: int = Field(7, description="days between delivery and invoice before it is late")
    return_credit_grace_days: int = Field(14, description="days between return and credit note")
    first_time_right_days: int = Field(60, description="window in which an error spoils first time right")
    churn_gap_multiple: Decimal = Field(Decimal("3"), description="times its own median interval before a customer is churned")
    churn_floor_days: int = Field(90, description="shortest gap that counts as churn")
    churn_minimum_customer_months: int = Field(20, description="customer-months in which a loss could be seen, for a yearly rate")
    purchase_reversal_days: int = Field(60, description="days in which a credit in full makes a purchase none")
    first_month_grace_days: int = Field(4, description="days without a row with which a first month is still complete")
    lead_conversion_days: int = Field(120, description="days from lead to closed deal in which the lead's cost goes along to the customer")
    annual_write_off_maximum_share: Decimal = Field(Decimal("0.005"), description="write-offs allowed a year")
    duplicate_invoice_days: int = Field(30, description="window for duplicate invoices")
    near_duplicate_days: int = Field(90, description="window for near duplicate numbers")
    needless_credit_days: int = Field(30, description="window between credit note and re-bill")
    unapplied_cash_norm_days: int = Field(30, description="days that cash may stay unapplied")
    carrying_cost_share: Decimal = Field(Decimal("0.08"), description="cost of capital a year on receivables")
    handling_cost_amount: Decimal = Field(Decimal("35"), description="cost of handling one credit note or re-bill")
    price_tolerance_amount: Decimal = Field(Decimal("0.01"), description="difference of a net unit price that is still right")
    price_tolerance_share: Decimal = Field(Decimal("0"), description="the same as a share of the price; the larger of both holds")
    quantity_tolerance: Decimal = Field(Decimal("0"), description="pieces of an order line that may be invoiced beyond it")
    quantity_tolerance_share: Decimal = Field(
        Decimal("0"), description="the same as a share of the ordered quantity; the larger of both holds"
    )
    large_customer_terms_days: int = Field(
        30, description="longest terms that NL law allows a large customer of a small supplier; a large supplier sets 60"
    )
    number_date_tolerance_days: int = Field(3, description="days by which a later number may carry an earlier date")
    payment_duplicate_days: int = Field(7, description="window for equal payments of one payer")
    short_payment_grace_days: int = Field(7, description="days after the last receipt before what is missing counts as short paid")
    cash_discount_days: int = Field(10, description="days after issue within which a discount for early payment holds")
    family_stake_share_limit: Decimal = Field(
        Decimal("0.02"), description="share of a month's euros that one family of error rules may put at stake"
    )
    pre_due_call_days: int = Field(14, description="horizon of the list of calls before the due date")
    flat_haircut_share: Decimal = Field(Decimal("0.25"), description="flat cut on sales' forecast")
    haircut_shrinkage_periods: int = Field(
        6, description="closed periods at which a salesperson's own haircut weighs as much as the team's"
    )
    cannot_pay_probability_share: Decimal = Field(
        Decimal("0.05"), description="yearly probability of default from which a customer cannot pay"
    )
    sales_help_days: int = Field(30, description="days after an activity of sales in which cash counts as collected with its help")
    report_loss_prevented_share: Decimal = Field(Decimal("0.4"), description="part of expected loss that a credit report prevents")
    prepayment_lost_sales_share: Decimal = Field(Decimal("0.3"), description="part of sales that is lost when prepayment is asked")
    settlement_tolerance_amount: Decimal = Field(
        Decimal("0.05"), description="rest of a document, in its own currency, that closes as rounding once something was applied"
    )
    exchange_tolerance_share: Decimal = Field(
        Decimal("0.05"), description="difference with the day's rate within which an application in another currency took its whole payment"
    )
    bank_charge_limit_amount: Decimal = Field(
        Decimal("25"), description="largest amount that a bank keeps for itself, in the payment's currency, and that is taken for its charge"
    )


class ApprovedException(_Strict):
    """A finding that someone with a name allows for a while: the document counts again, the finding stays visible."""

    error_code: str
    document_id: str
    approved_by: str
    reason: str
    valid_until_date: date


class Company(_Strict):
    """One company: identity, calendar, sources, mappings, thresholds."""

    company: Annotated[str, Field(pattern=_NAME)]
    name: str
    time_zone: str
    reporting_currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    last_complete_day: str = Field(
        description="'delivered_on', or <entity>.<date column> whose latest value is the last day the deliveries cover"
    )
    folder: str | None = Field(None, description="folder of this company below DATA_DIR, where DATA_DIR holds several")
    demo: dict[str, Any] | None = Field(None, description="settings of the demo generator, where there is no DATA_DIR")
    notation: Notation = Notation()
    contract_files: str | None = Field(None, description="glob with {entity}: files with the contracts' own columns")
    contract_format: Literal["csv", "parquet", "jsonl", "excel"] = "csv"
    contract_delivered_on: str | None = None
    sources: dict[Annotated[str, Field(pattern=_NAME)], Source] = {}
    entities: dict[str, Mapping] = {}
    not_delivered: dict[str, str] = Field({}, description="entity -> why the company cannot deliver it")
    parameters: Parameters = Parameters()
    approved_exceptions: tuple[ApprovedException, ...] = ()

    @field_validator("time_zone")
    @classmethod
    def _known_time_zone(cls, value: str) -> str:
        return known_time_zone(value)

    @model_validator(mode="after")
    def _names_agree(self) -> Company:
        contracts = load_contracts()
        for entity in [*self.entities, *self.not_delivered]:
            if entity not in contracts:
                raise ValueError(f"entities.{entity}: unknown entity; known are {', '.join(contracts)}")
        for entity, mapping in self.entities.items():
            if mapping.source not in self.sources:
                raise ValueError(f"entities.{entity}.source: {mapping.source!r} is not one of the sources")
            known = {column.name for column in contracts[entity].columns}
            for column in mapping.columns:
                if column not in known:
                    raise ValueError(f"entities.{entity}.columns.{column}: unknown column; known are {', '.join(sorted(known))}")
            for column in contracts[entity].columns:
                if column.is_required and column.name not in mapping.columns:
                    raise ValueError(f"entities.{entity}.columns: required column {column.name!r} is not mapped")
        for entity in self.not_delivered:
            if entity in self.entities:
                raise ValueError(f"not_delivered.{entity}: the entity is mapped as well")
        if self.last_complete_day != "delivered_on":
            entity, _, column = self.last_complete_day.partition(".")
            if entity not in contracts or column not in {item.name for item in contracts[entity].columns}:
                raise ValueError("last_complete_day: expected 'delivered_on' or <entity>.<column>")
        if not self.entities and not self.contract_files:
            raise ValueError("entities: expected at least one mapping, or contract_files")
        return self

    def all_sources(self) -> dict[str, Source]:
        """Declared sources, and one per entity that comes in the contracts' own columns."""
        return self.sources | {
            entity: Source(
                files=self.contract_files.replace("{entity}", entity),
                format=self.contract_format,
                columns=tuple(column.name for column in contract.columns if column.is_required),
                optional_columns=tuple(column.name for column in contract.columns if not column.is_required),
                delivered_on=self.contract_delivered_on,
            )
            for entity, contract in self._contract_entities().items()
        }

    def all_entities(self) -> dict[str, Mapping]:
        """Mapping per entity, written or (for the contracts' own columns) implied."""
        return self.entities | {
            entity: Mapping(source=entity, columns={column.name: f'"{column.name}"' for column in contract.columns})
            for entity, contract in self._contract_entities().items()
        }

    def _contract_entities(self) -> dict[str, Any]:
        if not self.contract_files:
            return {}
        skipped = {*self.entities, *self.not_delivered}
        return {entity: contract for entity, contract in load_contracts().items() if entity not in skipped}


def known_time_zone(value: str) -> str:
    """``value`` if it names a time zone; ValueError otherwise."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"unknown time zone {value!r}; expected a name like Europe/Amsterdam") from None
    return value


def load_company(path: Path) -> Company:
    """The company in ``path``. Raises SettingsError naming the file, each wrong key, its value and what was expected."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name}: not readable as YAML: {error}") from None
    if not isinstance(document, dict):
        raise SettingsError(f"{path.name}: expected keys such as company, sources, entities; got {type(document).__name__}")
    try:
        return Company.model_validate(document)
    except ValidationError as error:
        lines = [
            f"  {'.'.join(str(part) for part in item['loc']) or '(file)'}: {item['msg'].removeprefix('Value error, ')}"
            + (f" (got {item['input']!r})" if not isinstance(item["input"], dict) else "")
            for item in error.errors()
        ]
        raise SettingsError(f"{path.name}: {len(lines)} wrong\n" + "\n".join(lines)) from None
