"""A company's YAML, validated before anything runs.

One file says what the company delivers and how it maps to the contracts; adding a company is adding a file. Keep out:
reading any delivered file.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator

from pipelines.companies.delivered import Mapping, Notation, Source, Strict, known_time_zone
from pipelines.companies.own_mappings import OWN_MAPPINGS
from pipelines.companies.yaml_file import read_yaml
from pipelines.settings import DBT_FOLDER, DRAFT_SUFFIX, SettingsError
from pipelines.sources.contracts import DATE_TYPES, load_contracts
from pipelines.sources.expressions import check_joins
from pipelines.warehouse import identifier

COMPANY_NAME = r"^[a-z][a-z0-9_]*$"


#: What is done with receipts that nothing tells where they belong, as the number under which SQL knows it.
RECEIPT_POLICIES = ("none", "oldest_first")


def _policy(value: Any) -> int:
    """``none`` -> 0, ``oldest_first`` -> 1; an answer in words for anything else."""
    if value in (0, 1) and not isinstance(value, bool):
        return value
    if value not in RECEIPT_POLICIES:
        raise ValueError(f"expected {' or '.join(RECEIPT_POLICIES)}, got {value!r}")
    return RECEIPT_POLICIES.index(value)


class Parameters(Strict):
    """Thresholds of rules and KPIs; every one has a default and a reason. They become the one row of raw.parameters."""

    quarantined_share_limit: Decimal = Field(Decimal("0.02"), description="share of a month's euros that may be held out")
    quarantined_row_share_limit: Decimal = Field(Decimal("0.05"), description="share of an entity's rows in quarantine")
    quarantined_row_floor: int = Field(10, description="rows of an entity that may always stand in quarantine: a share of few says little")
    lost_row_share_limit: Decimal = Field(Decimal("0.2"), description="share of its rows that a full delivery may lose unconfirmed")
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
    measured_quantity_tolerance_share: Decimal = Field(
        Decimal("0.05"), description="share by which what is weighed or measured (kg, l, m) may differ from what was ordered"
    )
    family_stake_share_limit: Decimal = Field(
        Decimal("0.02"), description="share of a month's euros that one family of error rules may put at stake"
    )
    pre_due_call_days: int = Field(14, description="horizon of the list of calls before the due date")
    pre_due_late_days: int = Field(5, description="days after the due date from which a payment counts as late for the calls before it")
    cover_ending_days: int = Field(90, description="horizon of the list of credit insurance covers that end")
    flat_haircut_share: Decimal = Field(Decimal("0.25"), description="flat cut on sales' forecast")
    forecast_judged_months: int = Field(9, description="closed months over which a forecast's method has to be better than the flat cut")
    haircut_shrinkage_periods: int = Field(
        6, description="closed periods at which a salesperson's own haircut weighs as much as the team's"
    )
    stage_shrinkage_deals: int = Field(10, description="deals at which a stage or age of deals weighs as much as what it leans on")
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
        Decimal("25"),
        description="largest amount that a bank keeps for itself, in the payment's currency, and that is taken for its charge",
    )
    unmatched_receipts: Annotated[int, BeforeValidator(_policy)] = Field(
        0, description="what becomes of receipts without evidence: none (they stay unapplied) or oldest_first (the payer's oldest items)"
    )
    late_payment_compensation_amount: Decimal = Field(
        Decimal("40"), description="flat compensation for an invoice that is paid late (directive 2011/7/EU), in the reporting currency"
    )

    @model_validator(mode="after")
    def _within_range(self) -> Parameters:
        for name, value in self:
            if value < 0 or (("_share" in name) and value > 1):
                raise ValueError(f"{name}: expected {'a share from 0 to 1' if '_share' in name else 'no negative number'}, got {value}")
        return self


class ApprovedException(Strict):
    """A finding that someone with a name allows for a while: the document counts again, the finding stays visible."""

    error_code: str
    document_id: str
    approved_by: str
    reason: str
    valid_until_date: date


class ConfirmedDelivery(Strict):
    """A full delivery that someone with a name confirms, although it is empty or lost more than the limit."""

    path: str
    confirmed_by: str
    reason: str


class DateRange(Strict):
    """Which days of a column are plausible, where the contract's own range does not fit the company."""

    first: date | None = Field(None, description="first plausible day")
    days_ahead: Annotated[int, Field(ge=0)] | None = Field(None, description="days after the day of delivery that are plausible")


