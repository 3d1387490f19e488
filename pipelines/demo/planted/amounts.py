"""Arithmetic and tax: errors as they are usually made, and what stands at the edge of a rule.

Keep out: rules that find errors, and how all is planted (``planting.py``).
"""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from pipelines.demo.planted.changes import (
    DOCUMENT,
    LINE,
    ORDER,
    ORDER_LINE,
    PLAIN,
    PREPAYABLE,
    RECOMPUTE,
    SMALL,
    TOTALS,
    allowance,
    copied,
    credited_beside,
    in_instalments,
    prepaid,
    totals,
)
from pipelines.demo.planted.entry import Planted, around, document_key, line_key, near, rows

LINE_COUNT = "(select count(*) from work.document_lines as l where l.doc_key = documents.doc_key)"

ERRORS: tuple[Planted, ...] = (
    Planted(
        "line_net_wrong",
        f"update work.document_lines set net_amount = net_amount + 10 where {LINE};" + TOTALS,
        line_key("10"),
        where=SMALL,
        count=2,
    ),
    Planted(
        "lines_not_sum_of_total",
        f"update work.documents set net_amount = net_amount + 7, gross_amount = gross_amount + 7 where {DOCUMENT};",
        document_key("7"),
        where=SMALL,
        count=2,
    ),
    Planted(
        "gross_not_net_plus_vat",
        f"update work.documents set gross_amount = gross_amount + 3 where {DOCUMENT};",
        document_key("3"),
        where=SMALL,
        count=2,
    ),
    Planted(
        "vat_breakdown_wrong",
        f"update work.documents set vat_amount = vat_amount + 5, gross_amount = gross_amount + 5 where {DOCUMENT};",
        document_key("5"),
        where=SMALL,
        count=2,
    ),
    Planted(
        "vat_breakdown_tight",
        f"update work.documents set vat_amount = vat_amount + 0.50, gross_amount = gross_amount + 0.50 where {DOCUMENT};",
        document_key("0.50", "'within the official tolerance, beyond a cent a line'"),
        where="country = 'NL'",
        count=2,
    ),
    Planted(
        "vat_rate_not_valid",
        f"update work.document_lines set vat_share = 0.19 where {DOCUMENT};" + TOTALS,
        document_key("round(d.net_amount * 0.21, 2) - d.vat_amount"),
        where="country = 'NL'",
    ),
    Planted(
        "vat_category_inconsistent",
        f"update work.document_lines set vat_category = 'K' where {DOCUMENT};",
        document_key("d.vat_amount"),
        where="country = 'NL'",
    ),
    Planted(
        "allowance_or_charge_total_wrong",
        allowance("4", total="0.03"),
        document_key("0.03", "'the sum says three cents more than the allowance itself'"),
        where="not is_recent and " + SMALL + " and gross_amount > 120 and " + PLAIN,
        count=2,
    ),
    Planted(
        "allowance_off_its_percentage",
        allowance("2.03", base="100", share="0.02"),
        document_key("0.03", "'2% of 100.00 is three cents less: a cent above the tolerance'", code="allowance_or_charge_total_wrong"),
        where="not is_recent and " + SMALL + " and gross_amount > 120 and " + PLAIN,
        count=2,
    ),
    Planted(
        "amount_due_wrong",
        prepaid(due_difference="20"),
        rows(
            document_key("20", "'the prepaid amount was not taken off'"),
            document_key("20", "'follows from amount_due_wrong'", code="prepayment_not_applied"),
        ),
        where="not is_recent and " + PREPAYABLE,
        count=2,
    ),
    Planted(
        "sign_against_type",
        copied(6, 6, document_type="credit_note", reason="goodwill", keeps_order=False, corrects=True, only_first_line=True)
        + """update work.document_lines set quantity = -quantity, discount_amount = -discount_amount, net_amount = -net_amount where doc_key in (select doc_key + 6 from {picked});"""
        + totals(6)
        + "update work.documents set is_settled = false where doc_key in (select doc_key + 6 from {picked});",
        document_key("2 * d.gross_amount", slot=6),
        where=SMALL,
        count=2,
    ),
    Planted(
        "negative_price",
        """insert into work.document_lines select doc_key, 90, null, null, null, null, 'Correction', 1, -4, 0, 0, -4,
            vat_category, vat_share
        from work.document_lines where """
        + LINE
        + ";"
        + TOTALS,
        document_key("-4", line="90"),
        where=SMALL + " and gross_amount > 60",
        count=2,
    ),
    Planted(
        "too_many_decimals",
        f"""update work.lines set unit_price = unit_price - 0.01 where {ORDER_LINE};
        update work.document_lines set unit_price = unit_price - 0.005 where {LINE};"""
        + RECOMPUTE,
        line_key("0.005", "'half a cent off the order: within every price tolerance'"),
        where=PLAIN + " and first_quantity = 1",
        count=2,
    ),
    Planted(
        "currency_unknown_or_mixed",
        f"update work.documents set currency = 'XXX', is_settled = false where {DOCUMENT}; update work.orders set currency = 'XXX' where {ORDER};",
        document_key(),
        where=SMALL,
        count=2,
    ),
)

