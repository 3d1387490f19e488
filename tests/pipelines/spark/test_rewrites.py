"""Each difference of both engines on rows of its own, executed on either side; beside it what must stay as it is."""

from __future__ import annotations

import pytest

from tests.pipelines.spark.conftest import Both

pytestmark = pytest.mark.slow

DATES = "select * from (values (date '2024-01-31', date '2024-03-01', 2), (date '2023-12-31', date '2024-01-01', 14), (null, date '2024-01-01', 1)) as v (a, b, n)"
NUMBERS = (
    "select cast(d as decimal(18,4)) as d, cast(x as double) as x, cast(i as integer) as i from (values (0.125, 0.125, 1), (-0.125, -0.125, 2),"
    " (2.5, 2.5, 3), (-2.5, -2.5, 4), (3.5, 1.005, 7), (10.0, 2.675, 0), (0.0, 1234567.5, -3), (null, null, null)) as v (d, x, i)"
)
PAIRS = "select * from (values ('a', 1, null), ('a', 2, 20), ('a', 3, null), ('b', 1, 10), ('b', 2, null)) as v (k, n, x)"
TEXTS = "select * from (values ('INV/2025-0012'), ('0007'), ('12.7'), (' 12 '), (''), ('a$1b'), ('Müller Ñ é'), ('x|y'), ('{count:1|2}'), (null)) as v (s)"
LISTS = "select * from (values (1, 3, [1, null, 2]), (3, 1, cast([] as integer[])), (2, 2, null), (0, 4, [5])) as v (a, b, l)"

TRAPS = {
    "days between two dates": f"{DATES}; select b - a as days, (b - a) / 7 as weeks from given.t",
    "a date moved by days": f"{DATES}; select a + n as later, a - n as earlier, n + a as other, last_day(a) + cast(b - a as integer) as moved from given.t",
    "numbers are subtracted as they are": f"{NUMBERS}; select d - i as a, i - 1 as b from given.t",
    "months by their first days": f"{DATES}; select date_diff('month', a, b) as months, date_diff('day', a, b) as days from given.t",
    "a date moved by months": f"{DATES}; select cast(a + to_months(n) as date) as later, cast(a + to_months(-12) as date) as earlier from given.t",
    "Monday is 1": f"{DATES}; select isodow(a) as day, isodow(b) as other from given.t",
    "a month's start": f"{DATES}; select cast(date_trunc('month', a) as date) as month, date_trunc('month', a) as moment from given.t",
    "the day in a time zone": "select timestamp '2025-03-30 22:30:00' as moment;"
    " select cast((moment at time zone 'UTC') at time zone 'Europe/Amsterdam' as date) as day from given.t",
    "decimals are divided as doubles": f"{NUMBERS}; select d / nullif(i, 0) as a, i / 3 as b, power(2, -1.0 / 12) as c from given.t",
    "a double is rounded by its binary value": f"{NUMBERS}; select round(x, 2) as a, round(x) as b, round(x * 1000, 1) as c from given.t",
    "a decimal is rounded half away from zero": f"{NUMBERS}; select round(d, 2) as a, round(d, 0) as b from given.t",
    "a double becomes a decimal": f"{NUMBERS}; select cast(x as decimal(18,2)) as a, cast(x as decimal(18,0)) as b from given.t",
    "what becomes an integer is rounded": f"{NUMBERS}; select cast(d as integer) as a, cast(x as bigint) as b, cast(i as bigint) as c from given.t",
    "floor of a double is a double": f"{NUMBERS}; select floor(x) / 2 as a, floor(d) as b, ceil(x / 7.0) as c, sign(d) as s from given.t",
    "the mean of decimals": f"{NUMBERS}; select avg(d) as a, avg(x) as b, avg(i) as c, avg(case when i > 1 then 1.0 else 0.0 end) as e from given.t",
    "products of decimals keep their places": f"{NUMBERS}; select cast(cast(d as decimal(38,4)) * d * d as decimal(28,10)) as p from given.t",
    "a sum of integers": f"{NUMBERS}; select sum(i) as total, sum(d) as amount from given.t",
    "the value of the latest row that has one": f"{PAIRS}; select k, max_by(x, n) as last, min_by(x, n) as first from given.t group by k",
    "the value of the latest row, also when empty": f"{PAIRS}; select k, arg_max_null(x, n) as last from given.t group by k",
    "any value is one that is there": f"{PAIRS}; select k, any_value(x) as x from given.t group by k",
    "empty in a query, as a column": f"{PAIRS}; select n, x in (select t.x from given.t as t where t.x is not null) as is_in from given.t",
    "a window with a name": f"{PAIRS}; select k, n, sum(n) over (up rows between unbounded preceding and 1 preceding) as before,"
    " count(*) over up as place from given.t window up as (partition by k order by n)",
    "distinct values in a window": f"{PAIRS}; select n, count(distinct k) over (partition by n) as keys from given.t",
    "a running median": f"{PAIRS}; select k, n, median(n) over (partition by k order by n rows between unbounded preceding and current row) as m"
    " from given.t",
    "a product": f"{PAIRS}; select k, product(n) as p from given.t group by k",
    "empty ones are last": f"{PAIRS}; select k, n, row_number() over (order by x, k, n) as up, row_number() over (order by x desc, k, n) as down"
    " from given.t",
    "QUALIFY": f"{PAIRS}; select k, t.x from given.t as t qualify row_number() over (partition by t.k order by t.n desc) = 1",
    "UNION BY NAME": f"{PAIRS}; select k, n from given.t union all by name select x, k from given.t",
    "a column twice on one side of a union": f"{PAIRS}; select k, sum(n) over (partition by k) as s, m from"
    " (select k, n, n as m from given.t union all select k, n, n from given.t where x is null)",
    "listed in order": f"{PAIRS}; select k, list(n order by x, n) as l, list({{'n': n, 'x': x}} order by n) as rows from given.t group by k",
    "distinct texts": f"{PAIRS}; select string_agg(distinct k, ', ' order by k) as a, string_agg(distinct k, '+' order by k) filter (where n > 2) as b"
    " from given.t",
    "texts in the order of something else": f"{PAIRS}; select k, string_agg(cast(n as varchar), '; ' order by n) as a from given.t group by k",
    "no list beside a list": f"{LISTS}; select a, list_concat(l, [9]) as c, list_concat(null, l) as e from given.t",
    "what a list holds": f"{LISTS}; select a, list_contains(l, 2) as two, list_contains(l, 7) as seven, len(l) as n, l[1] as first, l[3] as third, l[a] as at"
    " from given.t where a > 0",
    "counting down is counting nothing": f"{LISTS}; select a, len(generate_series(a, b)) as n, len(range(a, b)) as m from given.t",
    "rows of a list": f"{LISTS}; select a, cast(unnest(l) as bigint) as wide from given.t union all select b, unnest(l) from given.t",
    "filtered and changed": f"{LISTS}; select a, list_filter(l, lambda one: one > 1) as f, list_transform(l, lambda one: one * 2) as t from given.t",
    "reduced from the first on": f"{LISTS}; select a, list_reduce(l, lambda total, one: (total * 10 + one) % 97) as r from given.t where a in (0)",
    "summed in a list": "select [{'v': cast(1.25 as decimal(18,4))}, {'v': null}, {'v': cast(2.5 as decimal(18,4))}] as l;"
    " select list_sum(list_transform(l, lambda one: one.v)) as s from given.t",
    "a text into its signs": f"{TEXTS}; select s, string_split(s, '') as signs, string_split(s, '|') as parts from given.t where s <> ''",
    "a text by a pattern": rf"{TEXTS}; select s, string_split_regex(s, '[\s,;/|&]+') as parts, list_append(string_split_regex(s, '[,|]'), s) as more from given.t",
    "a group of a match": rf"{TEXTS}; select regexp_replace(s, '(^|[^0-9])0+([0-9])', '\1\2', 'g') as a,"
    r" regexp_replace(s, '\{count:([^|}]*)\|([^}]*)\}', case when s like '%1%' then '\1' else '\2' end, 'g') as b, regexp_replace(s, '[0-9]+$', '') as c"
    " from given.t",
    "a sign that means something in a replacement": f"{TEXTS}; select regexp_replace(s, '[0-9]', '$', 'g') as a from given.t",
    "what matches": f"{TEXTS}; select regexp_extract(s, '[0-9]+') as a, regexp_extract(s, '([0-9]+)[^0-9]*$', 1) as b,"
    " regexp_extract_all(s, '[0-9]([0-9])?') as c, regexp_matches(s, '[0-9]') as d from given.t",
    "a text as a number": f"{TEXTS}; select try_cast(s as integer) as a, try_cast(s as decimal(18,4)) as b from given.t",
    "without accents": f"{TEXTS}; select upper(strip_accents(s)) as a from given.t",
    "signs cut off on the left": f"{TEXTS}; select ltrim(s, '0') as a, rtrim(s, '2') as b, trim(s) as c, left(s, 2) as d from given.t",
    "a decimal as a text": f"{NUMBERS}; select cast(cast(d as decimal(28,8)) as varchar) as a, cast(i as varchar) as b from given.t",
    "a date as a text": f"{DATES}; select cast(a as varchar) as a, strftime(b, '%d-%m-%Y') as b from given.t",
    "JSON": """select * from (values ('{"a": 1, "b": "x"}'), ('{'), (''), ('1'), (null)) as v (j);"""
    " select json_valid(j) as is_json, case when json_valid(j) then j ->> '$.b' end as b from given.t",
    "a row of a type": "select 1 as n; select cast(row('x', n, null) as struct(code varchar, count bigint, words varchar)) as r from given.t",
    "a recursion": f"{PAIRS}; with recursive steps as (select 1 as n union all select n + 1 from steps where n < 120) select count(*) as c from steps",
}


