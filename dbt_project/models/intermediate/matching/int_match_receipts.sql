-- Money that came in and stayed: a payment that was reversed settles nothing for good (int_matches_returned).
{{ config(materialized='view') }}

select * exclude (has_stayed, returned_date) from {{ ref('int_receipts_told') }} where has_stayed
