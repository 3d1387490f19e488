-- What the invoices that are held out would add to the result: their lines less the cost of their goods. Lines without a known unit cost
-- are not counted in the result either.
with lines as (
    select
        *,
        case when goods_amount is not null then net_amount - goods_amount else 0 end as result_amount,
        case when net_amount is null then 1 else 0 end as unvalued_count
    from {{ ref('int_lines_costed') }}
    where is_held_out
)

{{ scoped_sums('lines', ['month_start_date'], ['result_amount', 'unvalued_count'], ['company', 'industry', 'segment']) }}
