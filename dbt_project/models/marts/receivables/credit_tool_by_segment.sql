-- Cost a year of each tool: what it costs, and the loss that stays, of the loss that is expected and of that which was realised. A cover keeps what it
-- does not insure in fact, after limits and stops. Cheapest of those whose cost is known; where the two losses name another tool, both are told.
-- Without payments no exposure is known, and there is no row.
with coverage as (
    {{ settlement_coverage() }}
),

economics as (
    select * from {{ ref('int_segment_economics') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

costs as (
    {%- for tool, tool_cost, kept_share in [
        ('none', '0', '1'),
        ('insurance', 'greatest(economics.revenue_amount, 0) * economics.premium_share', '(1 - coalesce(economics.insured_share, economics.coverage_share))'),
        ('report', 'economics.customer_count * economics.report_cost_amount', '(1 - parameters.report_loss_prevented_share)'),
        ('insurance and report', 'greatest(economics.revenue_amount, 0) * economics.premium_share + economics.customer_count * economics.report_cost_amount',
         '(1 - coalesce(economics.insured_share, economics.coverage_share)) * (1 - parameters.report_loss_prevented_share)'),
        ('prepayment', 'greatest(economics.margin_amount, 0) * parameters.prepayment_lost_sales_share', '0'),
    ] %}
    select
        economics.size_class,
        '{{ tool }}' as tool,
        {{ loop.index }} as tool_rank,
        economics.customer_count,
        economics.unrated_count,
        economics.exposure_amount,
        {{ rounded_half_up('cast(' ~ tool_cost ~ ' as decimal(28, 6))') }} as tool_cost_amount,
        economics.insured_share,
        {{ rounded_half_up('cast(cast(economics.expected_loss_amount as double) * ' ~ kept_share ~ ' as decimal(28, 6))') }} as kept_loss_amount,
        {{ rounded_half_up('cast(cast(economics.realised_loss_amount as double) * ' ~ kept_share ~ ' as decimal(28, 6))') }} as kept_realised_loss_amount
    from economics
    cross join parameters
    cross join coverage
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

ranked as (
    select
        *,
        {%- for prefix, loss in [('expected', 'kept_loss_amount'), ('realised', 'kept_realised_loss_amount')] %}
        tool_cost_amount + {{ loss }} as {{ prefix }}_cost_amount,
        row_number() over (
            partition by size_class
            order by case when tool_cost_amount + {{ loss }} is null then 1 else 0 end, tool_cost_amount + {{ loss }}, tool_rank
        ) as {{ prefix }}_rank{{ ',' if not loop.last }}
        {%- endfor %}
    from costs
)

select
    size_class,
    tool,
    cast(customer_count as bigint) as customer_count,
    cast(unrated_count as bigint) as unrated_count,
    cast(exposure_amount as decimal(18, 4)) as exposure_amount,
    insured_share,
    tool_cost_amount,
    kept_loss_amount,
    cast(expected_cost_amount as decimal(18, 4)) as expected_cost_amount,
    expected_rank = 1 as is_cheapest,
    kept_realised_loss_amount,
    cast(realised_cost_amount as decimal(18, 4)) as realised_cost_amount,
    realised_rank = 1 as is_cheapest_on_realised,
    max(case when expected_rank = 1 then tool end) over (partition by size_class)
    = max(case when realised_rank = 1 then tool end) over (partition by size_class) as do_losses_agree,
    case when expected_cost_amount is null then 'tool_cost_unknown' end as cost_reason
from ranked
