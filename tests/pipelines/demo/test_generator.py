"""The demo company: the same bytes for the same settings, clean where nothing is planted, wrong only where it says so."""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.demo.deliver import deliver
from pipelines.demo.entities import ENTITIES
from pipelines.demo.generator import DemoSettings, generate
from pipelines.demo.planted import REGISTRY
from pipelines.sources.contracts import load_contracts

CONTRACTS = load_contracts()
SMALL = {"customers": 80, "months": 14, "invoice_lines": 6_000, "last_date": date(2025, 12, 31)}


def world(**settings) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    generate(con, DemoSettings(**(SMALL | settings)))
    return con


@pytest.fixture(scope="module")
def clean():
    with world() as con:
        yield con


@pytest.fixture(scope="module")
def typical():
    with world(planted="typical", invoice_lines=20_000) as con:
        yield con


@pytest.fixture(scope="module")
def delivered(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "company"
    deliver(folder, DemoSettings(**SMALL))
    return folder


def culprits(con: duckdb.DuckDBPyConnection, query: str) -> list:
    return con.execute(query + " limit 5").fetchall()


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# ---------------------------------------------------------------------------------------------------------- contracts
def test_every_contract_has_an_entity():
    assert set(ENTITIES) == set(CONTRACTS)


@pytest.mark.parametrize("name", CONTRACTS)
def test_entity_keeps_its_contract(clean, name):
    contract = CONTRACTS[name]
    key = ", ".join(contract.key)
    # A clean world has no errors to know of, and breaks no rule of the standard.
    assert (clean.execute(f"select count(*) from demo.{name}").fetchone()[0] > 0) is (name not in ("known_errors", "invoice_verdicts"))
    assert not culprits(clean, f"select {key}, count(*) from demo.{name} group by {key} having count(*) > 1")
    for column in contract.columns:
        if column.is_required:
            assert not culprits(clean, f"select {key} from demo.{name} where {column.name} is null"), column.name
        if column.values:
            values = {row[0] for row in clean.execute(f"select distinct {column.name} from demo.{name}").fetchall()}
            assert values <= set(column.values) | {None}, column.name
    for group in contract.one_of_columns:
        assert not culprits(clean, f"select {key} from demo.{name} where coalesce({', '.join(f'{c}::varchar' for c in group)}) is null")


FOREIGN_KEYS = [
    (entity.name, column.name, target, target_column)
    for column_name, target, target_column in (
        ("customer_id", "customers", "customer_id"),
        ("parent_customer_id", "customers", "customer_id"),
        ("product_id", "products", "product_id"),
        ("order_id", "orders", "order_id"),
        ("invoice_id", "invoices", "invoice_id"),
        ("corrects_invoice_id", "invoices", "invoice_id"),
        ("payment_id", "payments", "payment_id"),
        ("is_reversal_of", "payments", "payment_id"),
        ("salesperson_id", "salespeople", "salesperson_id"),
        ("account_owner_id", "salespeople", "salesperson_id"),
        ("owner_id", "salespeople", "salesperson_id"),
        ("reviewer_id", "salespeople", "salesperson_id"),
        ("campaign_id", "campaigns", "campaign_id"),
        ("acquired_by_campaign_id", "campaigns", "campaign_id"),
        ("delivery_id", "deliveries", "delivery_id"),
        ("opportunity_id", "opportunities", "opportunity_id"),
        ("lead_id", "leads", "lead_id"),
        ("renews_contract_id", "contracts", "contract_id"),
        ("team", "salespeople", "team"),
        ("pool_id", "cost_pools", "pool_id"),
    )
    for entity in CONTRACTS.values()
    for column in entity.columns
    if (column.name == column_name and entity.name != target)
    or (column.name == column_name and column_name in ("corrects_invoice_id", "parent_customer_id", "is_reversal_of", "renews_contract_id"))
]


@pytest.mark.parametrize(("entity", "column", "target", "target_column"), FOREIGN_KEYS)
def test_foreign_keys_exist(clean, entity, column, target, target_column):
    aliases = " union all select alias_id from demo.customer_aliases" if target == "customers" else ""
    assert not culprits(
        clean, f"select distinct {column} from demo.{entity} where {column} not in (select {target_column} from demo.{target}{aliases})"
    )


# ---------------------------------------------------------------------------------------------------------- identities
IDENTITIES = {
    "invoice_net_is_the_sum_of_its_lines_less_allowances": """
        select invoice_id from demo.invoices left join (select invoice_id, sum(net_amount) as lines
            from demo.invoice_lines group by all) using (invoice_id)
        where lines - allowance_amount + charge_amount is distinct from net_amount""",
    "document_sums_are_those_of_their_allowances": """
        select invoice_id from demo.invoices left join (select invoice_id, sum(amount) filter (not is_charge) as allowances,
            sum(amount) filter (is_charge) as charges from demo.invoice_allowances group by all) using (invoice_id)
        where (coalesce(allowances, 0), coalesce(charges, 0)) is distinct from (allowance_amount, charge_amount)""",
    "bank_statements_run_from_opening_to_closing": """
        select statement_id from demo.bank_statements full join (select statement_id, sum(amount) as payments
            from demo.payments group by all) using (statement_id)
        where closing_amount is distinct from opening_amount + payments + other_entries_amount""",
    "commission_on_cash_is_booked_once_the_invoice_is_paid": """
        select b.booking_id from demo.commission_bookings as b
        join demo.commission_plans as p on p.salesperson_id = b.salesperson_id and p.basis = 'cash'
        left join (select invoice_id, max(allocated_date) as paid_date from demo.payment_allocations group by all) using (invoice_id)
        join demo.invoices as i using (invoice_id)
        where p.valid_from_date <= i.issued_date and b.booked_date < coalesce(paid_date, date '9999-12-31')""",
    "line_net_is_quantity_times_price_less_discount": """
        select invoice_id from demo.invoice_lines where net_amount <> round(quantity::decimal(9,
            0) * unit_price_amount::decimal(12, 4) * case when price_base_quantity = 100 then 0.01 else 1 end, 2) - discount_amount + charge_amount""",
    "vat_is_base_times_rate": """
        select i.invoice_id from demo.invoices as i join (select invoice_id, max(vat_share) as vat_share,
            count(distinct vat_share) as shares from demo.invoice_lines group by all) using (invoice_id)
        where shares > 1 or vat_amount <> floor(net_amount * vat_share * 100 + 0.5) * 0.01""",
    "gross_is_net_plus_vat": "select invoice_id from demo.invoices where gross_amount <> net_amount + vat_amount",
    "due_is_issue_plus_terms": """
        select invoice_id from demo.invoices left join demo.customers as c using (customer_id)
        where due_date <> case when c.payment_terms_id like 'E%' then last_day(issued_date + c.payment_terms_days)
            else issued_date + invoices.payment_terms_days end""",
    "terms_are_those_of_order_and_customer": """
        select invoice_id from demo.invoices as i join demo.customers as c using (customer_id) left
            join demo.orders as o using (order_id)
        where i.payment_terms_days <> c.payment_terms_days or o.payment_terms_days <> c.payment_terms_days""",
    "deal_terms_are_those_of_the_order": """
        select order_id from demo.orders as o join demo.opportunities as p using (opportunity_id)
        where p.payment_terms_days <> o.payment_terms_days or p.customer_id <> o.customer_id""",
    "invoiced_quantity_net_of_credits_is_delivered": """
        with invoiced as (select l.order_id, l.order_line_number, sum(case when document_type in ('invoice', 'prepayment') then quantity
            else -quantity end) as quantity
            from demo.invoice_lines as l join demo.invoices using (invoice_id) where l.order_id is not null group by all),
        shipped as (select order_id, order_line_number, sum(quantity) as quantity, max(delivered_date) as last_day
            from demo.deliveries group by all)
        select * from invoiced full join shipped using (order_id, order_line_number)
        where coalesce(invoiced.quantity, 0) > shipped.quantity + coalesce((select -sum(d.quantity)
            from demo.deliveries as d where d.order_id = shipped.order_id
                and d.order_line_number = shipped.order_line_number and d.quantity < 0
                    and d.delivered_date > date '2025-12-15'), 0)
            or last_day < date '2025-12-15' and invoiced.quantity is distinct from shipped.quantity""",
    "everything_delivered_is_what_was_ordered": """
        select * from demo.order_lines join demo.orders using (order_id) left
            join (select order_id, order_line_number as line_number, sum(quantity) as delivered
            from demo.deliveries where quantity > 0 group by all) using (order_id, line_number)
        join demo.customers using (customer_id)
        where status = 'closed' and delivered is distinct from quantity + case when quantity_tolerance_share > 0 then quantity::integer // 20 else 0 end
            or delivered > quantity * (1 + coalesce(quantity_tolerance_share, 0))""",
    "deliveries_are_on_time": "select * from demo.deliveries where delivered_date > promised_date",
    "invoices_follow_delivery_within_a_week": """
        select * from demo.invoice_lines as l join demo.invoices as i using (invoice_id)
            join demo.deliveries as d on d.delivery_id = l.delivery_id and d.order_line_number = l.order_line_number
            left join demo.customers as c on c.customer_id = i.customer_id
        where i.document_type = 'invoice' and (i.issued_date < d.delivered_date
            or i.issued_date > case when c.billing_rhythm = 'monthly' then last_day(d.delivered_date) else d.delivered_date + 7 end)""",
    "price_is_that_of_the_order": """
        select * from demo.invoice_lines as l join demo.order_lines as o on o.order_id = l.order_id
            and o.line_number = l.order_line_number
        where l.unit_price_amount <> o.unit_price_amount or l.discount_amount <> round(l.quantity::decimal(9,
            0) * l.unit_price_amount::decimal(9, 2) * case when l.price_base_quantity = 100 then 0.01 else 1 end * o.discount_share::decimal(4, 2), 2) or l.product_id <> o.product_id""",
    "agreed_discounts_and_prices_are_on_the_order": """
        select o.order_id from demo.order_lines as l join demo.orders as o using (order_id)
            join demo.products as p using (product_id)
        join demo.price_agreements as a on a.customer_id = o.customer_id and (a.product_id = l.product_id or a.family = p.family)
            and o.ordered_at::date >= a.valid_from_date and o.ordered_at::date < a.valid_until_date
                and l.quantity >= coalesce(a.minimum_quantity, 0)
        group by o.order_id, l.line_number, l.discount_share, l.unit_price_amount
        having l.discount_share <> coalesce(max(a.discount_share), l.discount_share)
            or l.unit_price_amount <> coalesce(max(a.net_price_amount) * coalesce(any_value(l.price_base_quantity), 1), l.unit_price_amount)""",
    "no_discount_without_an_agreement": """
        select o.order_id from demo.order_lines as l join demo.orders as o using (order_id)
            join demo.products as p using (product_id)
        where l.discount_share > 0 and not exists (select 1 from demo.price_agreements as a where a.customer_id = o.customer_id
            and (a.product_id = l.product_id or a.family = p.family) and o.ordered_at::date >= a.valid_from_date
                and o.ordered_at::date < a.valid_until_date)""",
    "no_price_is_below_cost": """
        select l.* from demo.invoice_lines as l join demo.invoices as i using (invoice_id)
            join demo.products as p using (product_id)
        left join demo.exchange_rates as r on r.rate_date = i.issued_date and r.currency = i.currency
        where l.net_amount * coalesce(r.rate, 1) < l.quantity * p.unit_cost_amount - 0.02""",
    "order_numbers_are_present_and_equal": """
        select * from demo.invoices as i join demo.orders as o using (order_id)
            join demo.customers as c on c.customer_id = i.customer_id
        where i.customer_order_number is distinct from o.customer_order_number or c.is_order_number_required
            and i.customer_order_number is null""",
    "numbers_have_no_gap": """
        select series from demo.invoices group by series having max(right(invoice_id, 6)::integer) <> count(*)""",
    "numbers_follow_dates": """
        select invoice_id from demo.invoices qualify issued_date < lag(issued_date) over (partition by series
            order by invoice_id)""",
    "no_number_is_one_edit_from_an_equal_invoice": """
        select a.invoice_id, b.invoice_id from demo.invoices as a join demo.invoices as b on a.customer_id = b.customer_id
            and a.gross_amount = b.gross_amount and a.document_type = b.document_type
            and a.invoice_id < b.invoice_id and levenshtein(a.invoice_id, b.invoice_id) < 2
                and b.issued_date - a.issued_date < 91
        anti join (select invoice_id, period_start_date from demo.invoice_lines where period_start_date is not null) as s on s.invoice_id = a.invoice_id
        anti join (select invoice_id from demo.invoice_lines where order_id in (select order_id from demo.deliveries
            group by all having count(distinct delivery_id) > 4)) as c on c.invoice_id = a.invoice_id""",
    "credits_stay_within_their_invoice": """
        select corrects_invoice_id from demo.invoices where document_type not in ('invoice', 'prepayment') group by all
        having sum(gross_amount) > (select o.gross_amount from demo.invoices as o where o.invoice_id = corrects_invoice_id)""",
    "credits_name_their_invoice": "select * from demo.invoices where document_type not in ('invoice', 'prepayment') and corrects_invoice_id is null",
    "allocations_stay_within_the_document": """
        with applied as (select invoice_id, sum(amount) as amount from (select invoice_id, amount
            from demo.payment_allocations union all select invoice_id, amount from demo.write_offs) group by all)
        select * from applied join demo.invoices using (invoice_id)
        where case when document_type in ('invoice', 'prepayment') then amount > gross_amount or amount < 0 else -amount > gross_amount
            or amount > 0 end""",
    "allocations_stay_within_the_payment": """
        select payment_id from demo.payments join (select payment_id, sum(amount) as applied
            from demo.payment_allocations group by all) using (payment_id)
        where abs(applied) > abs(amount) or applied * amount < 0""",
    "money_is_not_allocated_before_it_arrives_or_before_the_invoice": """
        select * from demo.payment_allocations as a join demo.invoices as i using (invoice_id) left
            join demo.payments as p using (payment_id)
        where allocated_date < issued_date or received_date < issued_date or allocated_date < received_date
            or p.currency <> i.currency""",
    "payers_are_the_customer_or_its_parent": """
        select * from demo.payment_allocations join demo.payments as p using (payment_id)
            join demo.invoices as i using (invoice_id) join demo.customers as c on c.customer_id = i.customer_id
        where p.customer_id not in (c.customer_id, coalesce(c.parent_customer_id, c.customer_id))""",
    "unapplied_cash_is_young": """
        select payment_id from demo.payments left join (select payment_id, sum(amount) as applied
            from demo.payment_allocations group by all) using (payment_id)
        where amount <> coalesce(applied, 0) and received_date < date '2025-12-31' - 15""",
    "discounts_for_early_payment_are_early": """
        select * from demo.payment_allocations join demo.invoices using (invoice_id) where kind = 'discount'
            and allocated_date > issued_date + 8""",
    "no_order_after_the_end": "select * from demo.orders join demo.customers using (customer_id) where ordered_at::date >= ended_date or ordered_at::date < since_date",
    "vat_and_registration_numbers_are_unique": "select registration_number from demo.customers group by all having count(*) > 1",
    "dutch_vat_ids_pass_the_eleven_test": """
        select vat_id from demo.customers where country = 'NL' and (list_sum([(10 - i) * substr(vat_id, 2 + i,
            1)::integer for i in range(1, 9)]) - substr(vat_id, 11, 1)::integer) % 11 <> 0""",
    "belgian_vat_ids_pass_mod_97": "select vat_id from demo.customers where country = 'BE' and (97 - substr(vat_id, 3, 8)::integer % 97) <> right(vat_id, 2)::integer",
    "ibans_pass_mod_97": """
        select distinct payer_iban from (select payer_iban from demo.payments where payer_iban is not null union all
            select bank_account from demo.payments)
        where list_aggregate([case when c between '0' and '9' then c else (ascii(c) - 55)::varchar
            end for c in string_split(substr(payer_iban, 5) || left(payer_iban, 4), '')],
            'string_agg', '')::hugeint % 97 <> 1""",
    "foreign_customers_have_a_vat_id_where_needed": """
        select * from demo.invoice_lines join demo.invoices using (invoice_id) join demo.customers using (customer_id)
            where vat_category = 'K' and vat_id is null""",
    "instants_fall_on_the_same_day_in_amsterdam": "select * from demo.orders where hour(ordered_at) not between 5 and 20",
}


@pytest.mark.parametrize("name", IDENTITIES)
def test_clean_world(clean, name):
    assert not culprits(clean, IDENTITIES[name])


def test_exposure_stays_within_the_credit_limit(clean):
    assert not culprits(
        clean,
        """
        with events as (
            select customer_id, issued_date as day, case when document_type in ('invoice', 'prepayment') then gross_amount else -gross_amount
                end as amount from demo.invoices
            union all select customer_id, allocated_date, -amount from demo.payment_allocations
                join demo.invoices using (invoice_id)
        )
        select customer_id, day, sum(amount) over (partition by customer_id order by day) as exposure, credit_limit_amount
        from events join demo.customers using (customer_id) qualify exposure > credit_limit_amount""",
    )


LEDGER = """
    with rated as (
        select i.invoice_id, document_type, issued_date, gross_amount, net_amount, coalesce(r.rate, 1) as rate,
            case when document_type in ('invoice', 'prepayment') then 1 else -1 end as sign
        from demo.invoices as i left join demo.exchange_rates as r on r.currency = i.currency and r.rate_date = i.issued_date
    ),
    months as (select month, (month + interval 1 month)::date as next_month, amount from demo.ledger_controls
        where kind = '{kind}')
"""


def unequal(kind: str, query: str) -> str:
    """``query`` gives month, amount, own; the months where both differ."""
    return f"{LEDGER.format(kind=kind)} select * from ({query}) where amount is distinct from own"


def test_ledger_receivables_tie_exactly(clean):
    assert not culprits(
        clean,
        unequal(
            "receivables",
            """
        select month, amount,
            (select sum(sign * round(gross_amount * rate, 2)) from rated where issued_date < next_month)
            - (select sum(round(a.amount * rate, 2)) from demo.payment_allocations as a join rated using (invoice_id)
                where allocated_date < next_month)
            - coalesce((select sum(round(w.amount * rate, 2)) from demo.write_offs as w join rated using (invoice_id)
                where written_off_date < next_month), 0)
            - coalesce((select sum(round(u.open * coalesce(r.rate, 1), 2)) from (
                select p.currency, p.received_date,
                    p.amount - coalesce(sum(a.amount) filter (where a.allocated_date < next_month), 0) as open
                from demo.payments as p left join demo.payment_allocations as a using (payment_id)
                    where p.received_date < next_month group by p.payment_id, p.currency, p.received_date, p.amount
              ) as u left join demo.exchange_rates as r on r.currency = u.currency and r.rate_date = u.received_date), 0) as own
        from months""",
        ),
    )


def test_ledger_revenue_and_cost_tie_exactly(clean):
    assert not culprits(
        clean,
        unequal(
            "revenue",
            """
        select month, amount, (select sum(sign * round(net_amount * rate, 2)) from rated where issued_date >= month
            and issued_date < next_month) as own
        from months""",
        ),
    )
    assert not culprits(
        clean,
        unequal(
            "cost",
            """
        select month, amount, (select sum(p.amount) from demo.cost_pools as p where p.month = months.month) as own
            from months""",
        ),
    )


def test_pools_keep_five_to_twenty_percent_idle(clean):
    assert not culprits(
        clean,
        """
        with used as (
            select a.pool_id, e.month, sum(a.unit_minutes * e.events) as minutes from demo.activity_times as a join (
                select 'order' as driver_event, date_trunc('month', ordered_at)::date as month, count(*) as events
                    from demo.orders group by all
                union all select 'order_line', date_trunc('month', ordered_at)::date, count(*) from demo.order_lines
                    join demo.orders using (order_id) group by all
            ) as e using (driver_event) where a.pool_id = 'P10' group by all)
        select * from demo.cost_pools join used using (pool_id, month) where practical_capacity_minutes > 700
            and 1 - minutes / practical_capacity_minutes not between 0.045 and 0.205""",
    )


def test_exactly_one_master_kpi_per_team_at_every_instant(clean):
    assert not culprits(
        clean,
        """
        select t.team, d.day, count(*) filter (where role = 'master') as masters,
            count(*) filter (where role = 'focus') as focus, count(*) filter (where role = 'main') as main
        from (select distinct team from demo.kpi_targets) as t
        cross join (select unnest(generate_series(min(quarter)::timestamp, max(quarter)::timestamp + interval 80 day,
            interval 1 day))::date as day from demo.kpi_targets) as d
        join demo.kpi_targets as k on k.team = t.team and d.day >= k.valid_from_date and d.day < k.valid_until_date
        group by all having masters <> 1 or focus not between 1 and 3 or main <> 3""",
    )
    assert clean.execute("select count(*) from demo.kpi_targets where change_reason is not null").fetchone()[0] == 1


# ------------------------------------------------------------------------------------------------------------- files
def test_same_settings_same_bytes_and_other_seed_differs(delivered, tmp_path):
    deliver(tmp_path / "again", DemoSettings(**SMALL))
    assert files(tmp_path / "again") == files(delivered)
    deliver(tmp_path / "other", DemoSettings(**SMALL, seed=2))
    assert files(tmp_path / "other")["invoices/invoices_2025-11-30.csv"] != files(delivered)["invoices/invoices_2025-11-30.csv"]


@pytest.mark.parametrize("name", CONTRACTS)
def test_latest_versions_of_all_files_are_the_final_table(clean, delivered, name):
    contract = CONTRACTS[name]
    columns = {column.name: column.engine_type for column in contract.columns}
    clean.execute(f"""
        create or replace temp table replayed as
        select * exclude (filename) from read_csv('{delivered}/{name}/*.csv', columns = {columns}, header = true, filename = true)
        qualify row_number() over (partition by {", ".join(contract.key)} order by filename desc) = 1""")
    assert not culprits(clean, f"from (from replayed except from demo.{name}) union all (from demo.{name} except from replayed)")


def test_daily_files_show_only_what_was_known(delivered):
    for path in (
        sorted(delivered.glob("disputes/*.csv")) + sorted(delivered.glob("orders/*.csv")) + sorted(delivered.glob("deliveries/*.csv"))
    ):
        day = date.fromisoformat(path.stem.rsplit("_", 1)[1])
        column = {"disputes": "closed_date", "orders": "cancelled_at", "deliveries": "delivered_date"}[path.parent.name]
        count = duckdb.execute(
            f"select count(*) from read_csv('{path}', header = true, all_varchar = true) where try_cast({column} as date) > date '{day}'"
        ).fetchone()[0]
        assert count == 0, path.name


def test_opening_file_stands_before_the_daily_ones_and_every_day_has_orders_or_none(delivered):
    days = sorted(date.fromisoformat(path.stem.rsplit("_", 1)[1]) for path in delivered.glob("exchange_rates/*.csv"))
    assert days == [date(2025, 12, 31) - timedelta(days=n) for n in range(31, -1, -1)]


def test_folder_that_is_not_empty_is_refused(delivered):
    with pytest.raises(FileExistsError):
        deliver(delivered, DemoSettings(**SMALL))
    assert not [path for path in delivered.parent.iterdir() if path.name.startswith(".company")]


# ---------------------------------------------------------------------------------------------------- planted errors
def test_typical_world_plants_every_code_of_the_registry(typical):
    planted = {row[0] for row in typical.execute("select distinct code from work.planted").fetchall()}
    by_document = {entry.code for entry in REGISTRY if entry.where != "false" and entry.count}
    assert by_document - planted == set()
    assert typical.execute("select count(*) from work.near_misses").fetchone()[0] > 10
    assert not culprits(
        typical,
        "select * from work.planted_errors where coalesce(invoice_id, order_id) is null and document_kind not in ('customer', 'month')",
    )


def test_typical_world_spreads_its_errors_over_all_months(typical):
    """No month but the first has none, and the last two are not worse than a month before them."""
    errors = dict(
        typical.execute("""
        select date_trunc('month', issued_date)::date as month, count(*) from work.documents join work.planted using (doc_key)
        where issued_date <= last_date() and code in (select distinct code from work.answers as a join work.planted as p using (doc_key) where not is_near_miss)
        group by all order by month""").fetchall()
    )
    assert len(errors) == 14
    *earlier, last_but_one, last = errors.values()
    assert min(earlier[1:]) > 0
    assert max(last_but_one, last) < max(earlier)
    assert last_but_one + last < sum(errors.values()) / 4


def test_none_and_typical_differ_only_in_documents_of_the_answer_key(typical):
    """Numbers shift when documents are added: documents are compared by their work key."""
    with world(invoice_lines=20_000) as con:
        con.execute(
            "create table clean_documents as select doc_key, issued_date, due_date, customer_key, net_amount, vat_amount, gross_amount, currency, customer_order_number from work.documents"
        )
        rows = con.execute("from clean_documents").df()  # noqa: F841 - read by name below
    typical.execute("create or replace temp table clean_documents as from rows")
    changed = typical.execute("""
        select doc_key // 16 from (
            (from clean_documents except select doc_key, issued_date, due_date, customer_key, net_amount, vat_amount,
                gross_amount, currency, customer_order_number from work.documents)
            union all
            (select doc_key, issued_date, due_date, customer_key, net_amount, vat_amount, gross_amount, currency,
                customer_order_number from work.documents except from clean_documents))
        except (select doc_key // 16 from work.planted union all select doc_key // 16 from work.strange)""").fetchall()
    assert changed == []


def test_held_out_documents_stay_below_one_percent_of_a_month(typical):
    """Severity 'quarantines' of the catalogue, as planted."""
    assert not culprits(
        typical,
        """
        with held as (select distinct doc_key from work.planted where code in ('invoiced_after_cancellation', 'due_before_issue',
            'unknown_customer', 'missing_customer',
            'order_of_other_customer', 'currency_differs', 'line_net_wrong', 'lines_not_sum_of_total', 'sign_against_type',
                'negative_price', 'gross_not_net_plus_vat',
            'vat_breakdown_wrong', 'currency_unknown_or_mixed', 'issued_in_future_or_closed_period', 'missing_required_field',
                'cancellation_not_netted', 'overallocated',
            'iban_invalid_or_not_master', 'changed_after_publication'))
        select date_trunc('month', least(issued_date, last_date())) as month,
            sum(gross_amount) filter (where doc_key in (select doc_key from held)) / sum(gross_amount) as share
        from work.documents where document_type = 'invoice' group by all having share > 0.02""",
    )
