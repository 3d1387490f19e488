"""Readers: one file format each, from a delivered file to text columns in DuckDB. Keep out: mapping and typing (``loading.py``)."""

from pipelines.sources.readers.auditfiles import AuditfileReader
from pipelines.sources.readers.base import Inspection, Reader, RefusedFileError
from pipelines.sources.readers.delimited import CsvReader
from pipelines.sources.readers.einvoices import EinvoiceReader
from pipelines.sources.readers.excel import ExcelReader
from pipelines.sources.readers.json_lines import JsonLinesReader
from pipelines.sources.readers.parquet import ParquetReader
from pipelines.sources.readers.statements import CamtReader, Mt940Reader

READERS: dict[str, Reader] = {
    "csv": CsvReader(),
    "jsonl": JsonLinesReader(),
    "parquet": ParquetReader(),
    "excel": ExcelReader(),
    "camt": CamtReader(),
    "mt940": Mt940Reader(),
    "einvoice": EinvoiceReader(),
    "xaf": AuditfileReader(),
    # What was read from it stands as Parquet (see ``databases.py``).
    "database": ParquetReader(),
}
#: Formats whose values have types of their own: days and instants stand as ISO texts.
TYPED_FORMATS = ("parquet", "excel", "database", "camt")

__all__ = ["READERS", "TYPED_FORMATS", "Inspection", "Reader", "RefusedFileError"]
