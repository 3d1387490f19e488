"""The credit controller's list: one row per customer with something overdue, whom nobody touched first, and what to say.

Keep out: single invoices (``receivables.py``), and the rules of what to do next (dbt's ``overdue_customers``).
"""

from __future__ import annotations

from typing import Any

from pipelines.book.blocks import Card, Cards, Column, Notice, Page, Table
from pipelines.book.figures import Figures, Row
from pipelines.book.words import Words
from pipelines.book.writer import Writer

OVERDUE = "receivables.overdue_customers"
INVOICES = "receivables.overdue_worklist"
APPROACH = "receivables.collection_approach"
EFFECT = "receivables.dunning_effect_monthly"
NEEDS = ("invoices", "payment_allocations")
#: Next actions for which the approach says who does them and by what, so that a row gives one advice.
CALLS = ("call first", "call", "call about the promise")
DEPARTMENTS = {"finance": "finance", "salesperson": "sales", "both": "sales and finance"}
#: Rows that stand on the page; the file holds more, and the warehouse all.
SHOWN = 1_000
#: How many customers are said to make most of the overdue.
LARGEST = 3


def page(writer: Writer) -> Page:
    words = writer.words
    title = words.t("nav.collection")
    if not writer.figures.filled(OVERDUE):
        absent = writer.absent(OVERDUE, words.t("tables.overdue_customers"), NEEDS)
        return Page("collection.html", title, "collection", [writer.section("collection-now", absent)])
    return Page(
        "collection.html",
        title,
        "collection",
        [
            writer.section("collection-now", cards(writer), largest(writer)),
            writer.section("collection-list", call_list(writer)),
            writer.section("dunning-effect", dunning_effect(writer)),
        ],
        lead=words.t(
            "leads.collection" if is_touch_known(writer.figures) else "leads.collection_by_amount",
            day=words.notation.day(writer.figures.report_date),
        ),
    )


def not_kept(figures: Figures) -> str:
    """Which rows of ``overdue_worklist`` were promised and not paid; who has promised anew is waited for."""
    return f"has_broken_promise and coalesce(promised_date < date '{figures.report_date}', true)"


def is_touch_known(figures: Figures) -> bool:
    """Whether the company delivers what was done about invoices: without it nobody knows that nobody was in touch."""
    return "collection_activities" not in figures.missing_entities


def cards(writer: Writer) -> Any:
    """What is overdue at the report date, and where it is known how much of it nobody touched and what became of promises."""
    words, count = writer.words, writer.words.count
    row = writer.figures.raw(
        "select sum(overdue_amount) as amount, count(*) as n, sum(untouched_amount) as untouched, sum(untouched_count) as untouched_n,"
        f" sum(overdue_amount) filter (place <= {LARGEST}) as largest from ("
        f"select *, row_number() over (order by overdue_amount desc, customer_id) as place from {OVERDUE})"
    )[0]
    if not row["n"]:
        return Notice(words.t("collection.nothing"), "plain")
    share = words.notation.share(row["largest"] / row["amount"], 0)
    day = words.notation.day(writer.figures.report_date)
    figures = (
        (words.t("collection.overdue", day=day), words.short(row["amount"]), words.t("collection.customers", count=count(row["n"]))),
        (words.t("collection.largest", count=count(min(LARGEST, row["n"]))), share, words.short(row["largest"])),
    )
    if is_touch_known(writer.figures) and writer.figures.filled(INVOICES):
        untouched = words.t("collection.invoices", count=count(row["untouched_n"]))
        figures = (*figures, (words.t("collection.untouched"), words.short(row["untouched"]), untouched))
        broken = writer.figures.raw(
            "select coalesce(sum(open_amount), 0) as amount, count(distinct invoice_id) as n"
            f" from {INVOICES} where {not_kept(writer.figures)}"
        )[0]
        detail = words.t("collection.invoices", count=count(broken["n"]))
        figures = (*figures, (words.t("collection.broken"), words.short(broken["amount"]), detail))
    return Cards([Card(label, value, detail=detail) for label, value, detail in figures])


def largest(writer: Writer) -> Any:
    """Which customers make most of the overdue, and who works on them."""
    words = writer.words
    table = writer.table(
        "overdue-largest",
        words.t("tables.overdue_largest"),
        OVERDUE,
        f"select *, overdue_amount / sum(overdue_amount) over () as overdue_share from {approached(writer)}"
        " order by overdue_amount desc, customer_id",
        [],
        [
            "customer_id",
            "overdue_amount",
            Column("overdue_share", words.label("share_of_overdue"), "share"),
            cause(writer),
            "account_owner_id",
            *([Column("last_activity", words.label("last_activity_date", OVERDUE))] if is_touch_known(writer.figures) else []),
            "next_action",
            "by_department",
        ],
        shown=10,
        limit=10,
    )
    return tell(writer, table)


