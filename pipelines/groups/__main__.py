"""``python -m pipelines.groups``: the figures of GROUP from what its companies published last, with a summary.

Exit status as for a night. Keep out: what is published (``publish.py``).
"""

from __future__ import annotations

import argparse
import os
import sys

from pipelines.groups.publish import GroupSet, publish_group
from pipelines.night import BlockedNightError
from pipelines.settings import Settings, SettingsError
from pipelines.warehouse import connect

PUBLISHED, BLOCKED, WRONG_SETUP = 0, 1, 2
SUMMARY = """
select scope_id, currency, receivables_amount, overdue_amount, dso_days, dso_status from (
    select 0 as place, 'group' as scope_id, (select currency from meta.publication) as currency,
        coalesce(sum(receivables_amount), 0) as receivables_amount, coalesce(sum(overdue_amount), 0) as overdue_amount
    from receivables.debtor_ageing
    union all
    select 1, company, company_currency, sum(company_receivables_amount), sum(company_overdue_amount)
    from receivables.debtor_receivables_by_company group by all
) as figures
left join (
    select scope_id, dso_days, status as dso_status from receivables.days_sales_outstanding where period_type = 'quarter'
) as dso using (scope_id)
order by place, scope_id
"""


def main(arguments: list[str] | None = None) -> int:
    """Publishes the group, or lists and brings back kept versions of it; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.groups", description=__doc__.splitlines()[0])
    parser.add_argument("--republish", metavar="VERSION", help="make a kept version the published one again")
    parser.add_argument("--versions", action="store_true", help="list the kept versions")
    options = parser.parse_args(arguments)
    try:
        os.umask(0o027)
        group = GroupSet.of(Settings.from_environment())
        if options.versions:
            current = os.path.basename(os.path.realpath(group.published))
            for version in group.kept_versions():
                print(f"{'*' if version.name == current else ' '} {version.name}")
        elif options.republish:
            from pipelines.assets.publish import republish

            with group.exclusive():
                republish(group, options.republish)
            print(f"Published again: {options.republish}")
        else:
            _print_summary(group, publish_group(group))
        return PUBLISHED
    except SettingsError as error:
        print(f"The set-up is wrong, nothing was run.\n{error}", file=sys.stderr)
        return WRONG_SETUP
    except BlockedNightError as error:
        print(f"Nothing was published.\n{error}", file=sys.stderr)
        return BLOCKED


def _print_summary(group: GroupSet, manifest: dict) -> None:
    of = f"as of {manifest['report_date']}" if manifest["report_date"] else "not of one report date"
    print(f"{group.group.name}: published {of}, {manifest['status']}, rates of {manifest['rate_date']}")
    if manifest["reason"]:
        print(f"  {manifest['reason']}")
    with connect(group.published / "kpis.duckdb", read_only=True) as connection:
        for scope, currency, receivables, overdue, dso, status in connection.execute(SUMMARY).fetchall():
            days = f"DSO of the quarter {dso:.1f}" if dso is not None else f"DSO {status}"
            print(f"  {scope:<20} {receivables:>18,.2f} {currency}  overdue {overdue:>16,.2f}  {days}")
        for name, culprits in connection.execute(
            "select check_name, culprits from meta.check_results where outcome = 'failed' order by 1"
        ).fetchall():
            print(f"  worth a look: {name}: {culprits[:200]}")
    print(f"  where: {group.published / 'kpis.duckdb'}")


if __name__ == "__main__":
    sys.exit(main())
