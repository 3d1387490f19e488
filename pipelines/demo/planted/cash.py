"""Cash: errors as they are usually made, and what stands at the edge of a rule.

Keep out: rules that find errors, and how all is planted (``planting.py``).
"""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from pipelines.demo.planted.changes import (
    DOCUMENT,
    OWES,
    PREPAYABLE,
    SMALL,
    credited_beside,
    in_instalments,
    paid,
    paid_again,
    paid_with_discount,
    prepaid,
)
from pipelines.demo.planted.entry import Planted, around, copied_payment_key, document_key, near, payment_key, rows

ERRORS: tuple[Planted, ...] = (
    Planted(
        "changed_after_publication",
        """update work.numbers set recalled_date = workday(d.issued_date + 3), recalled_line_number = 1, recalled_difference = -4,
            recalled_net_amount = d.net_amount - 4, recalled_vat_amount = round((d.net_amount - 4) * d.vat_share, 2)
        from (select x.doc_key, x.issued_date, x.net_amount, l.vat_share from work.documents as x
            join work.document_lines as l on l.doc_key = x.doc_key and l.line_number = 1
              where x.doc_key in (select doc_key from {picked})) as d where d.doc_key = numbers.doc_key;""",
        document_key(
            "4 - round((d.net_amount - 4) * l.vat_share, 2) + d.vat_amount",
            "'delivered again three days later without the discount of 4.00 on line 1'",
        ),
        where="issued_date > opening_date() and issued_date + 6 <= last_date() and gross_amount < 900 and first_quantity_price > 12",
        stage="cash",
        count=8,
        is_scarce=True,
    ),
    Planted(
        "commission_before_payment",
        "insert into work.early_commissions select doc_key, issued_date + 5, null from work.plantable_cash where doc_key in (select doc_key from {picked});",
        """select 'invoice' as document_kind, doc_key, null as line_number, null::bigint as order_key, amount as stake_amount,
            'booked five days after issue, before any cash' as note
        from work.commission_bookings where doc_key in (select doc_key from {picked})""",
        where="salesperson_key % 3 = 0 and received_date > issued_date + 8",
        stage="cash",
    ),
    Planted(
        "payment_duplicate",
        paid_again("workday(p.received_date + 2)"),
        copied_payment_key(),
        where="received_date between last_date() - 24 and last_date() - 4",
        stage="cash",
        count=8,
    ),
    Planted(
        "payment_before_invoice",
        paid("c.issued_date - 4"),
        payment_key(),
        where="issued_date > first_date() + 20",
        stage="cash",
        count=4,
    ),
    Planted(
        "prepayment_not_applied",
        prepaid("30"),
        document_key("30", "'paid in advance, and applied by nothing'"),
        where=PREPAYABLE,
        count=2,
    ),
    Planted(
        "payment_schedule_differs",
        in_instalments("-5"),
        document_key("-5", "'instalments of 5.00 less than what is due'"),
        where=SMALL,
        count=2,
    ),
    Planted(
        "credit_note_not_found",
        credited_beside("12.50"),
        document_key("12.50", "'12.50 of credit without a credit note'"),
        where="amount < 350",
        stage="cash",
        count=2,
    ),
    Planted(
        "overallocated",
        "update work.allocations set amount = amount + 25 where doc_key in (select doc_key from {picked}) and kind = 'cash';",
        rows(document_key("25", "'allocated 25.00 more than paid and than invoiced'"), payment_key("25")),
        where=SMALL,
        stage="cash",
        count=2,
    ),
    Planted(
        "allocated_to_other_customer",
        """update work.payments set payer_key = c.other_key from work.plantable_cash as c where c.payment_key = payments.payment_key and c.doc_key in (select doc_key from {picked});""",
        payment_key(),
        where="other_key is not null",
        stage="cash",
        count=4,
    ),
    Planted(
        "iban_invalid_or_not_master",
        """update work.payments set iban_override = left(c.iban, 2) || lpad(((substr(c.iban, 3, 2)::integer + 1) % 97)::varchar,
            2, '0') || substr(c.iban, 5)
        from work.plantable_cash as c where c.payment_key = payments.payment_key and c.doc_key in (select doc_key
            from {picked});""",
        payment_key(),
        where=SMALL,
        stage="cash",
        count=2,
    ),
    Planted(
        "short_payment",
        paid("c.received_date", "c.amount - c.short"),
        """select 'invoice' as document_kind, doc_key, 1 as line_number, null::bigint as order_key, short as stake_amount,
            'paid without line 1' as note
        from work.plantable_cash where doc_key in (select doc_key from {picked})""",
        where="line_count >= 3 and short < amount * 0.6 and received_date < last_date() - 20",
        stage="cash",
        count=8,
    ),
    Planted(
        "cash_discount_taken_late",
        paid_with_discount("c.received_date"),
        """select 'invoice' as document_kind, doc_key, null as line_number, null::bigint as order_key, round(amount * 0.02,
            2)::decimal(18, 4) as stake_amount, '2% taken after the due date' as note
        from work.plantable_cash where doc_key in (select doc_key from {picked})""",
        where="received_date > due_date + 4",
        stage="cash",
        count=4,
    ),
    Planted(
        "unapplied_cash_aged",
        "delete from work.allocations where doc_key in (select doc_key from {picked});",
        payment_key(),
        where="received_date between last_date() - 150 and last_date() - 95 and " + OWES,
        stage="cash",
        count=8,
    ),
    Planted(
        "credit_limit_passed",
        """create or replace table work.limits_passed as
        select customer_key, open_amount from work.open_balances order by hash(customer_key) limit 3;
        update work.credit_limits set limit_amount = 50 where customer_key in (select customer_key from work.limits_passed);""",
        """select 'customer' as document_kind, null::bigint as doc_key, null as line_number, null::bigint as order_key,
            null::decimal(18, 4) as stake_amount, format('C{:05d}', customer_key) || ' owes more than its limit of 50.00' as note
        from work.limits_passed""",
        where="false",
        stage="limits",
    ),
)