def tell(writer: Writer, table: Table) -> Table:
    """The table with the last action, how the customer is approached and what to say in words."""
    words = writer.words
    for row in table.rows:
        row["say"] = say(words, row)
        row |= approach(words, row) if "by_whom" in row else {}
        row["last_activity"] = ""
        if row["last_activity_date"]:
            kind = words.term("kind", row["last_activity_kind"])
            row["last_activity"] = f"{words.notation.day(row['last_activity_date'])}, {kind}"
    return table


def owed(words: Words, row: Row) -> str:
    """What is overdue, with its cents where it is nothing but cents."""
    return words.money(row["overdue_amount"], 2 if row["overdue_amount"] < 1 else 0)


def say(words: Words, row: Row) -> str:
    """What to say to the customer, by what is to be done next; whom we owe an answer gets it before anything is asked."""
    is_owed = row.get("reason_code") == "approach_owed_answer" and row["next_action"] in CALLS
    key = "answer_first" if is_owed else row["next_action"].replace(" ", "_")
    return words.t(
        f"collection.say.{key}",
        amount=owed(words, row),
        invoice=row["oldest_invoice_id"],
        due=words.notation.day(row["oldest_due_date"]),
        promise=words.notation.day(row["promised_date"]),
    )


def approached(writer: Writer) -> str:
    """What is overdue by customer, with how each is approached where that is published."""
    told = f"(select * exclude (account_owner_id, report_date) from {APPROACH})"
    return f"{OVERDUE} join {told} using (customer_id)" if writer.figures.filled(APPROACH) else OVERDUE


def approach(words: Words, row: Row) -> dict[str, str]:
    """Who calls, how and in which tone, what not to do, and why; of a row of ``collection_approach``."""
    reason = words.told([row])
    if row["by_whom"] is None:
        return {"approach": words.t("collection.no_approach", reason=reason), "not_to_do": "", "approach_why": reason}
    told = {name: words.term(name, row[name]) for name in ("by_whom", "channel", "tone")}
    found = {"approach": words.t("collection.approach", **told), "not_to_do": row[f"not_to_do_{words.code}"], "approach_why": reason}
    if row.get("next_action") in CALLS:
        found["by_department"] = DEPARTMENTS[row["by_whom"]]
        found |= {} if row["channel"] == "call" else {"next_action": row["channel"]}
    return found


def approach_columns(words: Words) -> list[Column]:
    keys = {"approach": "approach_label", "not_to_do": "not_to_do_label", "approach_why": "approach_why_label"}
    return [Column(key, words.t(f"collection.{label}"), "sentence") for key, label in keys.items()]


def cause(writer: Writer) -> Column:
    return writer.words.column("cause", OVERDUE, vocabulary="overdue_cause")


def list_columns(writer: Writer) -> list[str | Column]:
    """The columns of a list of calls: on the page, for the dialler and for whoever owns the account."""
    words = writer.words
    touches = ["untouched_count", "promised_date", Column("last_activity", words.label("last_activity_date", OVERDUE))]
    columns: list[str | Column] = [
        "customer_id", "overdue_amount", cause(writer), "oldest_due_date", *(touches if is_touch_known(writer.figures) else []),
        "next_action", "by_department", "account_owner_id",
    ]  # fmt: skip
    if not writer.figures.pseudonyms:
        columns += [
            Column("contact_name", words.label("contact_name", OVERDUE)),
            Column("contact_phone", words.label("contact_phone", OVERDUE)),
        ]
    return [*columns, Column("say", words.t("collection.say_label"), "sentence")]


def call_list(writer: Writer) -> Any:
    words = writer.words
    columns = list_columns(writer)
    if writer.figures.filled(APPROACH):
        columns[-1:-1] = approach_columns(words)
    table = writer.table(
        "overdue-customers",
        words.t("tables.overdue_customers"),
        OVERDUE,
        f"select * from {approached(writer)} order by call_rank",
        [],
        columns,
        shown=SHOWN,
        note=words.t("notes.overdue_customers"),
        worked=True,
    )
    return tell(writer, table)


def dunning_effect(writer: Writer) -> Any:
    """What each step of collecting brought by segment, with its interval, and what followed for the relation."""
    words = writer.words
    title = words.t("tables.dunning_effect")
    if not writer.figures.filled(EFFECT):
        return writer.absent(EFFECT, title, ("collection_activities", *NEEDS))
    table = writer.table(
        "dunning-effect",
        title,
        EFFECT,
        f"select * from {EFFECT} where month_start_date = ? order by size_class <> 'all', size_class, dunning_level, channel, department",
        [writer.month],
        [
            Column("size_class", words.label("size_class", EFFECT), "code", "dunned_segment"),
            words.column("dunning_level", EFFECT, kind="number", digits=0),
            Column("channel", words.label("channel", EFFECT), "code", "channel"),
            *("department", "step_count", "matched_count", "collected_amount", "expected_amount", "extra_amount"),
            *("extra_low_amount", "extra_high_amount", "has_effect"),
            words.column("cost_per_extra_euro", EFFECT, kind="number", digits=2),
            *("disputed_share", "ordered_share", "had_ordered_share"),
            words.column("score_change", EFFECT, kind="number", digits=1),
            *("left_share", "reason"),
        ],
        shown=40,
    )
    return table if table.rows else None