class SwitchedOffRule(Strict):
    """A rule that does not hold for this company; ``rule_coverage`` says so, with the name and the reason."""

    error_code: str
    switched_off_by: str
    reason: str

    @field_validator("error_code")
    @classmethod
    def _known_rule(cls, value: str) -> str:
        with (DBT_FOLDER / "seeds" / "invoice_error_types.csv").open(encoding="utf-8", newline="") as seed:
            known = {row["error_code"]: row["severity"] for row in csv.DictReader(seed)}
        if value not in known:
            raise ValueError("unknown error code; known are those of seeds/invoice_error_types.csv")
        if known[value] == "blocks":
            raise ValueError("a rule that blocks a delivery is judged at arrival and is not switched off")
        return value


class Company(Strict):
    """One company: identity, calendar, sources, mappings, thresholds."""

    company: Annotated[str, Field(pattern=COMPANY_NAME)]
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
    contract_sources: dict[str, dict[str, Any]] = Field(
        {}, description="entity -> what else its files of contract_files are: header_row, delimiter, notation, delivery and the like"
    )
    sources: dict[Annotated[str, Field(pattern=COMPANY_NAME)], Source] = Field({})
    entities: dict[str, Mapping] = Field({})
    not_delivered: dict[str, str] = Field({}, description="entity -> why the company cannot deliver it")
    parameters: Parameters = Parameters()
    approved_exceptions: tuple[ApprovedException, ...] = ()
    confirmed_deliveries: tuple[ConfirmedDelivery, ...] = ()
    date_ranges: dict[str, DateRange] = Field({}, description="<entity>.<column> -> plausible days other than the contract's")
    switched_off_rules: tuple[SwitchedOffRule, ...] = ()

    @field_validator("time_zone")
    @classmethod
    def _known_time_zone(cls, value: str) -> str:
        return known_time_zone(value)

    @model_validator(mode="before")
    @classmethod
    def _columns_of_the_source(cls, value: Any) -> Any:
        """A mapping that names no columns takes those of its source, which then have the contract's names."""
        if not isinstance(value, dict) or not isinstance(value.get("entities"), dict) or not isinstance(value.get("sources"), dict):
            return value
        entities = {}
        for entity, mapping in value["entities"].items():
            source = value["sources"].get(mapping.get("source")) if isinstance(mapping, dict) else None
            if isinstance(source, dict) and "columns" not in mapping:
                names = [*(source.get("columns") or ()), *(source.get("optional_columns") or ())]
                mapping = mapping | {"columns": {name: identifier(name) for name in names if isinstance(name, str)}}
            entities[entity] = mapping
        return value | {"entities": entities}

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
            if mapping.joins.strip():
                try:
                    check_joins(mapping.source, mapping.joins, list(self.sources))
                except ValueError as error:
                    raise ValueError(f"entities.{entity}.joins: {error}") from None
        for entity in self.not_delivered:
            if entity in self.entities:
                raise ValueError(f"not_delivered.{entity}: the entity is mapped as well")
        if self.last_complete_day != "delivered_on":
            entity, _, column = self.last_complete_day.partition(".")
            if entity not in contracts or column not in {item.name for item in contracts[entity].columns}:
                raise ValueError("last_complete_day: expected 'delivered_on' or <entity>.<column>")
        for place in self.date_ranges:
            entity, _, column = place.partition(".")
            days = {item.name for item in contracts[entity].columns if item.type in DATE_TYPES} if entity in contracts else set()
            if column not in days:
                raise ValueError(f"date_ranges.{place}: expected <entity>.<column of days>")
        unknown = [entity for entity in self.contract_sources if entity not in self._contract_entities()]
        if unknown:
            raise ValueError(f"contract_sources.{unknown[0]}: is no entity that comes by contract_files")
        self.all_sources()
        own: dict[str, list[str]] = {}
        for name, source in self.sources.items():
            if source.format in OWN_MAPPINGS:
                own.setdefault(OWN_MAPPINGS[source.format].what, []).append(name)
        if not self.entities and not self.contract_files and not own:
            raise ValueError("entities: expected at least one mapping, or contract_files")
        for what, names in own.items():
            if len(names) > 1:
                raise ValueError(f"sources: {' and '.join(names)} both bring {what}; one source of them can be read")
        return self

    def all_sources(self) -> dict[str, Source]:
        """Declared sources, each with its notation or the company's, and one per entity that comes in the contracts' own columns."""
        return self.sources_read

    @property
    def reads_files(self) -> bool:
        """Whether something of it comes as files, and not all of it from databases."""
        return any(source.format != "database" for source in self.all_sources().values())

    def all_entities(self) -> dict[str, Mapping]:
        """Mapping per entity, written or (for the contracts' own columns) implied."""
        return self.entities_read

    @cached_property
    def sources_read(self) -> dict[str, Source]:
        # A format with a mapping of its own writes days and amounts as its standard says.
        declared = {
            name: source.model_copy(
                update={"notation": Notation(), "columns": OWN_MAPPINGS[source.format].columns}
                if source.format in OWN_MAPPINGS
                else {"notation": source.notation or self.notation}
            )
            for name, source in self.sources.items()
        }
        return declared | {
            entity: Source.model_validate(
                {"format": self.contract_format, "delivered_on": self.contract_delivered_on, "notation": self.notation}
                | self.contract_sources.get(entity, {})
                | {
                    "files": self.contract_files.replace("{entity}", entity),
                    "columns": tuple(column.name for column in contract.columns if column.is_required),
                    "optional_columns": tuple(column.name for column in contract.columns if not column.is_required),
                }
            )
            for entity, contract in self._contract_entities().items()
        }

    @cached_property
    def entities_read(self) -> dict[str, Mapping]:
        return (
            self._own_entities()
            | self.entities
            | {
                entity: Mapping(source=entity, columns={column.name: f'"{column.name}"' for column in contract.columns})
                for entity, contract in self._contract_entities().items()
            }
        )

    def _own_entities(self) -> dict[str, Mapping]:
        """What bank statements and electronic invoices fill without a mapping, but for what the company maps or does not deliver itself."""
        skipped = {*self.entities, *self.not_delivered}
        return {
            entity: Mapping(source=name, where=where, columns={column: f'"{column}"' for column in columns} | renamed)
            for name, source in self.sources.items()
            if source.format in OWN_MAPPINGS
            for entity, (where, columns, renamed) in OWN_MAPPINGS[source.format].entities.items()
            if entity not in skipped and not (self.contract_files and entity in OWN_MAPPINGS[source.format].masters)
        }

    def _contract_entities(self) -> dict[str, Any]:
        if not self.contract_files:
            return {}
        skipped = {*self.entities, *self.not_delivered, *self._own_entities()}
        return {entity: contract for entity, contract in load_contracts().items() if entity not in skipped}


def load_company(path: Path) -> Company:
    """The company in ``path``. Raises SettingsError naming the file, each wrong key, its value and what was expected."""
    if path.name.endswith(DRAFT_SUFFIX):
        raise SettingsError(f"{path.name}: a draft; answer its questions and save it as {path.name.removesuffix(DRAFT_SUFFIX)}.yaml")
    document = read_yaml(path)
    if not isinstance(document, dict):
        raise SettingsError(f"{path.name}: expected keys such as company, sources, entities; got {type(document).__name__}")
    try:
        return Company.model_validate(document)
    except ValidationError as error:
        lines = [
            f"  {'.'.join(str(part) for part in item['loc']) or '(file)'}: {item['msg'].removeprefix('Value error, ')}"
            + (f" (got {_short(item['input'])})" if not isinstance(item["input"], dict) and item["loc"][-1:] != ("address",) else "")
            for item in error.errors()
        ]
        raise SettingsError(f"{path.name}: {len(lines)} wrong\n" + "\n".join(lines)) from None


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:197] + "..."
