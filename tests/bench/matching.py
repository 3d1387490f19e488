"""``python -m tests.bench.matching``: a million receipts against five million open invoices, each model of matching timed.

Most payers write the number, some several, some a structured reference, some nothing. Keep out: whether a match is right
(``tests/matching_worlds.py``).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from pipelines.settings import DBT_FOLDER
from tests import worlds

MATCHING = DBT_FOLDER / "models" / "intermediate" / "matching"
#: Receipts stand on one statement; a customer has a hundred open invoices and sends twenty receipts.
ROWS = """
    select setseed(0.5);
    insert into raw.customers by name
        select 'C' || i as customer_id, 'Customer ' || i || ' B.V.' as name, true as _is_current, 1 as _version_number
        from range({customers}) as numbers(i);
    insert into raw.invoices by name
        select '2025-' || format('{{:07d}}', i) as invoice_id, 'invoice' as document_type, 'C' || (i % {customers}) as customer_id,
            date '2025-01-01' + cast(i % 180 as integer) as issued_date, date '2025-02-01' + cast(i % 180 as integer) as due_date,
            'EUR' as currency,
            cast(10 + (i * 7919) % 4999999 * 0.01 as decimal(18, 4)) as net_amount, net_amount as gross_amount,
            true as _is_current, 1 as _version_number
        from range({items}) as numbers(i);
    create temp table paid as
        select invoice_id, customer_id, gross_amount, row_number() over () as place from raw.invoices where random() < {share} * 1.0;
    insert into raw.bank_transactions by name
        select 'S' as statement_id, place::varchar as entry_number, '0' as detail_number, 'NL00OWN' as bank_account, 'statement' as kind,
            date '2025-08-01' + cast(place % 100 as integer) as booked_date, gross_amount as amount, 'EUR' as currency,
            'CUSTOMER ' || right(customer_id, length(customer_id) - 1) || ' BV' as counterparty_name,
            case when place % 20 = 0 then replace(invoice_id, '-', '') end as structured_reference,
            case when place % 20 > 2 then 'Factuur ' || invoice_id when place % 20 = 1 then 'betaling' end as remittance_text,
            true as _is_current, 1 as _version_number
        from paid;
    update raw.entity_coverage set is_delivered = entity in ('customers', 'invoices', 'bank_transactions', 'bank_statements');
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.matching", description=__doc__.splitlines()[0])
    parser.add_argument("--receipts", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=5_000_000)
    options = parser.parse_args()
    steps = worlds.compiled_steps(("int_cash_matches",))
    names = {path.stem for path in Path(MATCHING).glob("*.sql")}
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as scratch,
        duckdb.connect(f"{scratch}/bench.duckdb", config={"memory_limit": "4GB"}) as connection,
    ):
        connection.execute("set enable_progress_bar = false; set preserve_insertion_order = false; create schema demo")
        worlds.fill_raw(connection, "2025-12-31")
        connection.execute(ROWS.format(customers=max(options.items // 100, 1), items=options.items, share=options.receipts / options.items))
        took = {}
        for step in steps:
            started = time.monotonic()
            try:
                worlds.run_rules(connection, [step])
            except duckdb.Error as error:
                raise SystemExit(f"{step.name}: {str(error).splitlines()[0]}") from None
            took[step.name] = time.monotonic() - started
        receipts, matched = connection.execute(
            "select count(*), count(matches.payment_id) from intermediate.int_match_receipts"
            " left join (select distinct payment_id from intermediate.int_cash_matches) as matches using (payment_id)"
        ).fetchone()
    print(f"{receipts:,} receipts against {options.items:,} open invoices: {matched:,} matched")
    print(f"  {'documents, customers and terms before':44}{sum(s for name, s in took.items() if name not in names):8.1f}")
    for name, seconds in sorted(took.items(), key=lambda item: -item[1]):
        if name in names and seconds >= 0.1:
            print(f"  {name:44}{seconds:8.1f}")
    print(f"  {'matching in all':44}{sum(seconds for name, seconds in took.items() if name in names):8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
