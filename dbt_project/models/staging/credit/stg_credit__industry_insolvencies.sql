with current_rows as (
    {{ current_rows('industry_insolvencies') }}
)

select
    industry_code,
    month,
    insolvencies,
    companies
from current_rows
