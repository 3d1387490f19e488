"""The step between facts and marts in which lifetime models are fitted. Keep out: the models (``pipelines/value``)."""

from collections.abc import Callable, Iterator

import dagster as dg

from pipelines import increments
from pipelines.assets.raw import OWNER
from pipelines.assets.reporting import Reporter
from pipelines.night import Night

DESCRIPTIONS = {
    "fit": "Fits of the lifetime models with their hold-out error, or why one is refused; one row per model.",
    "customer_value": "What the fitted models expect of a customer; one row per customer, none where the data do not support it.",
}
#: The facts that the models read; their blocking checks stand before this step.
READS = ["core/fct_invoices", "core/fct_contracts"]


def build_value_assets(night: Callable[[], Night], pool: str) -> dg.AssetsDefinition:
    """The tables ``value.fit`` and ``value.customer_value``; ``night`` is called inside a run only."""

    @dg.multi_asset(
        name="fit_lifetime_models",
        specs=[
            dg.AssetSpec(
                ["value", table],
                deps=[dg.AssetKey.from_user_string(key) for key in READS],
                group_name="value",
                owners=[OWNER],
                kinds={"python", "scipy"},
                description=description,
                metadata={"dagster/table_name": f"value.{table}"},
            )
            for table, description in DESCRIPTIONS.items()
        ],
        pool=pool,
    )
    def fit_lifetime_models(context: dg.AssetExecutionContext, reporter: Reporter) -> Iterator[dg.MaterializeResult]:
        from pipelines.value.estimation import READ_TABLES, TABLES, estimate

        current = night()
        with current.warehouse() as connection:
            changed = increments.changed(connection)
            if changed is None or changed & READ_TABLES:
                reporter.step("fitting the lifetime models")
                estimate(connection)
                increments.note(connection, [("value", table) for table in TABLES])
            for table in DESCRIPTIONS:
                (count,) = connection.execute(f"select count(*) from value.{table}").fetchone()
                yield dg.MaterializeResult(asset_key=current.asset_path("value", table), metadata={"dagster/row_count": count})

    return fit_lifetime_models
