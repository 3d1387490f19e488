{# Kinds of application that move money; the others settle without it. #}
{% macro cash_kinds() -%}('cash', 'reversal', 'refund', 'prepayment'){%- endmacro %}

{# What lowers receivables without cash and without a credit of ours. #}
{% macro uncollected_events() -%}
    ('written_off', 'discount_taken', 'fx_booked', 'withheld', 'set_off', 'bank_charged', 'rounded', 'prepaid')
{%- endmacro %}

{# How much of `amount` lies in the stretch of a line that begins at `start`: nothing before it, at most `length`. #}
{% macro part_within(amount, start, length) -%}greatest(least({{ amount }} - ({{ start }}), {{ length }}), 0){%- endmacro %}

{# One row where settlement is known, by allocations, open items or the statements of banks: without it no receivable may be computed at all. #}
{% macro settlement_coverage() -%}
    select distinct true as is_delivered
    from {{ ref('stg_company__entity_coverage') }}
    where entity in ('payment_allocations', 'open_items', 'bank_transactions') and is_delivered
{%- endmacro %}

{# The rest of a document or payment that closes as rounding: cents, once something was applied. `parameters` is in reach. #}
{% macro rest_of_cents(owed, applied) -%}
case
    when abs({{ owed }} - {{ applied }}) <= parameters.settlement_tolerance_amount and {{ applied }} <> 0 then {{ owed }} - {{ applied }}
    else 0
end
{%- endmacro %}

{# Of an amount on a prepayment invoice of `whole` what a final invoice deducts, from `from_amount` to `to_amount` of it: the parts sum to the amount. #}
{% macro part_of_prepayment(amount, whole) -%}
case
    when from_amount = 0 and to_amount = {{ whole }} then {{ amount }}
    else {{ rounded_part('cast(' ~ amount ~ ' as decimal(18, 4))', 'cast(from_amount as decimal(18, 4))', 'cast(to_amount as decimal(18, 4))', whole) }}
end
{%- endmacro %}

{#
How documents (or their instalments) stood from a day on until the next day on which something happened to them, by `key`: settled since,
and how it ended: paid (cash came, and nothing was written off), diluted (settled by credits alone), written off or open. By the amounts
of the document, because a held-out one may have no other.
#}
{% macro dated_endings(events, key) -%}
    {%- set so_far = 'partition by ' ~ key ~ ' order by event_date rows between unbounded preceding and current row' -%}
    select
        {{ key }},
        valid_from_date,
        valid_until_date,
        settled_date,
        case
            when written_off_amount > 0 then 'written_off'
            when settled_date is null then 'open'
            when cash_amount > 0 then 'paid'
            else 'diluted'
        end as ending
    from (
        select
            *,
            event_date as valid_from_date,
            case when is_settled then max(case when is_settled and not was_settled then event_date end) over ({{ so_far }}) end as settled_date
        from (
            select
                *,
                coalesce(lag(is_settled) over (partition by {{ key }} order by event_date), false) as was_settled,
                lead(event_date) over (partition by {{ key }} order by event_date) as valid_until_date
            from (
                select
                    {{ key }},
                    event_date,
                    sum(document_amount) over ({{ so_far }}) = 0 and sum(amount) over ({{ so_far }}) = 0 as is_settled,
                    sum(cash_amount) over ({{ so_far }}) as cash_amount,
                    sum(written_off_amount) over ({{ so_far }}) as written_off_amount
                from (
                    select
                        {{ key }},
                        event_date,
                        sum(document_amount) as document_amount,
                        coalesce(sum(amount), 0) as amount,
                        sum(case when event_type in ('cash_applied', 'reversed') then -document_amount else 0 end) as cash_amount,
                        sum(case when event_type = 'written_off' then -document_amount else 0 end) as written_off_amount
                    from {{ events }}
                    group by {{ key }}, event_date
                ) as daily
            ) as standing
        ) as turning
    ) as settled
{%- endmacro %}
