-- What would change in the counts of customers if all that is held out of one customer were released: the customer is the item here.
with changes as (
    select * from {{ ref('int_customer_states_held_out') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
)

{% for count in ['opening', 'active', 'new', 'reactivated', 'churned'] %}
select
    'customer ' || changes.customer_id as document_id,
    changes.month_start_date,
    customers.account_owner_id as salesperson_id,
    customers.industry_code,
    customers.size_class,
    '{{ count }} customers' as measure,
    changes.held_out_{{ count }}_count as amount
from changes
inner join customers on changes.customer_id = customers.customer_id
where changes.held_out_{{ count }}_count <> 0
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
