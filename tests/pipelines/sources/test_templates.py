"""The templates of widespread systems, each on a small invented delivery of that system's own columns or tables."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from pipelines.companies.config import Company, load_company
from pipelines.settings import TEMPLATES_FOLDER
from pipelines.sources.contracts import load_contracts
from pipelines.sources.landing import land
from pipelines.sources.loading import Loader, load_all
from pipelines.warehouse import connect
from tests.pipelines.sources.servers import Server, mariadb, postgresql

INVENTED = Path(__file__).with_name("templates")
Raw = Callable[[str], list[tuple]]


def load(name: str, data: Path, folder: Path) -> Raw:
    """Lands and loads ``data`` by the template; returns a query over the raw tables. Nothing may be refused or in quarantine, but for
    rows that a template leaves out by its ``where``."""
    company, landed = load_company(TEMPLATES_FOLDER / f"{name}.yaml"), folder / "landed"
    landed.mkdir()
    landing = land(data, landed, company.all_sources())
    assert [(refusal.path, refusal.reason) for refusal in landing.refusals] == []
    with connect(reach=[landed]) as connection:
        load_all(Loader(connection, company, landing, landed))
        tables = {entity: connection.execute(f"select * from raw.{entity}").df() for entity in load_contracts()}
        assert connection.execute("select entity, column_name, rule, value from raw.quarantine where rule <> 'not_mapped'").fetchall() == []
        missing = [entity for entity in company.all_entities() if tables[entity].empty]
        assert missing == []

    def raw(sql: str) -> list[tuple]:
        with connect() as engine:
            for entity, rows in tables.items():
                engine.register(entity, rows)
            return [tuple(str(value) if value is not None else None for value in row) for row in engine.execute(sql).fetchall()]

    return raw


@pytest.mark.parametrize("path", sorted(TEMPLATES_FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_template_is_a_company_s_file_that_says_what_it_was_tried_on(path: Path) -> None:
    assert isinstance(load_company(path), Company)
    head = path.read_text(encoding="utf-8").partition("\ncompany:")[0]
    assert "starting point" in head
    assert "Tried on" in " ".join(head.split())


def test_salesforce_gives_accounts_deals_contacts_and_their_people(tmp_path: Path) -> None:
    write(
        tmp_path,
        Account="Id,Name,ParentId,Industry,BillingCountry,OwnerId,CreatedDate\n001A,Bakery,,Food,NL,005A,2024-01-05 10:00:00\n",
        User="Id,Name,Department,IsActive\n005A,Ann,North,true\n",
        Campaign="Id,Name,Type,StartDate,EndDate,ActualCost\n701A,Fair,Trade Show,2025-01-01,2025-01-05,1500.00\n",
        Lead="Id,CreatedDate,LeadSource,OwnerId,Status,ConvertedDate,ConvertedOpportunityId\n"
        "00QA,2025-01-02 09:00:00,Web,005A,Qualified,2025-01-09,006A\n",
        Opportunity=(
            "Id,AccountId,Name,OwnerId,CreatedDate,StageName,Type,Amount,Probability,CloseDate,IsClosed,IsWon\n"
            "006A,001A,Flour,005A,2025-01-09 09:00:00,Closed Won,New Business,5000.00,100,2025-02-01,true,true\n"
            "006B,001A,More,005A,2025-01-10 09:00:00,Proposal,Existing Business,900.50,40,2025-09-01,false,false\n"
        ),
        Contact="Id,AccountId,Name,Title,Phone,Email\n003A,001A,Jo,Accounts payable,+31 1,jo@example.com\n",
        Task=(
            "Id,AccountId,OwnerId,ActivityDate,TaskSubtype,Status,CallDurationInSeconds\n"
            "00TA,001A,005A,2025-01-20,Call,Completed,300\n00TB,001A,005A,2025-07-20,Call,Not Started,\n"
        ),
        Case="Id,AccountId,CreatedDate,ClosedDate,Type\n500A,001A,2025-03-01 08:00:00,,Problem\n",
    )
    raw = load("salesforce", tmp_path / "data", tmp_path)
    assert raw(
        "select opportunity_id, kind, amount, probability_share, expected_close_date::date, closed_date::date, is_won"
        " from opportunities order by 1"
    ) == [
        ("006A", "new", "5000.0", "1.0", None, "2025-02-01", "True"),
        ("006B", "upsell", "900.5", "0.4", "2025-09-01", None, None),
    ]
    assert raw("select contact_id, kind, minutes from contact_moments") == [("00TA", "call", "5.0")]
    assert raw("select kind from service_tickets") == [("complaint",)]
    assert raw("select opportunity_id, converted_at::date from leads") == [("006A", "2025-01-09")]


def test_hubspot_gives_companies_deals_and_tickets(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{
            "hubspot-crm-exports-all-companies": (
                "Record ID,Company name,Country/Region,Industry,Company owner,Create Date\n"
                "11,Bakery,Netherlands,FOOD_PRODUCTION,Ann,2024-01-05 10:00\n"
            ),
            "hubspot-crm-exports-all-deals": (
                "Record ID,Deal Name,Deal Stage,Deal owner,Amount,Create Date,Close Date,Is Closed Won,"
                "Is closed lost,Associated Company IDs\n"
                "21,Flour,Closed Won,Ann,5000,2025-01-09 09:00,2025-02-01 10:00,true,false,11\n"
                "22,More,Proposal,Ann,900.5,2025-01-10 09:00,2025-09-01 10:00,false,false,11;12\n"
                "23,Lost,Closed Lost,Bob,10,2025-01-10 09:00,2025-02-01 10:00,false,true,\n"
            ),
            "hubspot-crm-exports-all-tickets": (
                "Ticket ID,Create date,Close date,Category,Associated Company IDs\n31,2025-03-01 08:00,2025-03-02 08:00,Billing issue,11\n"
            ),
        },
    )
    raw = load("hubspot", tmp_path / "data", tmp_path)
    assert raw(
        "select opportunity_id, customer_id, expected_close_date::date, closed_date::date, is_won from opportunities order by 1"
    ) == [
        ("21", "11", None, "2025-02-01", "True"),
        ("22", "11", "2025-09-01", None, None),
        ("23", None, None, "2025-02-01", "False"),
    ]
    assert raw("select salesperson_id from salespeople order by 1") == [("Ann",), ("Bob",)]


def test_pipedrive_gives_organisations_deals_and_activities(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{
            "organizations-1": "Organization - ID,Organization - Name,Organization - Owner,Organization - Organization created\n"
            "1,Bakery,Ann,2024-01-05 10:00:00\n",
            "deals-1": (
                "Deal - ID,Deal - Title,Deal - Owner,Deal - Organization ID,Deal - Value,Deal - Stage,Deal - Status,Deal - Deal created,"
                "Deal - Won time,Deal - Lost time,Deal - Expected close date\n"
                "1,Flour,Ann,1,5000,Negotiations,Won,2025-01-09 09:00:00,2025-02-01 10:00:00,,2025-02-10\n"
                "2,More,Ann,1,900.5,Proposal,Open,2025-01-10 09:00:00,,,2025-09-01\n"
            ),
            "activities-1": (
                "Activity - ID,Activity - Type,Activity - Done,Activity - Due date,Activity - Assigned to user,Activity - Organization ID\n"
                "1,Call,Done,2025-01-20,Ann,1\n2,Call,To do,2025-07-20,Ann,1\n"
            ),
        },
    )
    raw = load("pipedrive", tmp_path / "data", tmp_path)
    assert raw("select opportunity_id, amount, closed_date::date, is_won from opportunities order by 1") == [
        ("1", "5000.0", "2025-02-01", "True"),
        ("2", "900.5", None, None),
    ]
    assert raw("select contact_id from contact_moments") == [("1",)]


def test_stripe_gives_receivables_and_cash(tmp_path: Path) -> None:
    write(
        tmp_path,
        unified_customers="id,Name,Email,Created (UTC),Card Address Country\ncus_1,,bakery@example.com,2024-01-05 10:00,NL\n",
        invoices=(
            "id,Number,Customer,Status,Currency,Subtotal,Tax,Total,Amount Paid,Date (UTC),Due Date (UTC)\n"
            "in_1,A-1,cus_1,paid,eur,100.00,21.00,121.00,121.00,2025-01-02 10:00,\n"
            "in_2,A-2,cus_1,open,eur,50.00,,50.00,0.00,2025-02-02 10:00,2025-03-04 10:00\n"
            "in_3,A-3,cus_1,void,eur,50.00,,50.00,0.00,2025-02-02 10:00,\n"
        ),
        balance_change_from_activity=(
            "balance_transaction_id,created,currency,gross,fee,net,reporting_category,source_id,customer_id,invoice_id,charge_id\n"
            "txn_1,2025-01-02 10:00:05,eur,121.00,2.00,119.00,charge,ch_1,cus_1,in_1,ch_1\n"
            "txn_2,2025-01-03 10:00:05,eur,-5.00,0.00,-5.00,fee,fee_1,,,\n"
        ),
    )
    raw = load("stripe", tmp_path / "data", tmp_path)
    assert raw("select invoice_id, net_amount, vat_amount, gross_amount, due_date::date from invoices order by 1") == [
        ("in_1", "100.0", "21.0", "121.0", "2025-01-02"),
        ("in_2", "50.0", "0.0", "50.0", "2025-03-04"),
    ]
    assert raw("select payment_id, currency, amount from payments") == [("txn_1", "EUR", "121.0")]
    assert raw("select invoice_id, amount from payment_allocations") == [("in_1", "121.0")]


DOCUMENTS = [("credit_note", "21.78", "18.0", "3.78"), ("invoice", "108.9", "90.0", "18.9")]


@pytest.mark.slow
def test_odoo_is_read_from_its_own_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = of_server(postgresql, "odoo", "ODOO_DATABASE", tmp_path, monkeypatch)
    assert raw("select document_type, gross_amount, net_amount, vat_amount from invoices order by 1") == DOCUMENTS
    assert raw("select customer_id, name, country, ended_date::date from customers order by 1") == [
        ("10", "Bakery", "NL", None),
        ("12", "Mill", "NL", "2025-03-01"),
    ]
    assert raw("select order_id, customer_id, opportunity_id from orders") == [("S00001", "10", "2")]
    assert raw("select order_id, order_line_number, quantity from deliveries order by delivery_id desc") == [
        ("S00001", "1", "10.0"),
        ("S00001", "1", "-2.0"),
    ]
    assert raw("select invoice_id, order_id, order_line_number, discount_amount from invoice_lines order by 1") == [
        ("INV/2025/1", "S00001", "1", "10.0"),
        ("RINV/2025/1", "S00001", "1", "2.0"),
    ]
    assert raw("select payment_id, amount, customer_id, bank_account from payments") == [("7", "87.12", "10", "BNK1")]
    assert raw("select kind, invoice_id, amount, payment_id, credit_note_id from payment_allocations order by 1") == [
        ("cash", "INV/2025/1", "87.12", "7", None),
        ("credit_note", "INV/2025/1", "21.78", None, "RINV/2025/1"),
    ]
    assert raw("select opportunity_id, is_won, closed_date::date, lost_reason from opportunities order by 1") == [
        ("2", "True", "2025-01-02", None),
        ("3", "False", "2025-01-03", "Too expensive"),
    ]
    assert raw("select currency, rate from exchange_rates") == [("USD", "0.8")]


@pytest.mark.slow
def test_erpnext_is_read_from_its_own_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = of_server(mariadb, "erpnext", "ERPNEXT_DATABASE", tmp_path, monkeypatch)
    assert raw("select document_type, gross_amount, net_amount, vat_amount from invoices order by 1, 2") == [
        ("cancellation", "60.5", "50.0", "10.5"),
        DOCUMENTS[0],
        ("invoice", "60.5", "50.0", "10.5"),
        DOCUMENTS[1],
    ]
    assert raw("select order_id, salesperson_id, customer_order_number from orders") == [("SO-1", "Ann", "PO-1")]
    assert raw("select kind, invoice_id, amount, payment_id, credit_note_id from payment_allocations order by 1") == [
        ("cash", "SINV-1", "87.12", "PE-1", None),
        ("credit_note", "SINV-1", "21.78", None, "SINV-2"),
    ]
    assert raw("select product_id, kind, unit_cost_amount from products order by 1") == [
        ("ADVICE", "service", None),
        ("FLOUR", "goods", "6.0"),
    ]
    assert raw("select opportunity_id, is_won from opportunities order by 1") == [("OPP-1", "True"), ("OPP-2", None)]


def of_server(
    start: Callable[[], AbstractContextManager[Server]], name: str, variable: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Raw:
    """Loads the template from a server that holds the invented tables."""
    with start() as server:
        script = "\n".join(
            line for line in (INVENTED / f"{name}.sql").read_text(encoding="utf-8").splitlines() if not line.startswith("--")
        )
        if name == "erpnext":
            server.run("create database erp", "use erp", *filter(str.strip, script.split(";\n")))
            monkeypatch.setenv(variable, server.address.replace("/mysql", "/erp"))
        else:
            server.run(*filter(str.strip, script.split(";\n")))
            monkeypatch.setenv(variable, server.address)
        (folder / "data").mkdir()
        return load(name, folder / "data", folder)


def write(folder: Path, **files: str) -> None:
    (folder / "data").mkdir()
    for name, content in files.items():
        (folder / "data" / f"{name}_2025-06-30.csv").write_text(content, encoding="utf-8")
