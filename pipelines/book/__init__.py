"""The KPI book: a static site of the published figures, for finance and sales together, in English and Dutch.

It is written into the version folder before the pointer moves, reads nothing but the published warehouse and loads nothing from
a network. Its one script sorts and searches tables; without it every row stands there all the same. Keep out: any rule or KPI
(dbt's) and any reading beside ``figures.py``.
"""

from pipelines.book.build import BookSummary, build_book
from pipelines.book.scopes import build_scopes
from pipelines.book.site import STYLE_SHEET

__all__ = ["STYLE_SHEET", "BookSummary", "build_book", "build_scopes"]
