"""What was read in a book and misled: promises under one name, deals without an amount, lists of what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines.book.blocks import Notice, Page, Section
from pipelines.book.figures import Figures
from pipelines.book.pages import collection, customer, levers, month, people, salesperson
from pipelines.book.words import Words
from pipelines.book.writer import Writer


@pytest.fixture
def warehouse() -> Iterator[Any]:
    with duckdb.connect() as connection:
        for schema in ("meta", "kpi", "receivables", "growth"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table meta.publication as select date '2026-06-30' as report_date, date '2026-06-01' as headline_month")
        connection.execute("create table meta.entity_coverage (entity varchar, is_delivered boolean)")
        connection.execute("create table kpi.kpi_values (kpi varchar, status varchar, period_start_date date, reason varchar)")
        connection.execute("create table kpi.kpi_definitions (kpi varchar, marts varchar)")
        connection.execute("create table growth.opportunity_terms_advice (reason_code varchar, deal_amount decimal(18, 4))")
        yield connection


def writer_of(connection: Any) -> Writer:
    figures = Figures(connection, None, "Shop", "EUR")
    return Writer(figures, Words("en", figures))


def promises(connection: Any) -> None:
    """A promise that was broken, one of a customer who owes more than that, one made anew, one that runs until tonight."""
    connection.execute(
        "create table receivables.overdue_worklist as select * from (values"
        " ('I1', 'broken', 100.0, date '2026-06-29', true, 1, 'no_reason_known'),"
        " ('I2', 'broken', 900.0, null, false, 1, 'no_reason_known'),"
        " ('I3', 'anew', 50.0, date '2026-07-05', true, 2, 'no_reason_known'),"
        " ('I4', 'runs', 7.0, date '2026-06-30', false, 1, 'no_reason_known')"
        ") as t (invoice_id, customer_id, open_amount, promised_date, has_broken_promise, activity_count, cause)"
    )
    connection.execute(
        "create table receivables.overdue_customers as select customer_id, sum(open_amount) as overdue_amount, 0 as untouched_amount,"
        " 0 as untouched_count, bool_or(has_broken_promise) as has_broken_promise from receivables.overdue_worklist group by 1"
    )


def test_promises_that_were_not_kept_are_one_figure_on_both_pages(warehouse: Any) -> None:
    """The list of calls said 4,636 of four customers where the first screen said 711 of five invoices."""
    promises(warehouse)
    writer = writer_of(warehouse)
    (card,) = [card for card in collection.cards(writer).cards if card.label == "Promises not kept"]
    (sentence,) = [found for found in month.overdue_work(writer) if "not kept" in found.text]
    assert (card.value, card.detail) == ("€100", "1 invoice")
    assert "1 invoice of 1 customer, €100" in sentence.text


def test_nobody_is_said_to_be_untouched_where_no_contact_is_delivered(warehouse: Any) -> None:
    """Invoices alone were told that nobody was in touch with seven customers: who does not deliver contacts may have had them."""
    promises(warehouse)
    warehouse.execute("update receivables.overdue_worklist set activity_count = 0, has_broken_promise = false, promised_date = null")
    warehouse.execute("insert into meta.entity_coverage values ('collection_activities', true)")
    assert touches_told(warehouse) == (
        ["Nobody was in touch", "Promises not kept"],
        ["Overdue that nobody has worked on"],
        {"untouched_count", "promised_date", "last_activity"},
    )
    warehouse.execute("update meta.entity_coverage set is_delivered = false")
    assert touches_told(warehouse) == ([], [], set())


def touches_told(connection: Any) -> tuple[list[str], list[str], set[str]]:
    """Cards, sentences and columns that tell who was in touch."""
    writer = writer_of(connection)
    columns = {column if isinstance(column, str) else column.key for column in collection.list_columns(writer)}
    return (
        [card.label for card in collection.cards(writer).cards[2:]],
        [sentence.text.split(":")[0] for sentence in month.overdue_work(writer)],
        columns & {"untouched_count", "promised_date", "last_activity"},
    )


@pytest.mark.parametrize(
    ("rows", "is_delivered", "expected"),
    [
        ("('terms_unrated', null), ('terms_unrated', null)", False, []),
        ("('terms_unrated', null), ('terms_unrated', null)", True, ["2, amount not known"]),
        ("('terms_unrated', 40), ('terms_overdue', 60), ('terms_as_asked', 5)", False, ["1, €60"]),
        ("('terms_unrated', 40), ('terms_overdue', 60), ('terms_as_asked', 5)", True, ["2, €100"]),
    ],
)
def test_deals_of_a_company_without_credit_reports_ask_no_decision_for_that(
    warehouse: Any, rows: str, is_delivered: bool, expected: list[str]
) -> None:
    """A CRM alone was told to decide on 2,089 open deals of $0."""
    warehouse.execute(f"insert into growth.opportunity_terms_advice values {rows}")
    warehouse.execute("insert into meta.entity_coverage values ('credit_assessments', ?)", [is_delivered])
    found = [sentence.text for sentence in month.lists(writer_of(warehouse))]
    assert [text.split(": ")[-1].rstrip(".") for text in found] == expected


def test_a_salesperson_is_not_told_that_nothing_is_overdue_where_nobody_knows(warehouse: Any) -> None:
    """A CRM alone told each of its 35 salespeople that nothing is overdue with their customers."""
    warehouse.execute(
        "create table receivables.overdue_customers (customer_id varchar, account_owner_id varchar, overdue_amount decimal(18, 4))"
    )

    def told_of(name: str) -> list[str]:
        desks = salesperson.Desks(writer_of(warehouse))
        return [desks.overdue(name).text, desks.customers(name).text]

    warehouse.execute("insert into meta.entity_coverage values ('payment_allocations', false)")
    told = told_of("S1")
    assert told[0].startswith("Customers with something overdue: not available.")
    assert not [text for text in told if text == "Nothing is overdue with these customers."]
    # Delivered, and nobody is late.
    warehouse.execute("update meta.entity_coverage set is_delivered = true")
    told = told_of("S1")
    assert told[0] == "Nothing is overdue with these customers."


def test_levers_that_are_all_unknown_are_one_sentence(warehouse: Any) -> None:
    """Thirteen rows of dashes for a CRM alone; a month with one known lever keeps its table."""
    nothing = ", ".join(
        f"cast(null as {'bigint' if name.endswith('count') else 'decimal(18, 4)'}) as {name}"
        for name in (
            *("unit_value_amount", "open_unit_quantity", "basis_amount", "basis_share", "estimate_value"),
            *("estimate_amount", "estimate_low_amount", "estimate_high_amount", "estimate_count"),
        )
    )
    warehouse.execute(
        "create table growth.levers_monthly as select date '2026-06-01' as month_start_date, lever, 'net_revenue' as kpi,"
        " 'not delivered: invoices' as reason, 'net_revenue' as reason_kpi, date '2026-06-01' as reason_period_start_date,"
        f" null as estimate_by, 'no_comparison' as estimate_reason, {nothing} from (values ('discount'), ('win_rate')) as levers (lever)"
    )
    warehouse.execute(
        "create table kpi.kpi_value_reasons as select 'net_revenue' as kpi, 'month' as period_type, date '2026-06-01' as period_start_date,"
        " 'company' as scope_type, 'company' as scope_id, 'not_delivered' as reason_code, null as reason_count, null as reason_of_count,"
        " null as reason_amount, null as reason_date, 'invoices' as reason_subject, null as reason_words"
    )
    warehouse.execute(
        "create table kpi.kpi_reasons as select 'not_delivered' as reason_code, 1 as reason_rank,"
        " 'not delivered: {subject}' as text_en, 'niet aangeleverd: {subject}' as text_nl"
    )
    (section,) = levers.levers(writer_of(warehouse))
    (notice,) = section.blocks
    assert notice.text == "Levers by month: not available. Not delivered: invoices"
    warehouse.execute("update growth.levers_monthly set unit_value_amount = 5 where lever = 'discount'")
    (section,) = levers.levers(writer_of(warehouse))
    assert [row["reason"] for row in section.blocks[0].table.rows] == ["not delivered: invoices"] * 2


@pytest.mark.parametrize(("credited", "told"), [(-501, ["€1,000 was invoiced, and €501 cancelled or credited"]), (-500, []), (0, [])])
def test_revenue_says_that_most_of_it_was_taken_back(warehouse: Any, credited: int, told: list[str]) -> None:
    """₹28.0k at stake in errors stood beside a revenue of ₹750: of 30,829 invoiced 30,079 were cancelled in the month."""
    warehouse.execute(
        "create table growth.revenue_monthly as select date '2026-06-01' as month_start_date, 1000.0 as invoiced_amount,"
        f" {credited}.0 as credited_amount"
    )
    writer = writer_of(warehouse)
    assert writer.mostly_taken_back(date(2026, 6, 1)) == told
    assert writer.mostly_taken_back(date(2026, 5, 1)) == []


def test_what_is_not_there_is_said_once(warehouse: Any) -> None:
    """Three pages of 'nothing was found' for a company that delivers none of it; what a page said above is not said again."""
    for table in ("covers_ending", "terms_discussed", "days_to_pay_monthly"):
        warehouse.execute(f"create table receivables.{table} (customer_id varchar)")
    writer = writer_of(warehouse)
    writer.absent("receivables.days_to_pay_monthly", "Median days to pay")
    (notice,) = writer.further_tables("receivables")
    assert isinstance(notice, Notice)
    assert notice.text == "Credit covers that end; Terms discussed and terms given: no row up to the report date."


def test_a_heading_with_nothing_below_it_does_not_stand() -> None:
    page = Page("a.html", "A", "a", [Section("empty", "Pictures", "", []), Section("full", "Cards", "", [Notice("there")])])
    assert [section.anchor for section in page.sections] == ["full"]


def test_lines_of_a_customers_result_add_up_to_it(warehouse: Any) -> None:
    """The revenue without a known unit cost is no result: left out of the lines, they led to 52 more than the result below them."""
    warehouse.execute("create schema customer_accounting")
    parts = dict.fromkeys(customer.RESULT_COLUMNS, 0) | {
        "net_revenue_amount": 800, "cost_of_goods_amount": 471, "cost_to_serve_amount": 1986, "carrying_cost_amount": 14,
        "uncosted_amount": 52, "result_amount": -1723,
    }  # fmt: skip
    columns = ", ".join(f"{value} as {key}" for key, value in parts.items())
    warehouse.execute(
        "create table customer_accounting.customer_result_monthly as"
        f" select 'K1' as customer_id, date '2026-06-01' as month_start_date, {columns}"
    )
    (facts,) = customer.Sheets(writer_of(warehouse), ["K1"]).result("K1")
    amounts = [int(value.replace("\u2212", "-").replace("\u20ac", "").replace(",", "")) for _, value in facts.pairs]
    assert amounts[-1] == sum(amounts[:-1]) == -1723
    assert ("Without known cost", "\u2212\u20ac52") in facts.pairs


@pytest.mark.parametrize(
    ("reason_code", "next_action", "expected"),
    [
        ("approach_owed_answer", "call", "Say first what is wrong"),
        ("approach_owed_answer", "wait for the promise", "Nothing before"),
        ("approach_policy", "call", "Ask when"),
        (None, "call", "Ask when"),
    ],
)
def test_whom_we_owe_an_answer_is_not_asked_for_money_first(
    warehouse: Any, reason_code: str | None, next_action: str, expected: str
) -> None:
    """One row said 'no reminder before the answer is given' and 'ask when the 141 will be paid'."""
    row = {"reason_code": reason_code, "next_action": next_action, "overdue_amount": 141, "oldest_invoice_id": "I1"}
    told = collection.say(writer_of(warehouse).words, row | {"oldest_due_date": None, "promised_date": None})
    assert told.startswith(expected)


def test_overdue_by_who_owns_the_account_says_that_it_is_no_figure_by_who_sold(warehouse: Any) -> None:
    """A page had 6,889 overdue above customers who owe 6,700: one by who sold the invoice, the other by who owns the account."""
    warehouse.execute(
        "create table receivables.overdue_customers as select 'K1' as customer_id, 'S1' as account_owner_id,"
        " 'north' as team, 5 as overdue_amount,"
        " 'no_reason_known' as cause, date '2026-06-01' as oldest_due_date, 'I1' as oldest_invoice_id, 0 as untouched_count,"
        " cast(null as date) as promised_date, cast(null as date) as last_activity_date, null as last_activity_kind, 'call' as next_action,"
        " 'finance' as by_department, null as contact_name, null as contact_phone"
    )
    writer = writer_of(warehouse)
    notes = {key: [table.note for table in people.overdue_by(writer, key, "a-{key}", 1).values()] for key in ("account_owner_id", "team")}
    assert notes["team"] == [""]
    assert "who owns the account" in notes["account_owner_id"][0]
