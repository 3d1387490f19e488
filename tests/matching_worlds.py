"""``python -m tests.matching_worlds --worlds 200``: how much of the money of many small demo worlds is matched, and how rightly.

Each world is a demo company that delivers its invoices and its bank's statements, without payments, allocations and open items: the
generator's own allocations are the answer key. Keep out: how a receipt is matched (``dbt_project/models/intermediate/matching``).
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from decimal import Decimal

import duckdb

from tests import worlds

TARGETS = ("int_cash_matches", "int_bank_entries")
#: What such a company does not deliver.
WITHHELD = ("payments", "payment_allocations", "open_items", "match_decisions")


@dataclass
class Matched:
    """One world: euros of receipts that the answer key applies, how many of them are matched, and what is matched wrongly."""

    seed: int
    amount: Decimal
    matched_amount: Decimal
    wrong: list[tuple] = field(default_factory=list)
    steps: dict[int, tuple[int, Decimal]] = field(default_factory=dict)
    unmatched: dict[str, int] = field(default_factory=dict)

    @property
    def share(self) -> Decimal:
        return self.matched_amount / self.amount


def match_world(seed: int, planted: str = "none", **settings: int) -> Matched:
    """Generates a world, builds the matching of its statements and compares it with the generator's allocations."""
    with worlds.build_world(seed, planted, **settings) as connection:
        for entity in WITHHELD:
            connection.execute(f"delete from raw.{entity}; update raw.entity_coverage set is_delivered = false where entity = '{entity}'")
        worlds.run_rules(connection, worlds.compiled_steps(TARGETS))
        return compare(connection, seed)


def compare(connection: duckdb.DuckDBPyConnection, seed: int) -> Matched:
    """A receipt is right when its documents are those of the answer key, neither more nor fewer."""
    connection.execute("""
        create or replace temp table compared as
        with applied as (
            select payment_key, doc_key from work.allocations where kind = 'cash'
            union -- what was paid on account is applied later, or never
            select payment_key, first_doc_key from work.payments where piece = 5 or payment_key not in (
                select payment_key from work.allocations where payment_key is not null)),
        key as (
            select b.payment_id, e.manner, e.amount,
                list(distinct n.invoice_id order by n.invoice_id) as invoices
            from demo.bank_transactions as t
            join work.bank_entries as e using (entry_number)
            join applied as a on a.payment_key::varchar = t.entry_number
            join work.numbers as n using (doc_key)
            join intermediate.int_bank_entries_told_apart as b
                on (b.statement_id, b.entry_number, b.detail_number) = (t.statement_id, t.entry_number, '0')
            where e.amount > 0 and a.payment_key not in (
                select o.payment_key from work.payments as o
                join work.payments as r on r.solo_key = o.solo_key and r.piece = 3 and o.piece = 0)
            group by all),
        found as (
            select payment_id, min(step) as step, list(distinct invoice_id order by invoice_id) as matched
            from intermediate.int_cash_matches group by all)
        select payment_id, manner, amount, step, invoices, matched from key full join found using (payment_id)""")
    run = connection.execute
    (amount, matched) = run(
        "select sum(amount), sum(amount) filter (matched = invoices) from compared where invoices is not null"
    ).fetchone()
    result = Matched(seed, amount, matched or Decimal(0))
    result.wrong = run("select * from compared where matched is not null and matched is distinct from invoices order by 1").fetchall()
    steps = run("select step, count(*), sum(amount) from compared where matched is not null group by 1 order by 1").fetchall()
    result.steps = {step: (count, amount) for step, count, amount in steps}
    result.unmatched = dict(run("select manner, count(*) from compared where matched is null group by 1 order by 1").fetchall())
    return result


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.matching_worlds", description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--planted", choices=("none", "typical", "all"), default="none")
    chosen = parser.parse_args(arguments)
    results = []
    for seed in range(1, chosen.worlds + 1):
        result = match_world(seed, chosen.planted)
        results.append(result)
        steps = ", ".join(f"step {step}: {count} ({amount:,.0f})" for step, (count, amount) in result.steps.items())
        print(f"world {seed}: {result.share:.4f} of {result.amount:,.0f}; {steps}", flush=True)
        print(f"    unmatched {result.unmatched}; wrong {result.wrong[:3]}")
    amount, matched = sum(result.amount for result in results), sum(result.matched_amount for result in results)
    wrong = sum(len(result.wrong) for result in results)
    print(f"{len(results)} worlds: {matched / amount:.4f} of the euros, least {min(r.share for r in results):.4f}, {wrong} wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
