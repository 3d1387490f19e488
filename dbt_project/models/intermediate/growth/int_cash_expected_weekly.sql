-- What open invoices are expected to bring in which week after the month end, by each payer's own delays (macros/cash_expected.sql). Week 14
-- is all that comes later.
{{ cash_expected('week', 14) }}