@pytest.mark.parametrize("name", TRAPS)
def test_both_engines_give_the_same_rows(name: str, both: Both) -> None:
    expected, made = both(TRAPS[name])
    assert made == expected


REFUSED = {
    "rows of two lists in one select": "select unnest(string_split(s, ',')) as r, unnest(string_split(s, ';')) as q from given.t",
    "a recursion that aggregates": "with recursive w as (select 1 as n union all select sum(n) as n from w where n < 3) select n from w",
    "a recursion over lists": "with recursive w as (select [1] as l union all select l from w where len(l) < 1) select l from w",
    "the first match alone": "select regexp_replace(s, 'a', 'b') as r from given.t",
    "a place from the end of a list": "select string_split(s, ',')[-1] as r from given.t",
    "a median of decimals": "select median(cast(s as decimal(9,2))) as r from given.t",
    "an order within mode": "select mode(s order by s) as r from given.t",
    "the function regexp_split_to_array": "select regexp_split_to_array(s, '[ ,]+')[1] as r from given.t",
    "a difference of dates in WEEK": "select date_diff('week', cast(s as date), cast(s as date)) as r from given.t",
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_said_is_refused(words: str) -> None:
    pytest.importorskip("sqlglot")
    from pipelines.spark.rewrites import for_spark
    from pipelines.spark.types import known
    from pipelines.spark.writing import NotOnSparkError

    with pytest.raises(NotOnSparkError, match=words):
        for_spark(REFUSED[words], known({"given": {"t": {"s": "VARCHAR"}}}), {"r": "VARCHAR"})
