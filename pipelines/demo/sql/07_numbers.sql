-- Numbers: one gapless series per year for all documents, in the order of issue. number_date stands in where the printed
-- date is wrong; number_override where the number is.
create or replace table work.numbers as
select
    doc_key,
    coalesce(number_override, year || '-' || format('{:06d}', position)) as invoice_id,
    case when number_override is null then year else 'M' || year end as series,
    null::date as recalled_date,
    null::decimal(18, 4) as recalled_net_amount,
    null::decimal(18, 4) as recalled_vat_amount,
    null::integer as recalled_line_number,
    null::decimal(18, 4) as recalled_difference
from (
    select
        doc_key, number_override, year(coalesce(number_date, issued_date))::varchar as year,
        row_number() over (
            partition by year(coalesce(number_date, issued_date)), number_override is null
            order by coalesce(number_date, issued_date), issued_date > last_date(), document_type <> 'invoice', doc_key
        ) + coalesce((select count(*) from work.skipped_numbers as s
            where year(s.skipped_after_date) = year(coalesce(number_date, issued_date)) and s.skipped_after_date < coalesce(number_date, issued_date)), 0) as position
    from work.documents
) as positioned;

-- A near duplicate carries the digits of its original (seven slots before it) with another separator
update work.numbers set invoice_id = replace(o.invoice_id, '-', '/')
from work.numbers as o where numbers.invoice_id = 'near' and o.doc_key = numbers.doc_key - 7;

-- A number that stands twice: the original's (seven slots before it) without its leading zeros, in the same series
update work.numbers set invoice_id = regexp_replace(o.invoice_id, '-0*', '-'), series = o.series
from work.numbers as o where numbers.invoice_id = 'same' and o.doc_key = numbers.doc_key - 7;
