-- A credit settles the document that it names, and itself, as far as both are open; and where only the document's side of the
-- application came, its own side follows. Walked over the days on which one of them moved, so that a later allocation of the ledger
-- takes the place of this one and no earlier month end changes.
with pairs as (
    select * from {{ ref('int_credit_pairs') }}
),

applications as (
    select
        invoice_id,
        applied_date,
        sum(document_amount) as applied_amount,
        sum(case when kind = 'credit_note' then document_amount else 0 end) as credited_amount
    from {{ ref('int_applications_stated') }}
    where invoice_id in (select pairs.invoice_id from pairs union all select pairs.credit_id from pairs)
    group by invoice_id, applied_date
),

-- Each credit on every day on which its document or one of the credits beside it moves; all amounts above zero lower what is open.
moves as (
    select
        pairs.credit_id,
        others.both_issued_date as day,
        0 as on_credit,
        0 as credit_side,
        0 as on_document,
        0 as document_side
    from pairs
    inner join pairs as others on pairs.invoice_id = others.invoice_id
    union all
    select pairs.credit_id, applications.applied_date, 0, 0, pairs.direction * applications.applied_amount, pairs.direction * applications.credited_amount
    from pairs
    inner join applications on pairs.invoice_id = applications.invoice_id
    union all
    select
        pairs.credit_id,
        applications.applied_date,
        case when pairs.credit_id = others.credit_id then -pairs.direction * applications.applied_amount else 0 end,
        case when pairs.credit_id = others.credit_id then -pairs.direction * applications.credited_amount else 0 end,
        0,
        0
    from pairs
    inner join pairs as others on pairs.invoice_id = others.invoice_id
    inner join applications on others.credit_id = applications.invoice_id
),

standing as (
    select
        credit_id,
        day,
        {%- for amount in ['on_credit', 'credit_side', 'on_document', 'document_side'] %}
        sum(sum({{ amount }})) over (partition by credit_id order by day rows between unbounded preceding and current row) as {{ amount }}{{ ',' if not loop.last }}
        {%- endfor %}
    from moves
    group by credit_id, day
),

opened as (
    select
        pairs.*,
        standing.day,
        greatest(pairs.credit_amount - standing.on_credit, 0) as open_credit,
        greatest(pairs.document_amount - standing.on_document, 0) as open_document,
        greatest(standing.document_side - sum(standing.credit_side) over (partition by pairs.invoice_id, standing.day), 0) as one_sided,
        coalesce(sum(greatest(pairs.credit_amount - standing.on_credit, 0)) over (
            partition by pairs.invoice_id, standing.day order by pairs.credit_rank rows between unbounded preceding and 1 preceding
        ), 0) as open_before
    from pairs
    inner join standing on pairs.credit_id = standing.credit_id and pairs.both_issued_date <= standing.day
),

-- The credits lie one after another on a line: what is one-sided first, then what nets with the open document.
settled as (
    select
        *,
        {{ part_within('one_sided', 'open_before', 'open_credit') }} as own_side,
        {{ part_within('one_sided + open_document', 'open_before', 'open_credit') }} as both_sides
    from opened
),

changes as (
    {%- for side, id, level, sign in [('credit', 'credit_id', 'both_sides', '-'), ('document', 'invoice_id', 'both_sides - own_side', '')] %}
    select
        'netted:' || credit_id || ':{{ side }}:' || cast(day as varchar) as application_id,
        {{ id }} as invoice_id,
        day as applied_date,
        {{ sign }}direction * ({{ level }} - coalesce(lag({{ level }}) over (partition by credit_id order by day), 0)) as document_amount
    from settled
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    application_id,
    invoice_id,
    applied_date,
    cast(document_amount as decimal(18, 4)) as document_amount
from changes
where document_amount <> 0
