"""Words in which a clerk's scenario is told: customers, orders, deliveries, documents and cash, as rows of the contracts.

Each function gives rows of one entity or more as ``(entity, row)``; amounts follow from quantity x price unless they are said.
Keep out: the scenarios themselves, and how they are delivered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

Row = tuple[str, dict]

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Scenario:
    """One business event. ``finds``: codes that must be found in it; ``also``: codes that may be; nothing else.

    ``adds``: parameters of the company; ``declares``: what else its file says. ``plain_ids``: identifiers stand as they
    are, where they are the point themselves.
    """

    name: str
    rows: list[list[Row] | Row]
    finds: frozenset[str] | set[str] = frozenset()
    also: frozenset[str] | set[str] = frozenset()
    adds: dict = field(default_factory=dict)
    declares: dict = field(default_factory=dict)
    plain_ids: bool = False

    def missed(self, findings: Iterable[tuple[str, str]]) -> set[str]:
        """Codes that must be among the findings, (code, document) each, and are not."""
        return set(self.finds) - {code for code, _ in findings}

    def invented(self, findings: Iterable[tuple[str, str]]) -> set[str]:
        """Codes that are among the findings and may not be."""
        return {code for code, _ in findings} - self.finds - self.also

    def by_entity(self) -> dict[str, list[dict]]:
        entities: dict[str, list[dict]] = {}
        flat = [row for item in self.rows for row in (item if isinstance(item, list) else [item])]
        for entity, row in flat:
            entities.setdefault(entity, []).append(row)
        return entities


def money(value: Decimal | str | float) -> Decimal:
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)


def day_after(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


def customer(customer_id: str = "C1", **extra) -> Row:
    return "customers", {"customer_id": customer_id, "name": f"Customer {customer_id}", "country": "NL"} | extra


def dutch_vat_id(number: int) -> str:
    """A VAT id of eight digits that begins with ``number`` and passes the 11-test."""
    while True:
        digits = f"{number:08}"
        check = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 1, -1), strict=True)) % 11
        if check < 10:
            return f"NL{digits}{check}B01"
        number += 1


def german_vat_id(number: int) -> str:
    """A VAT id whose ninth digit is that of ISO 7064 modulo 11,10."""
    product_ = 10
    for digit in f"{number:08}":
        product_ = (((product_ + int(digit)) % 10 or 10) * 2) % 11
    return f"DE{number:08}{(11 - product_) % 10}"


def product(product_id: str = "P1", **extra) -> Row:
    return "products", {"product_id": product_id, "name": f"Product {product_id}"} | extra


def order(order_id: str, *lines: dict, on: str = "2025-05-01", by: str = "C1", **extra) -> list[Row]:
    """An order and its lines: ``item(...)`` each."""
    header = {"order_id": order_id, "customer_id": by, "ordered_at": f"{on} 10:00:00", "currency": "EUR"} | extra
    known = {"product_id", "quantity", "unit", "unit_price_amount", "discount_share", "price_base_quantity", "is_free", "is_drop_shipped"}
    items = [
        ("order_lines", {"order_id": order_id, "line_number": str(number)} | {k: v for k, v in line.items() if k in known})
        for number, line in enumerate(lines, start=1)
    ]
    return [("orders", header), *items]


def item(quantity: str | float, price: str | float, product_id: str | None = "P1", of: str | None = None, **extra) -> dict:
    """A line of an order or document; ``of`` names the order line it bills, as ``order/line`` or ``order``."""
    line = {"product_id": product_id, "quantity": Decimal(str(quantity)), "unit_price_amount": Decimal(str(price))} | extra
    if of is not None:
        line["order_id"], _, number = of.partition("/")
        line["order_line_number"] = number or None
    return line


def delivery(delivery_id: str, of: str, quantity: str | float, on: str, **extra) -> Row:
    """One delivered order line (``order/line``); a negative quantity came back."""
    order_id, _, number = of.partition("/")
    row = {"delivery_id": delivery_id, "line_number": "1", "order_id": order_id, "order_line_number": number, "quantity": quantity}
    return "deliveries", row | {"shipped_date": on, "delivered_date": on} | extra


def invoice(
    invoice_id: str,
    *lines: dict,
    on: str = "2025-05-10",
    to: str = "C1",
    kind: str = "invoice",
    vat: str | float = "0.21",
    days: int | None = 30,
    charges: tuple[dict, ...] = (),
    **extra,
) -> list[Row]:
    """A document of any kind with its lines; ``vat`` is the rate of lines that say none, ``charges`` stand on the whole document."""
    rows, net, vat_bases = [], Decimal(0), {}
    for number, line in enumerate(lines, start=1):
        row = {"vat_category": "S", "vat_share": Decimal(str(vat)), "invoice_id": invoice_id, "line_number": str(number)} | line
        base = Decimal(str(row.get("price_base_quantity") or 1))
        less = Decimal(str(row.get("discount_amount", 0)))
        row["net_amount"] = money(row.get("net_amount", row["quantity"] * row["unit_price_amount"] / base - less))
        net += row["net_amount"]
        key = (row["vat_category"], Decimal(str(row["vat_share"])))
        vat_bases[key] = vat_bases.get(key, Decimal(0)) + row["net_amount"]
        rows.append(("invoice_lines", row))
    charged = Decimal(0)
    for number, charge in enumerate(charges, start=1):
        row = {
            "invoice_id": invoice_id,
            "allowance_number": str(number),
            "is_charge": "true",
            "vat_category": "S",
            "vat_share": vat,
        } | charge
        charged += Decimal(str(row["amount"]))
        key = (row["vat_category"], Decimal(str(row["vat_share"])))
        vat_bases[key] = vat_bases.get(key, Decimal(0)) + Decimal(str(row["amount"]))
        rows.append(("invoice_allowances", row))
    vat_amount = sum((money(base * share) for (_, share), base in vat_bases.items()), Decimal(0))
    header = {"invoice_id": invoice_id, "document_type": kind, "customer_id": to, "issued_date": on, "currency": "EUR"}
    header |= {"net_amount": net + charged, "vat_amount": vat_amount, "gross_amount": net + charged + vat_amount}
    if charges:
        header |= {"charge_amount": charged, "allowance_amount": Decimal(0)}
    if days is not None:
        header["due_date"] = day_after(on, days)
    return [("invoices", header | extra), *rows]


def credit(invoice_id: str, *lines: dict, of: str | None = None, **extra) -> list[Row]:
    """A credit note; ``of`` names the invoice that it credits."""
    return invoice(invoice_id, *lines, kind="credit_note", days=None, corrects_invoice_id=of, **extra)


def payment(payment_id: str, amount: str | float, on: str, by: str = "C1", **extra) -> Row:
    return "payments", {"payment_id": payment_id, "received_date": on, "amount": amount, "currency": "EUR", "customer_id": by} | extra


def applied(number: str, invoice_id: str, amount: str | float, on: str, payment_id: str | None = None, kind: str = "cash") -> Row:
    row = {"allocation_id": number, "payment_id": payment_id, "kind": kind, "invoice_id": invoice_id, "allocated_date": on}
    return "payment_allocations", row | {"amount": amount}


def paid(number: str, invoice_id: str, amount: str | float, on: str, by: str = "C1") -> list[Row]:
    """One payment that is applied on the day it comes in."""
    return [payment(number, amount, on, by), applied(f"A{number}", invoice_id, amount, on, number)]
