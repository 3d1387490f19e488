"""``make bench EINVOICES=20000``: a night over so many electronic invoices, a file each, made from the official examples.

Prints the night's steps with their seconds and memory, and per 1,000 documents the seconds and those of a processor, whoever else was
at work. Nothing is asserted.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from lxml import etree

from tests.bench.runs import run, steps_of
from tests.conftest import SHARED_DATA

COMPANY = (
    "company: bench_einvoices\nname: E-invoices\ntime_zone: Europe/Amsterdam\nreporting_currency: EUR\n"
    "last_complete_day: invoices.issued_date\nsources: {in: {files: '*.xml', format: einvoice}}\n"
)
#: Larger examples are attachments for the most part, and say nothing of the cost of a document.
LARGEST = 100_000


def _is_in_euro(document: etree._Element) -> bool:
    """Rates of other currencies are no part of an electronic invoice: without them the night would be blocked."""
    currency = document.find(".//{*}DocumentCurrencyCode")
    return (document.findtext(".//{*}InvoiceCurrencyCode") if currency is None else currency.text or "").strip() == "EUR"


def einvoice_night(count: int) -> int:
    """Returns the exit status."""
    examples = [path for path in sorted((SHARED_DATA / "einvoices" / "examples").glob("*")) if path.stat().st_size < LARGEST]
    if not examples:
        print("the official examples are not beside the checkout: put them into ../shared/data", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(scratch)
        (folder / "data").mkdir()
        documents = [root for path in examples if _is_in_euro(root := etree.parse(path).getroot())]
        for number in range(count):
            document = documents[number % len(documents)]
            document.find("{*}ID").text = f"F-{number:06d}"
            (folder / "data" / f"F-{number:06d}.xml").write_bytes(etree.tostring(document, xml_declaration=True, encoding="UTF-8"))
        (folder / "company.yaml").write_text(COMPANY)
        given = {"COMPANY": str(folder / "company.yaml"), "DATA_DIR": str(folder / "data"), "WAREHOUSE_DIR": str(folder / "warehouse")}
        done = run([sys.executable, "-m", "pipelines.nightly"], given | {"BOOK": "none"}, accepted=(0, 1))
    print(f"{count:,} electronic invoices\n{'':34}{'seconds':>10}{'peak memory':>14}")
    for name, begin, end in steps_of(done):
        print(done.row(name, begin, end))
    print(done.row("the night", 0.0, done.seconds))
    print(f"  {'seconds per 1,000':32}{done.seconds / count * 1000:10.2f}")
    print(f"  {'of a processor, per 1,000':32}{done.processor_seconds / count * 1000:10.2f}")
    return 0
