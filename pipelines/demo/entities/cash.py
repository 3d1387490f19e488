"""Payments, the bank, what is open, and collection: how each contract's columns are read from the work tables. Keep out: drawing (``sql/``)."""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from pipelines.demo.entities.entity import Entity, customer, known, number, salesperson

BANK_ACCOUNT = "case currency when 'GBP' then 'NL90INGB0001234568' when 'USD' then 'NL63INGB0001234569' else 'NL20INGB0001234567' end"
STATEMENT = f"'BS-' || right({BANK_ACCOUNT}, 2) || '-' || strftime(received_date, '%Y%m%d')"

ENTITIES: dict[str, Entity] = {
    "payments": Entity(
        """(select p.*, r.payment_key as reversed_key, n.invoice_id, c.iban
            from work.payments as p
            left join work.payments as r on r.solo_key = case when p.piece = 3 then p.solo_key end and r.piece = 0
            left join work.numbers as n on n.doc_key = p.first_doc_key
            left join work.customers as c on c.customer_key = p.payer_key)""",
        ("received_date",),
        {
            "payment_id": number("PM", 7, "payment_key"),
            "customer_id": customer("payer_key"),
            "payer_iban": "coalesce(iban_override, iban)",
            "reference_text": "case when piece = 5 then 'Betaling op rekening ' || payment_key when documents > 1 then 'Facturen ' || invoice_id || ' en ' || (documents - 1) || ' andere' else 'Factuur ' || invoice_id end",
            "bank_account": BANK_ACCOUNT,
            "is_reversal_of": number("PM", 7, "reversed_key"),
            "statement_id": STATEMENT,
        },
    ),
    "bank_statements": Entity(
        "work.bank_statements",
        ("received_date",),
        {
            "statement_id": STATEMENT,
            "bank_account": BANK_ACCOUNT,
            "statement_date": "received_date",
            "other_entries_amount": "other_amount",
            "opening_date": "received_date - 1",
            "statement_number": "null",
        },
    ),
    "bank_transactions": Entity(
        "work.bank_entries",
        ("received_date",),
        {
            "statement_id": STATEMENT,
            "detail_number": "'0'",
            "bank_account": BANK_ACCOUNT,
            "kind": "'statement'",
            "booked_date": "received_date",
            "value_date": "received_date",
            "counterparty_iban": "iban",
            **dict.fromkeys(("bank_reference", "opening_amount", "closing_amount"), "null"),
        },
    ),
    "payment_allocations": Entity(
        # Nobody applies money to a document that is not there yet, however the posting is dated.
        """(select a.*, n.invoice_id, greatest(a.allocated_date, d.issued_date) as entered_date
            from work.allocations as a join work.numbers as n using (doc_key) join work.documents as d using (doc_key)
            where a.allocation_key not in (select allocation_key from work.unsaid_sides))""",
        ("entered_date",),
        {
            "allocation_id": number("AL", 7, "allocation_key"),
            "payment_id": number("PM", 7, "payment_key"),
            **dict.fromkeys(("instalment_number", "payment_amount", "credit_note_id", "certificate_number", "certificate_date"), "null"),
        },
    ),
    # a person looked at a receipt that names nothing, and said which of two it was
    "match_decisions": Entity(
        """(select a.payment_key, n.invoice_id, p.received_date, kind
            from work.allocations as a join work.numbers as n using (doc_key) join work.payments as p using (payment_key)
            where a.payment_key % 997 = 0 and a.kind = 'cash')""",
        ("received_date",),
        {
            "payment_id": number("PM", 7, "payment_key"),
            "decision": "'confirmed'",
            "amount": "null",
            "decided_date": "received_date",
            "decided_by": "'Debiteurenbeheer'",
        },
    ),
    "payment_schedule": Entity(
        "(select i.*, n.invoice_id, d.issued_date from work.instalments as i join work.documents as d using (doc_key) join work.numbers as n using (doc_key))",
        ("least(issued_date, last_date())",),
        {"kind": "null"},
    ),
    # the list of the last day: what was open then
    "open_items": Entity(
        """(select o.*, n.invoice_id from (
                select d.*, case when d.document_type in ('invoice', 'debit_note') then 1 else -1 end * d.gross_amount as amount,
                    case when d.document_type in ('invoice', 'debit_note') then 1 else -1 end * d.gross_amount
                        - coalesce(s.prepaid_amount, 0) + coalesce(s.rounding_amount, 0) + coalesce(v.amount, 0)
                        - coalesce(a.amount, 0) - coalesce(w.amount, 0) as open_amount
                from work.documents as d
                left join work.document_sums as s using (doc_key)
                left join work.advances as v using (doc_key)
                left join (select doc_key, sum(amount) as amount from work.allocations group by doc_key) as a using (doc_key)
                left join (select doc_key, sum(amount) as amount from work.write_offs group by doc_key) as w using (doc_key)
                where d.issued_date <= last_date() and d.customer_key is not null and d.currency is not null) as o
            join work.numbers as n using (doc_key) where o.open_amount <> 0)""",
        ("last_date()",),
        {
            "item_id": "invoice_id",
            "customer_id": customer(),
            "salesperson_id": salesperson(),
            "payment_terms_days": "terms_days",
            "balance_date": "last_date()",
            "cleared_date": "null",
        },
    ),
    "write_offs": Entity(
        "(select w.*, n.invoice_id from work.write_offs as w join work.numbers as n using (doc_key))",
        ("written_off_date", "recovered_date"),
        {
            "write_off_id": number("WO", 5, "write_off_key"),
            "recovered_amount": known("recovered_amount", "recovered_date"),
            "recovered_date": known("recovered_date", "recovered_date"),
        },
    ),
    "disputes": Entity(
        "(select d.*, n.invoice_id from work.disputes as d join work.numbers as n using (doc_key))",
        ("opened_date", "closed_date"),
        {
            "dispute_id": number("DS", 5, "dispute_key"),
            "closed_date": known("closed_date", "closed_date"),
            "outcome": known("outcome", "closed_date"),
        },
    ),
    "collection_activities": Entity(
        "(select a.*, n.invoice_id from work.collections as a join work.numbers as n using (doc_key))",
        ("day",),
        {
            "activity_id": number("CA", 7, "activity_key"),
            "customer_id": customer(),
            "dunning_level": "level",
            "result": "case when promised_date is not null then 'promise to pay' when kind = 'call' or kind = 'visit' then 'no promise' else 'sent' end",
        },
    ),
}
