with invoices as (
    select
        *,
        case when not is_held_out then revenue_amount end as kept_net_amount,
        case when not is_held_out and document_class <> 'adjustment' then sales_gross_amount end as kept_sales_gross_amount,
        case when is_held_out then revenue_amount end as held_out_net_amount,
        case when is_held_out and document_class <> 'adjustment' then sales_gross_amount end as held_out_sales_gross_amount
    from {{ ref('fct_invoices') }}
)

select
    issued_month as month_start_date,
    customer_id,
    salesperson_id,
    industry_code,
    size_class,
    {{ money_sum("case when document_class = 'invoice' then kept_net_amount end") }} as invoiced_amount,
    {{ money_sum("case when document_class = 'credit' then kept_net_amount end") }} as credited_amount,
    {{ money_sum("case when document_class = 'adjustment' then kept_net_amount end") }} as adjusted_amount,
    {{ money_sum('kept_net_amount') }} as net_revenue_amount,
    {{ money_sum('kept_sales_gross_amount') }} as credit_sales_gross_amount,
    {{ money_sum("case when document_class = 'invoice' then held_out_net_amount end") }} as held_out_invoiced_amount,
    {{ money_sum("case when document_class = 'credit' then held_out_net_amount end") }} as held_out_credited_amount,
    {{ money_sum("case when document_class = 'adjustment' then held_out_net_amount end") }} as held_out_adjusted_amount,
    {{ money_sum('held_out_net_amount') }} as held_out_net_amount,
    {{ money_sum('held_out_sales_gross_amount') }} as held_out_credit_sales_gross_amount,
    count(*) as document_count,
    count(case when is_held_out then 1 end) as held_out_document_count,
    count(case when is_held_out and revenue_amount is null then 1 end) as unvalued_document_count
from invoices
group by 1, 2, 3, 4, 5
