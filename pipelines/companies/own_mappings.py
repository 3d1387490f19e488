"""Formats whose standard says what every field means: they bring their own columns and mapping, and are written in one notation.

Keep out: what one format brings (``statements.py``, ``einvoices.py``, ``auditfiles.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.companies.auditfiles import AUDITFILE_COLUMNS, AUDITFILE_ENTITIES, AUDITFILE_FORMATS
from pipelines.companies.einvoices import EINVOICE_COLUMNS, EINVOICE_ENTITIES, EINVOICE_FORMATS
from pipelines.companies.statements import STATEMENT_COLUMNS, STATEMENT_ENTITIES, STATEMENT_FORMATS


@dataclass(frozen=True)
class OwnMapping:
    """``what`` the format holds, the columns of a row as read, and entity -> (which rows, columns of one name, columns of another).

    ``masters`` are entities that documents repeat from a master: where the company has files of contracts, these are it.
    """

    what: str
    columns: tuple[str, ...]
    entities: dict[str, tuple[str, tuple[str, ...], dict[str, str]]]
    masters: tuple[str, ...] = ()


STATEMENTS = OwnMapping("bank statements", STATEMENT_COLUMNS, STATEMENT_ENTITIES)
EINVOICES = OwnMapping("electronic invoices", EINVOICE_COLUMNS, EINVOICE_ENTITIES, masters=("customers",))
AUDITFILES = OwnMapping("audit files", AUDITFILE_COLUMNS, AUDITFILE_ENTITIES, masters=("customers",))
#: Format -> what it brings.
OWN_MAPPINGS = (
    dict.fromkeys(STATEMENT_FORMATS, STATEMENTS) | dict.fromkeys(EINVOICE_FORMATS, EINVOICES) | dict.fromkeys(AUDITFILE_FORMATS, AUDITFILES)
)
