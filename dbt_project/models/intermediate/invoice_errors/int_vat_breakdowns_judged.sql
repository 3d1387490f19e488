-- The VAT breakdown as a document prints it (BG-23) against its own VAT, rates and lines: BR-CO-14, BR-CO-17, BR-S-08 and its sisters. Below one
-- unit of money nothing is said of what is rounded; a category without VAT has nothing to round. Lines that do not sum to the document are told
-- by another code, and bases that follow from them are no second error.
with invoices as (
    select * from {{ ref('int_invoices_valued') }} where document_class <> 'adjustment'
),

currencies as (
    select * from {{ ref('currencies') }}
),

printed as (
    select
        breakdown.invoice_id,
        upper(trim(breakdown.vat_category)) as vat_category,
        coalesce(breakdown.vat_share, 0) as vat_share,
        sum(invoices.document_sign * breakdown.base_amount) as base_amount,
        sum(invoices.document_sign * breakdown.vat_amount) as vat_amount,
        any_value(coalesce(currencies.minor_units, 2) = 0 or invoices.currency = 'HUF') as is_in_whole_units
    from {{ ref('stg_order_to_cash__invoice_vat') }} as breakdown
    inner join invoices on breakdown.invoice_id = invoices.invoice_id
    left join currencies on invoices.currency = currencies.currency
    group by 1, 2, 3
),

-- Lines without a category or rate say nothing of a base.
told as (
    select
        bases.*,
        count(*) over of_document = count(case when bases.vat_share is not null then bases.vat_category end) over of_document as is_told,
        abs(sum(bases.base_amount) over of_document - invoices.document_net_amount) < 0.01 as does_sum
    from {{ ref('int_vat_bases') }} as bases
    inner join invoices on bases.invoice_id = invoices.invoice_id
    where bases.invoice_id in (select printed.invoice_id from printed)
    window of_document as (partition by bases.invoice_id)
),

compared as (
    select
        coalesce(printed.invoice_id, told.invoice_id) as invoice_id,
        coalesce(printed.vat_category, told.vat_category) as vat_category,
        coalesce(printed.vat_share, told.vat_share) as vat_share,
        coalesce(printed.base_amount, 0) as base_amount,
        coalesce(told.base_amount, 0) as line_amount,
        printed.vat_amount,
        {{ rounded_half_up('cast(printed.base_amount as decimal(38, 4)) * printed.vat_share') }} as expected_vat_amount,
        printed.is_in_whole_units,
        coalesce(bool_and(told.is_told) over (partition by coalesce(printed.invoice_id, told.invoice_id)), false) as are_lines_told,
        coalesce(bool_and(told.does_sum) over (partition by coalesce(printed.invoice_id, told.invoice_id)), true) as do_lines_sum
    from printed
    full join told on printed.invoice_id = told.invoice_id and printed.vat_category = told.vat_category and printed.vat_share = told.vat_share
),

wrong as (
    select
        totals.invoice_id,
        1 as place,
        invoices.document_vat_amount - totals.vat_amount as difference_amount,
        {{ sentence("the VAT is {figure invoices.document_vat_amount}, its breakdown sums to {figure totals.vat_amount}") }} as words,
        {{ sentence("de btw is {figure invoices.document_vat_amount}, de btw-specificatie telt op tot {figure totals.vat_amount}", dutch=true) }} as words_nl
    from (select printed.invoice_id, sum(printed.vat_amount) as vat_amount from printed group by printed.invoice_id) as totals
    inner join invoices on totals.invoice_id = invoices.invoice_id
    where invoices.document_vat_amount <> totals.vat_amount
    union all
    select
        invoice_id,
        2,
        vat_amount - expected_vat_amount,
        {{ sentence("VAT of {vat_category} is {figure vat_amount}, base x rate is {figure expected_vat_amount}") }} as words,
        {{ sentence("btw van {vat_category} is {figure vat_amount}, grondslag x tarief is {figure expected_vat_amount}", dutch=true) }} as words_nl
    from compared
    where do_lines_sum and not is_in_whole_units and abs(vat_amount - expected_vat_amount) >= case when vat_share = 0 then 0.01 else 1 end
    union all
    select
        invoice_id,
        3,
        base_amount - line_amount,
        {{ sentence("base of {vat_category} is {figure base_amount}, its lines sum to {figure line_amount}") }} as words,
        {{ sentence("grondslag van {vat_category} is {figure base_amount}, de regels tellen op tot {figure line_amount}", dutch=true) }} as words_nl
    from compared
    where do_lines_sum and are_lines_told and abs(base_amount - line_amount) >= case when vat_share = 0 then 0.01 else 1 end
)

select
    invoice_id,
    difference_amount,
    words,
    words_nl
from wrong
qualify row_number() over (partition by invoice_id order by place, words) = 1
