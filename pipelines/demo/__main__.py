"""``python -m pipelines.demo --folder deliveries/demo``: writes the demo company's deliveries. Keep out: any logic."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from pipelines.demo.deliver import deliver
from pipelines.demo.generator import DemoSettings


def main(arguments: list[str] | None = None) -> None:
    default = DemoSettings()
    parser = argparse.ArgumentParser(prog="python -m pipelines.demo", description="Write the demo company's deliveries.")
    parser.add_argument("--folder", type=Path, required=True, help="folder to make; must not exist or be empty")
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--customers", type=int, default=default.customers)
    parser.add_argument("--months", type=int, default=default.months)
    parser.add_argument("--invoice-lines", type=int, default=default.invoice_lines)
    parser.add_argument("--daily-days", type=int, default=default.daily_days)
    parser.add_argument("--format", choices=("csv", "parquet"), default=default.file_format, dest="file_format")
    parser.add_argument("--planted", choices=("none", "typical", "all"), default="typical")
    parser.add_argument("--last-date", type=date.fromisoformat, default=default.last_date)
    parser.add_argument("--memory-limit", default=default.memory_limit)
    chosen = vars(parser.parse_args(arguments))
    deliver(chosen.pop("folder"), DemoSettings(**chosen), report=print)


if __name__ == "__main__":
    main()
