with parameters as (
    select * from {{ source('raw', 'parameters') }}
)

select
    quarantined_share_limit,
    unbilled_grace_days,
    late_invoicing_days,
    return_credit_grace_days,
    first_time_right_days,
    churn_gap_multiple,
    churn_floor_days,
    annual_write_off_maximum_share,
    duplicate_invoice_days,
    near_duplicate_days,
    needless_credit_days,
    unapplied_cash_norm_days,
    carrying_cost_share,
    handling_cost_amount,
    price_tolerance_amount,
    price_tolerance_share,
    quantity_tolerance,
    quantity_tolerance_share,
    large_customer_terms_days,
    number_date_tolerance_days,
    payment_duplicate_days,
    short_payment_grace_days,
    cash_discount_days,
    family_stake_share_limit,
    pre_due_call_days,
    flat_haircut_share,
    haircut_shrinkage_periods,
    cannot_pay_probability_share,
    sales_help_days,
    report_loss_prevented_share,
    prepayment_lost_sales_share
from parameters
