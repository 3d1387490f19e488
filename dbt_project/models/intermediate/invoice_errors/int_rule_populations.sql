-- How many documents each group of rules can judge: where a column is filled in part only, the others are not assessed.
with documents as (
    select
        invoices.*,
        totals.invoice_id is not null as has_lines,
        coalesce(totals.are_vat_shares_filled, false) as has_vat_shares,
        totals.first_vat_category is not null as has_vat_category,
        coalesce(totals.has_order_line, false) as has_order_line,
        coalesce(totals.has_charge_amounts, false) as has_charge_amounts,
        coalesce(totals.has_units, false) as has_units,
        coalesce(totals.has_gross_prices, false) as has_gross_prices,
        coalesce(invoices.order_id, totals.line_order_id) is not null as has_order,
        settlements.invoice_id is not null as is_settled,
        coalesce(invoices.document_allowance_amount, invoices.document_charge_amount, allowances.document_allowance_amount) is not null as says_allowances,
        agreed.customer_id is not null as has_agreement,
        customers.is_order_number_required is not null as says_order_number,
        customers.vat_id is not null or coalesce(totals.needs_vat_id, false) as has_vat_id_to_judge
    from {{ ref('int_invoices_valued') }} as invoices
    left join {{ ref('int_invoice_line_totals') }} as totals on invoices.invoice_id = totals.invoice_id
    left join {{ ref('int_invoice_allowance_totals') }} as allowances on invoices.invoice_id = allowances.invoice_id
    left join {{ ref('int_invoice_settlements') }} as settlements on invoices.invoice_id = settlements.invoice_id
    left join {{ ref('stg_order_to_cash__customers') }} as customers on invoices.customer_id = customers.customer_id
    left join (select distinct customer_id from {{ ref('int_prices_agreed') }} where is_binding) as agreed on invoices.customer_id = agreed.customer_id
),

{%- set sales = "document_class = 'invoice'" %}
{%- set populations = [
    ('documents', 'documents', 'true', 'true'),
    ('documents_with_lines', 'documents', 'true', 'has_lines'),
    ('documents_with_order', 'documents', 'true', 'has_order'),
    ('documents_with_series', 'documents', 'true', 'series is not null'),
    ('documents_with_allowances', 'documents', 'true', 'says_allowances'),
    ('documents_with_due_amount', 'documents', 'true', 'document_due_amount is not null'),
    ('documents_with_vat', 'documents', 'true', 'document_vat_amount is not null'),
    ('documents_with_vat_shares', 'documents', 'true', 'document_vat_amount is not null and has_vat_shares'),
    ('documents_with_vat_category', 'documents', 'true', 'has_vat_category and has_vat_shares'),
    ('documents_with_vat_id', 'documents', 'true', 'has_vat_id_to_judge'),
    ('sales', 'documents', sales, 'true'),
    ('sales_with_order_number_rule', 'documents', sales, 'says_order_number'),
    ('sales_with_charges', 'documents', sales, 'has_charge_amounts or says_allowances'),
    ('sales_with_lines', 'documents', sales, 'has_lines'),
    ('sales_with_order', 'documents', sales, 'has_order'),
    ('sales_with_order_or_lines', 'documents', sales, 'has_order or has_lines'),
    ('sales_with_unit', 'documents', sales, 'has_order_line and has_units'),
    ('sales_with_gross_price', 'documents', sales, 'has_gross_prices'),
    ('sales_with_order_line', 'documents', sales, 'has_order_line'),
    ('sales_with_agreement', 'documents', sales, 'has_agreement and has_lines'),
    ('sales_with_cost', 'documents', sales, 'has_lines and (select count(unit_cost_amount) > 0 from ' ~ ref('dim_products') ~ ')'),
    ('sales_with_terms', 'documents', sales, 'payment_terms_days is not null'),
    ('sales_with_due_date', 'documents', sales, 'delivered_due_date is not null'),
    ('sales_settled', 'documents', sales, 'is_settled'),
    ('documents_prepaid', 'documents', 'coalesce(document_prepaid_amount, 0) <> 0', 'true'),
    ('credits', 'documents', "document_class = 'credit'", 'true'),
    ('credits_with_invoice', 'documents', "document_class = 'credit'", 'corrects_invoice_id is not null or preceding_count > 0'),
    ('credits_with_reason', 'documents', "document_class = 'credit'", 'reason_code is not null'),
    ('cancellations', 'documents', "document_type = 'cancellation'", 'corrects_invoice_id is not null'),
] %}
{%- set other_populations = [
    ('orders_of_dated_customers', ref('fct_orders'), 'order_id', 'true', "(select count(ended_date) + count(is_blocked) + count(blocked_date) > 0 from " ~ ref('stg_order_to_cash__customers') ~ ')'),
    ('orders_delivered', ref('fct_deliveries'), 'order_id', 'not is_return', 'true'),
    ('deliveries_promised', ref('fct_deliveries'), 'delivery_id', 'not is_return', 'promised_date is not null and delivered_date is not null'),
    ('returns', ref('fct_deliveries'), 'order_id', 'is_return', 'true'),
    ('customers', ref('dim_customers'), 'customer_id', 'is_in_master', 'coalesce(vat_id, registration_number) is not null'),
    ('customers_with_limit', ref('dim_customers'), 'customer_id', 'is_in_master', 'credit_limit_amount is not null'),
    ('payments', ref('fct_payments'), 'payment_id', 'true', 'true'),
    ('payments_with_iban', ref('fct_payments'), 'payment_id', 'true', 'payer_iban is not null'),
    ('payments_with_reference', ref('fct_payments'), 'payment_id', 'true', 'reference_text is not null'),
    ('credits_applied', ref('fct_payment_applications'), 'invoice_id', "kind = 'credit_note'", 'true'),
    ('payment_schedules', ref('fct_payment_schedule'), 'invoice_id', 'true', 'true'),
    ('payments_applied', ref('fct_payment_applications'), 'payment_id', 'payment_id is not null', 'true'),
    ('commission_bookings', ref('fct_commission_bookings'), 'booking_id', 'true', 'true'),
    ('bank_statements', ref('stg_order_to_cash__bank_statements'), 'statement_id', 'true', 'true'),
    ('published_invoices', ref('stg_company__published_invoices'), 'invoice_id', 'true', 'true'),
    ('control_totals', ref('stg_company__control_totals'), "source || coalesce(path, '') || measure", 'true', 'true'),
    ('months_of_teams', ref('int_first_digits_monthly'), "scope_type || scope_id || cast(issued_month as varchar)", 'true', 'true'),
] %}

counted as (
    select
        {%- for name, relation, scope, condition in populations %}
        count(case when {{ scope }} then 1 end) as {{ name }}_total,
        count(case when {{ scope }} and {{ condition }} then 1 end) as {{ name }}_assessed{{ ',' if not loop.last }}
        {%- endfor %}
    from documents
)

{%- for name, relation, scope, condition in populations %}
select
    '{{ name }}' as population,
    {{ name }}_total as document_count,
    {{ name }}_assessed as assessed_count
from counted
union all
{%- endfor %}
{%- for name, relation, id, scope, condition in other_populations %}
select
    '{{ name }}' as population,
    count(distinct {{ id }}) as document_count,
    count(distinct case when {{ condition }} then {{ id }} end) as assessed_count
from {{ relation }}
where {{ scope }}
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