EDGES: tuple[Planted, ...] = (
    Planted(
        "delivered_again_unchanged",
        """update work.numbers set recalled_date = workday(d.issued_date + 3), recalled_line_number = 1, recalled_difference = 0,
            recalled_net_amount = d.net_amount, recalled_vat_amount = d.vat_amount
        from work.documents as d where d.doc_key = numbers.doc_key and numbers.doc_key in (select doc_key from {picked});""",
        near=near("delivered again three days later as it was", "changed_after_publication"),
        where="issued_date > opening_date() and issued_date + 6 <= last_date()",
        stage="cash",
        count=2,
        is_scarce=True,
    ),
    Planted(
        "commission_on_the_day_of_payment",
        """insert into work.early_commissions select a.doc_key, max(a.allocated_date), null from work.allocations as a
            where a.doc_key in (select doc_key from {picked}) group by a.doc_key;""",
        near=near("booked on the day of the payment itself", "commission_before_payment"),
        where="salesperson_key % 3 = 0",
        stage="cash",
    ),
    *around(
        "commission_before_payment",
        f"insert into work.early_commissions select doc_key, issued_date + 5, {{off}} from work.plantable_cash where {DOCUMENT};",
        within=("0.01",),
        beyond="0.02",
        note="{off} booked five days after issue, before any cash",
        stake="{off}",
        where="salesperson_key % 3 = 0 and received_date > issued_date + 8",
        stage="cash",
    ),
    *around(
        "payment_duplicate",
        paid_again("p.received_date + {off}"),
        within=("8",),
        beyond="7",
        note="the same once more after {off} days",
        key=copied_payment_key,
        stake="p.amount",
        where="received_date between last_date() - 24 and last_date() - 9",
        stage="cash",
    ),
    Planted(
        "payment_with_a_reference_of_its_own",
        paid_again("p.received_date + 2", piece=5),
        near=copied_payment_key(code="payment_duplicate", piece=5),
        where="received_date between last_date() - 24 and last_date() - 4",
        stage="cash",
        count=2,
    ),
    *around(
        "payment_before_invoice",
        paid("c.issued_date - {off}"),
        within=("0",),
        beyond="1",
        note="paid {off} days before issue",
        key=payment_key,
        stake="c.amount",
        stage="cash",
    ),
    *around(
        "overallocated",
        "update work.allocations set amount = amount + {off} where kind = 'cash' and doc_key in (select doc_key from {picked});",
        within=("0.00", "0.05", "-0.05"),
        beyond="0.06",
        note="{off} more than paid and than invoiced",
        key=lambda stake, note, code: rows(document_key(stake, note, code=code), payment_key(stake, note, code)),
        stake="{off}",
        where="received_date > last_date() - 7",
        stage="cash",
        count=0,
    ),
    Planted(
        "paid_by_the_parent",
        near="""select 'payment' as document_kind, min(a.doc_key) as doc_key, null as line_number, null::bigint as order_key,
            min(p.amount) as stake_amount,
            format('PM{:07d}', p.payment_key) as note, 'allocated_to_other_customer' as error_code
        from work.payments as p join work.allocations as a using (payment_key) join work.documents as d on d.doc_key = a.doc_key
        join work.customers as c on c.customer_key = d.customer_key and c.parent_key = p.payer_key where c.parent_pays
            group by p.payment_key""",
        where="false",
        stage="cash",
    ),
    Planted(
        "account_with_spaces",
        r"""update work.payments set iban_override = lower(regexp_replace(c.iban, '(.{4})', '\1 ', 'g')) from work.plantable_cash as c
            where c.payment_key = payments.payment_key and c.doc_key in (select doc_key from {picked});""",
        near=payment_key(code="iban_invalid_or_not_master"),
        where="iban is not null",
        stage="cash",
        count=2,
    ),
    *around(
        "short_payment",
        paid("last_date() - {off}", "c.amount - 0.06"),
        within=("7", "6"),
        beyond="8",
        note="six cents short, {off} days ago",
        stake="0.06",
        where="received_date > last_date() - 60 and issued_date < last_date() - 20",
        stage="cash",
    ),
    Planted(
        "five_cents_short",
        paid("last_date() - 9", "c.amount - 0.05"),
        near=near("five cents short: within what a settlement may differ", "short_payment"),
        where="received_date > last_date() - 60 and issued_date < last_date() - 20",
        stage="cash",
        count=2,
    ),
    *around(
        "cash_discount_taken_late",
        paid_with_discount("c.issued_date + {off}"),
        within=("10", "9"),
        beyond="11",
        note="2% taken after {off} days",
        stake="round(d.gross_amount * 0.02, 2)",
        where="terms_days >= 14 and issued_date + 11 <= last_date()",
        stage="cash",
    ),
    *around(
        "unapplied_cash_aged",
        paid("last_date() - {off}") + "delete from work.allocations where doc_key in (select doc_key from {picked});",
        within=("30", "29"),
        beyond="31",
        note="unapplied for {off} days",
        key=payment_key,
        stake="c.amount",
        where="issued_date < last_date() - 31 and received_date > last_date() - 90 and " + OWES,
        stage="cash",
    ),
    *around(
        "credit_limit_passed",
        """insert into work.limits_reached select customer_key, {off} from work.open_balances
            where customer_key not in (select customer_key from work.limits_passed union all select customer_key from work.limits_reached)
            order by hash(customer_key) limit 2;
        update work.credit_limits set limit_amount = b.open_amount + l.room from work.open_balances as b join work.limits_reached as l using (customer_key)
            where l.room = {off} and b.customer_key = credit_limits.customer_key;""",
        within=("0.00", "0.01"),
        beyond="-0.01",
        note="",
        key=lambda stake, note, code: (
            f"""select 'customer' as document_kind, null::bigint as doc_key, null as line_number, null::bigint as order_key,
            null::decimal(18, 4) as stake_amount, format('C{{:05d}}', customer_key) || ' has a limit of what it owes, and {{off}}' as note,
            '{code}' as error_code from work.limits_reached where room = {{off}}"""
        ),
        where="false",
        stage="limits",
    ),
)