EDGES: tuple[Planted, ...] = (
    *around(
        "line_net_wrong",
        f"update work.document_lines set net_amount = net_amount + {{off}} where {LINE};" + TOTALS,
        within=("0.02", "-0.02", "0.01"),
        beyond="0.03",
        note="{off} off",
        key=line_key,
        stake="{off}",
        count=0,
    ),
    Planted(
        "sum_of_thousandths",
        f"""update work.lines set unit_price = unit_price - 0.01 where {ORDER_LINE};
        update work.document_lines set unit_price = unit_price - 0.005 where {LINE};"""
        + RECOMPUTE
        + f"""update work.documents set net_amount = floor(net_amount * 100 + 0.5) / 100,
            gross_amount = (floor(net_amount * 100 + 0.5) / 100)::decimal(18, 4) + vat_amount where {DOCUMENT};""",
        key=line_key("0.005", "'half a cent off the order: within every price tolerance'", "too_many_decimals"),
        near=near("its lines sum to half a cent, which the document rounds up", "lines_not_sum_of_total", "gross_not_net_plus_vat"),
        where=PLAIN + " and first_quantity = 1",
        count=2,
    ),
    Planted(
        "price_of_half_a_cent",
        f"update work.document_lines set unit_price = unit_price + 0.005 where {LINE};" + RECOMPUTE,
        near=near("an even number of pieces at half a cent: whole cents", "too_many_decimals", "price_differs_from_order"),
        where=PLAIN + " and first_quantity % 2 = 0",
        count=2,
    ),
    Planted(
        "net_one_cent_off",
        f"update work.documents set net_amount = net_amount + 0.01, gross_amount = gross_amount + 0.01 where {DOCUMENT};",
        key=document_key("0.01", code="lines_not_sum_of_total"),
        count=0,
    ),
    Planted(
        "gross_one_cent_off",
        f"update work.documents set gross_amount = gross_amount + 0.01 where {DOCUMENT};",
        key=document_key("0.01", code="gross_not_net_plus_vat"),
        count=0,
    ),
    *around(
        "allowance_or_charge_total_wrong",
        allowance("2 + {off}", base="100", share="0.02"),
        within=("0.02", "0.01"),
        beyond="0.03",
        note="{off} off its percentage",
        stake="{off}",
        count=0,
        where=PLAIN + " and gross_amount > 120",
    ),
    Planted(
        "allowance_sum_one_cent_off",
        allowance("4", total="0.01"),
        key=document_key("0.01", code="allowance_or_charge_total_wrong"),
        where=PLAIN + " and gross_amount > 120",
        count=0,
    ),
    Planted(
        "prepaid_and_rounded",
        prepaid(rounding="0.02", is_applied=True),
        near=near("gross less what was paid in advance, rounded up by two cents", "amount_due_wrong", "prepayment_not_applied"),
    ),
    Planted(
        "due_amount_one_cent_off",
        prepaid(due_difference="0.01", is_applied=True),
        key=document_key("0.01", code="amount_due_wrong"),
        count=0,
    ),
    *around(
        "prepayment_not_applied",
        prepaid("{off}"),
        within=("0.05",),
        beyond="0.06",
        note="{off} paid in advance by the document",
        stake="{off}",
    ),
    *around(
        "payment_schedule_differs",
        in_instalments("{off}"),
        within=("0.00", "0.05", "-0.05"),
        beyond="0.06",
        note="instalments of {off} more than what is due",
        stake="{off}",
    ),
    *around(
        "credit_note_not_found",
        credited_beside("{off}"),
        within=("0.05",),
        beyond="0.06",
        note="{off} of credit without a credit note",
        stake="{off}",
        stage="cash",
    ),
    Planted(
        "credit_applied_by_one_row",
        """insert into work.unsaid_sides select a.allocation_key from work.allocations as a join work.documents as d using (doc_key)
            where a.kind = 'credit_note' and a.amount < 0 and d.corrects_doc_key is not null and not d.is_extra
            order by hash(a.doc_key) limit 4;""",
        near="""select 'invoice' as document_kind, d.corrects_doc_key as doc_key, null as line_number, d.order_key, null::decimal(18, 4) as stake_amount,
                'only the side of the invoice came' as note, 'credit_note_not_found' as error_code
            from work.unsaid_sides as u join work.allocations as a using (allocation_key) join work.documents as d on d.doc_key = a.doc_key""",
        where="false",
        stage="cash",
    ),
    *around(
        "vat_breakdown_tight",
        f"""update work.documents set vat_amount = vat_amount + 0.01 * ({LINE_COUNT} + {{off}}),
            gross_amount = gross_amount + 0.01 * ({LINE_COUNT} + {{off}}) where {DOCUMENT};""",
        within=("0", "-1"),
        beyond="1",
        note="a cent a line and {off} cents",
        stake="0.01 * ((select count(*) from work.document_lines as x where x.doc_key = d.doc_key) + {off})",
        where="country = 'NL'",
    ),
    Planted(
        "vat_a_cent_below_the_official_tolerance",
        f"update work.documents set vat_amount = vat_amount + 0.99, gross_amount = gross_amount + 0.99 where {DOCUMENT};",
        key=document_key("0.99", "'within the official tolerance, beyond a cent a line'", code="vat_breakdown_tight"),
        near=near("0.99 off", "vat_breakdown_wrong"),
        where="country = 'NL'",
        count=2,
    ),
    Planted(
        "vat_at_the_official_tolerance",
        f"update work.documents set vat_amount = vat_amount + 1, gross_amount = gross_amount + 1 where {DOCUMENT};",
        key=document_key("1", code="vat_breakdown_wrong"),
        where="country = 'NL'",
        count=0,
    ),
    Planted(
        "reduced_rate",
        f"update work.document_lines set vat_share = 0.09 where {DOCUMENT};" + TOTALS,
        near=near("the reduced rate is in force too", "vat_rate_not_valid", "vat_category_inconsistent"),
        where="country = 'NL'",
        count=2,
    ),
    Planted(
        "exempt",
        f"update work.document_lines set vat_category = 'E', vat_share = 0 where {DOCUMENT};" + TOTALS,
        near=near("exempt, and without VAT", "vat_category_inconsistent", "vat_rate_not_valid", "vat_breakdown_wrong"),
        where="country = 'NL'",
        count=2,
    ),
    Planted(
        "negative_invoice_after_another",
        copied(6, 6, keeps_order=False, corrects=True, only_first_line=True)
        + """update work.document_lines set quantity = -quantity, discount_amount = -discount_amount, net_amount = -net_amount where doc_key in (select doc_key + 6 from {picked});"""
        + totals(6)
        + "update work.documents set is_settled = false where doc_key in (select doc_key + 6 from {picked});",
        near=near(
            "negative, but about an invoice before it: a credit note in all but name",
            "sign_against_type",
            "negative_quantity_on_invoice",
            slot=6,
        ),
        where="not is_order_number_required",
        count=2,
    ),
    Planted(
        "price_a_cent_below_zero",
        f"""insert into work.document_lines select doc_key, 90, null, null, null, null, 'Rounding', 1, -0.01, 0, 0, -0.01,
            vat_category, vat_share from work.document_lines where {LINE};"""
        + TOTALS,
        key=document_key("-0.01", line="90", code="negative_price"),
        count=0,
    ),
)
