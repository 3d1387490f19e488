"""Advice contradicts no fact of its customer, over fifty companies: ten demo worlds, each as it stood on five days (the demo company:
``end_to_end/test_demo.py``).

The order of facts is written here a second time, by hand: what outranks an advice to sell, and which figures a reason may name. Keep out:
what advice is right for a planted truth (``test_planted_truth.py``).
"""

from __future__ import annotations

from datetime import timedelta

import duckdb
import pytest

from pipelines.demo.generator import DemoSettings
from pipelines.value.estimation import create_tables
from tests import worlds

pytestmark = pytest.mark.slow

WORLD = {"customers": 40, "months": 20, "invoice_lines": 1500}
TARGETS = ("customer_actions", "opportunity_terms_advice")
DAYS_BACK = (0, 45, 90, 150, 200)

#: Facts of ``customer_360`` in their order; the first that holds decides, and nothing else.
FACTS = """
    case
        when is_insolvent then 'insolvent'
        when is_blocked then 'blocked'
        when ended_date is not null then 'ended'
        when recent_loss_amount > 0 and recent_loss_amount > coalesce(value_amount, 0) then 'written_off'
        when recent_loss_amount > 0 then 'lost_in_part'
        when credit_refused_date is not null then 'refused'
        when exposure_amount > 1.05 * credit_limit_amount then 'over_limit'
        when is_silent then case when best_year_tier <> 'C' and value_amount >= 0 then 'silent' end
        when not is_active and greatest(value_amount, value_year_before_amount) > 0 and coalesce(prudent_value_amount, 0) >= 0
            and coalesce(season_pause_days, 0) < silent_days
            and (best_year_tier = 'A' or best_year_tier = 'B' and purchase_count > 1) then 'lost_brought'
        when not is_active then null
        when is_sign_unknown then 'cost_unknown'
        when value_amount > 0 and value_amount < value_year_before_amount / 2 then 'falling'
        when value_amount < 0 and value_year_before_amount < 0 then 'repair_term_passed'
        when value_amount < 0 and gross_margin_amount <= 0 and trailing_net_revenue_amount > 0 then 'thin_margin'
        when value_amount < 0 and risk_cost_amount > cost_to_serve_amount then 'dear_to_finance'
        when value_amount < 0 then 'dear_to_serve'
        when debtor_risk_class = 'high' and receivables_amount > 0 then 'debtor_risk'
        when debtor_risk_class <> 'high' and value_tier in ('A', 'B') and white_space_amount > 0 then 'can_grow'
        when value_amount > 0 then 'keeps'
    end
"""
#: First and second amount that a reason names.
NAMED = {
    "insolvent": ("receivables_amount", "written_off_amount"),
    "blocked": ("exposure_amount", "null"),
    "ended": ("receivables_amount", "null"),
    "written_off": ("recent_loss_amount", "value_amount"),
    "lost_in_part": ("recent_loss_amount", "value_amount"),
    "refused": ("credit_refused_amount", "null"),
    "over_limit": ("exposure_amount", "credit_limit_amount"),
    "silent": ("greatest(value_amount, coalesce(value_year_before_amount, 0))", "null"),
    "lost_brought": ("greatest(value_amount, coalesce(value_year_before_amount, 0))", "null"),
    "cost_unknown": ("value_low_amount", "value_high_amount"),
    "falling": ("value_year_before_amount", "value_amount"),
    "repair_term_passed": ("value_amount", "value_year_before_amount"),
    "thin_margin": ("gross_margin_amount", "trailing_net_revenue_amount"),
    "dear_to_finance": ("gross_margin_amount - value_amount", "gross_margin_amount"),
    "dear_to_serve": ("gross_margin_amount - value_amount", "gross_margin_amount"),
    "debtor_risk": ("overdue_amount", "receivables_amount"),
    "can_grow": ("white_space_amount", "null"),
    "keeps": ("value_amount", "null"),
}
CONTRADICTIONS = {
    "another fact decides": f"select customer_id, reason_code, {FACTS} as decides from advised where reason_code is distinct from decides",
    "its reason names another figure": "select customer_id, reason_code, reason_amount, reason_of_amount from advised where "
    + " or ".join(
        f"(reason_code = '{fact}' and (reason_amount is distinct from {first} or reason_of_amount is distinct from {second}))"
        for fact, (first, second) in NAMED.items()
    ),
    "nothing is at stake": "select customer_id, reason_code, at_stake_amount from advised where coalesce(at_stake_amount, 0) <= 0",
    "it says nothing": "select customer_id, reason from advised where reason is null or reason like '%{%'",
    "its sign hangs on one line and it does not say so": """
        select customer_id, value_amount, net_amount - goods_amount from customer_accounting.customer_360
        inner join intermediate.int_lines_costed as l using (customer_id)
        where value_basis = 'result' and not l.is_held_out and l.month_start_date > report_date - interval 12 month
            and not has_sign_of_one_line and value_amount * (value_amount - (net_amount - goods_amount)) < 0""",
    "terms are given that something forbids": """
        select opportunity_id, terms_advice from growth.opportunity_terms_advice as a
        inner join intermediate.int_deals_on_credit as c using (opportunity_id)
        where a.reason_code in ('terms_as_asked', 'terms_long', 'terms_pays_late', 'terms_on_conditions') and (
            c.is_insolvent or c.is_blocked or c.ended_date is not null or c.credit_outcome = 'refuse' or c.stopped_from_date is not null
            or c.exposure_amount + a.deal_amount > c.credit_limit_amount)""",
}


#: Kinds that need tables which are not published.
OF_A_BUILD = ("its sign hangs on one line and it does not say so", "terms are given that something forbids")


def contradictions(connection: duckdb.DuckDBPyConnection, left_out: tuple[str, ...] = ()) -> list[tuple[str, tuple]]:
    """What is wrong with the advice that stands in a warehouse: the kind, and the row."""
    connection.execute("""
        create or replace temp view advised as
        select c.*, a.action, a.reason_code, a.reason, a.reason_amount, a.reason_of_amount, a.at_stake_amount
        from customer_accounting.customer_actions as a inner join customer_accounting.customer_360 as c using (customer_id)""")
    return [(kind, row) for kind, sql in CONTRADICTIONS.items() if kind not in left_out for row in connection.execute(sql).fetchall()]


@pytest.mark.parametrize("seed", range(1, 11))
def test_no_advice_contradicts_a_fact_of_its_customer(seed: int) -> None:
    steps, pieces = worlds.compiled_steps(TARGETS), 0
    last_day = DemoSettings(seed=seed, **WORLD).last_date
    with worlds.build_world(seed, "typical" if seed % 2 else "none", **WORLD) as connection:
        create_tables(connection)
        for days in DAYS_BACK:
            day = last_day - timedelta(days)
            worlds.fill_raw(connection, day.isoformat())
            worlds.run_rules(connection, steps)
            assert contradictions(connection) == [], (seed, day)
            ((count,),) = connection.execute("select count(*) from customer_accounting.customer_actions").fetchall()
            pieces += count
    assert pieces > 80, pieces
