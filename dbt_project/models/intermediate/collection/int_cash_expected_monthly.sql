-- What open invoices are expected to bring in which month after the month end, by each payer's own delays (macros/cash_expected.sql). Month 7
-- is all that comes later.
{{ cash_expected('month', 7) }}
