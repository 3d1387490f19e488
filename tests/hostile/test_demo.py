"""Forty hostile files among the deliveries of the demo company: every one is named, and no row of the others changes.

What is published follows from the raw tables only, so equal tables are equal figures.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from pipelines.companies.config import load_company
from pipelines.demo.deliver import deliver
from pipelines.demo.generator import DemoSettings
from pipelines.settings import COMPANIES_FOLDER
from pipelines.sources.contracts import load_contracts
from pipelines.sources.landing import land
from pipelines.sources.loading import Loader, load_all
from pipelines.warehouse import connect

INVOICE = "invoice_id,document_type,customer_id,issued_date,currency,net_amount,gross_amount"
DAY = "2025-12-30"
#: Content of a file of invoices that is refused whole.
REFUSED = {
    "empty": b"", "blank": b"\n\n", "no header": b"H1,invoice,C1,2025-01-01,EUR,1,1\n", "semicolons": INVOICE.replace(",", ";").encode(),
    "capitals": INVOICE.upper().encode(), "a column less": INVOICE.replace(",currency", "").encode(), "a column twice": (INVOICE + ",currency").encode(),
    "open quote": (INVOICE + '\nH1,"invoice,C1,2025-01-01,EUR,1,1\n').encode(), "quote within": (INVOICE + '\nH1,"inv"oice,C1,2025-01-01,EUR,1,1\n').encode(),
    "cp1252": (INVOICE + "\nH1,invoice,Caf\u00e9,2025-01-01,EUR,1,1\n").encode("cp1252"), "utf-16": INVOICE.encode("utf-16"), "nul": INVOICE.encode() + b"\nH1\0\n",
    "binary": bytes(range(256)), "parquet": b"PAR1" + bytes(100) + b"PAR1", "html": b"<html><body>Error 500</body></html>", "json": b'{"invoice_id": 1}\n',
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "long line": b"x" * 3_000_000, "long field": (INVOICE + "\n" + "x" * 1_500_000 + ",invoice,C1,2025-01-01,EUR,1,1\n").encode(),
    "title": b"Invoices\n\n" + INVOICE.encode(), "SQL": b"'; drop table raw.invoices; --\n", "shifted": ("\n" + INVOICE).encode(),
    "bad utf-8": INVOICE.encode() + b"\nH1,invoice,\xc3\x28,2025-01-01,EUR,1,1\n", "escape": INVOICE.encode() + b'\nH1,"a\\"b",C1,2025-01-01,EUR,1,1\n',
    "tabs": INVOICE.replace(",", "\t").encode(), "half": INVOICE[:20].encode(),
}  # fmt: skip
#: Rows of a file of invoices that are each quarantined.
QUARANTINED = {
    "short": "H1,invoice", "long": "H1,invoice,C1,2025-01-01,EUR,1,1,1,1", "words": "H1,invoice,C1,infinity,EUR,1,1", "comma": 'H1,invoice,C1,2025-01-01,EUR,"1,00",1',
    "no number": ",invoice,C1,2025-01-01,EUR,1,1", "tab": "\t,invoice,C1,2025-01-01,EUR,1,1", "kind": "H1,letter,C1,2025-01-01,EUR,1,1", "far": "H1,invoice,C1,2035-01-01,EUR,1,1",
}  # fmt: skip


def throw_in(data: Path) -> set[str]:
    """Forty hostile files among the deliveries; returns their names."""
    folder, names = data / "invoices", set()
    for name, content in REFUSED.items():
        names.add(f"invoices/invoices_{name}_{DAY}.csv")
        (folder / f"invoices_{name}_{DAY}.csv").write_bytes(content)
    for name, row in QUARANTINED.items():
        names.add(f"invoices/invoices_{name}_{DAY}.csv")
        (folder / f"invoices_{name}_{DAY}.csv").write_text(f"{INVOICE}\n{row}\n", encoding="utf-8")
    packed = {f"invoices_gz_{DAY}.csv.gz": gzip.compress(b"x" * 100)[:-9], f"invoices_zip_{DAY}.csv.zip": b"PK"}
    for name, content in packed.items():
        names.add(f"invoices/{name}")
        (folder / name).write_bytes(content)
    (folder / f"invoices_folder_{DAY}.csv").mkdir()
    (folder / f"invoices_link_{DAY}.csv").symlink_to("/etc/passwd")
    os.mkfifo(folder / f"invoices_pipe_{DAY}.csv")
    (folder / "invoices_no day_.csv").write_text(INVOICE, encoding="utf-8")
    return names | {f"invoices/invoices_{kind}_{DAY}.csv" for kind in ("folder", "link", "pipe")} | {"invoices/invoices_no day_.csv"}


@pytest.mark.slow
def test_forty_hostile_files_change_nothing_and_are_all_named(tmp_path: Path) -> None:
    company = load_company(COMPANIES_FOLDER / "demo.yaml")
    data, landed = tmp_path / "data", tmp_path / "landed"
    deliver(data, DemoSettings(**company.demo | {"customers": 60, "months": 12, "invoice_lines": 3000}))
    landed.mkdir()
    content: list[dict] = []
    for _ in range(2):
        landing = land(data, landed, company.all_sources())
        with connect(reach=[landed]) as connection:
            load_all(Loader(connection, company, landing, landed))
            content.append(
                {entity: connection.execute(f"select * from raw.{entity} order by all").fetchall() for entity in load_contracts()}
            )
            named = {refusal.path for refusal in landing.refusals}
            named |= {path for (path,) in connection.execute("select distinct path from raw.quarantine").fetchall()}
        if len(content) == 1:
            thrown = throw_in(data)
    assert len(thrown) == 40
    assert thrown <= named
    assert content[1] == content[0]
