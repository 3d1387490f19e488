-- The tables of ERPNext 15 that the template reads, in their public shape, with an invented company: an order that was delivered, partly
-- returned, invoiced and paid, an invoice that was cancelled, a deal that was won.
create table `tabCountry` (name varchar(140) primary key, code varchar(2));
create table `tabAddress` (name varchar(140) primary key, country varchar(140));
create table `tabCustomer` (name varchar(140) primary key, customer_name varchar(140), tax_id varchar(140), default_currency varchar(140), industry varchar(140),
  account_manager varchar(140), customer_primary_address varchar(140), disabled int, creation datetime(6), modified datetime(6));
create table `tabCustomer Credit Limit` (name varchar(140), parent varchar(140), company varchar(140), credit_limit decimal(21,9));
create table `tabItem` (name varchar(140) primary key, item_code varchar(140), item_name varchar(140), item_group varchar(140), standard_rate decimal(21,9),
  valuation_rate decimal(21,9), is_stock_item int, is_sales_item int);
create table `tabSales Order` (name varchar(140) primary key, company varchar(140), customer varchar(140), transaction_date date, delivery_date date, currency varchar(140),
  po_no varchar(140), status varchar(140), docstatus int, per_billed decimal(21,9), modified datetime(6));
create table `tabSales Team` (name varchar(140), parent varchar(140), idx int, sales_person varchar(140));
create table `tabSales Order Item` (name varchar(140) primary key, parent varchar(140), item_code varchar(140), qty decimal(21,9), uom varchar(140), rate decimal(21,9),
  delivered_by_supplier int, is_free_item int);
create table `tabDelivery Note` (name varchar(140) primary key, company varchar(140), posting_date date, docstatus int, is_return int);
create table `tabDelivery Note Item` (name varchar(140) primary key, parent varchar(140), against_sales_order varchar(140), so_detail varchar(140), qty decimal(21,9));
create table `tabSales Invoice` (name varchar(140) primary key, company varchar(140), customer varchar(140), posting_date date, due_date date, currency varchar(140),
  net_total decimal(21,9), total_taxes_and_charges decimal(21,9), grand_total decimal(21,9), is_return int, is_debit_note int, return_against varchar(140),
  update_outstanding_for_self int, po_no varchar(140), naming_series varchar(140), docstatus int, modified datetime(6));
create table `tabSales Invoice Item` (name varchar(140) primary key, parent varchar(140), sales_order varchar(140), so_detail varchar(140), delivery_note varchar(140),
  item_code varchar(140), description longtext, qty decimal(21,9), uom varchar(140), rate decimal(21,9), net_amount decimal(21,9), is_free_item int);
create table `tabPayment Entry` (name varchar(140) primary key, company varchar(140), posting_date date, payment_type varchar(140), party_type varchar(140), party varchar(140),
  paid_amount decimal(21,9), received_amount decimal(21,9), paid_from_account_currency varchar(140), paid_to_account_currency varchar(140), reference_no varchar(140), docstatus int);
create table `tabPayment Entry Reference` (name varchar(140) primary key, parent varchar(140), reference_doctype varchar(140), reference_name varchar(140), allocated_amount decimal(21,9));
create table `tabSales Person` (name varchar(140) primary key, sales_person_name varchar(140), parent_sales_person varchar(140), is_group int);
create table `tabOpportunity` (name varchar(140) primary key, company varchar(140), opportunity_from varchar(140), party_name varchar(140), customer_name varchar(140),
  opportunity_owner varchar(140), transaction_date date, sales_stage varchar(140), status varchar(140), opportunity_amount decimal(21,9), probability decimal(21,9),
  expected_closing date, order_lost_reason text, modified datetime(6));
create table `tabCurrency Exchange` (name varchar(140), date date, from_currency varchar(140), to_currency varchar(140), exchange_rate decimal(21,9), for_selling int);

insert into `tabCountry` values ('Netherlands', 'nl');
insert into `tabAddress` values ('Bakery-Billing', 'Netherlands');
insert into `tabCustomer` values ('CUST-1', 'Bakery', 'NL1', 'EUR', 'Food', 'ann', 'Bakery-Billing', 0, '2024-01-05 10:00:00', '2024-01-05 10:00:00');
insert into `tabCustomer Credit Limit` values ('L1', 'CUST-1', 'My Company', 5000);
insert into `tabItem` values ('FLOUR', 'FLOUR', 'Flour', 'Food', 10, 6, 1, 1), ('ADVICE', 'ADVICE', 'Advice', 'Services', 80, 0, 0, 1), ('DESK', 'DESK', 'Desk', 'Office', 0, 0, 1, 0);
insert into `tabSales Order` values
  ('SO-1', 'My Company', 'CUST-1', '2025-01-02', '2025-01-06', 'EUR', 'PO-1', 'To Bill', 1, 0, '2025-01-02 09:00:00'),
  ('SO-2', 'My Company', 'CUST-1', '2025-01-02', '2025-01-06', 'EUR', null, 'Draft', 0, 0, '2025-01-02 09:00:00');
insert into `tabSales Team` values ('T1', 'SO-1', 1, 'Ann'), ('T2', 'SINV-1', 1, 'Ann');
insert into `tabSales Order Item` values ('soi1', 'SO-1', 'FLOUR', 10, 'Nos', 9, 0, 0), ('soi2', 'SO-2', 'FLOUR', 1, 'Nos', 9, 0, 0);
insert into `tabDelivery Note` values ('DN-1', 'My Company', '2025-01-05', 1, 0), ('DN-2', 'My Company', '2025-01-09', 1, 1);
insert into `tabDelivery Note Item` values ('dni1', 'DN-1', 'SO-1', 'soi1', 10), ('dni2', 'DN-2', 'SO-1', 'soi1', -2);
insert into `tabSales Invoice` values
  ('SINV-1', 'My Company', 'CUST-1', '2025-01-06', '2025-02-05', 'EUR', 90, 18.90, 108.90, 0, 0, null, 0, 'PO-1', 'SINV-', 1, '2025-01-06 10:00:00'),
  ('SINV-2', 'My Company', 'CUST-1', '2025-01-10', '2025-01-10', 'EUR', -18, -3.78, -21.78, 1, 0, 'SINV-1', 0, null, 'SINV-', 1, '2025-01-10 10:00:00'),
  ('SINV-3', 'My Company', 'CUST-1', '2025-01-11', '2025-02-10', 'EUR', 50, 10.50, 60.50, 0, 0, null, 0, null, 'SINV-', 2, '2025-01-12 10:00:00');
insert into `tabSales Invoice Item` values
  ('sii1', 'SINV-1', 'SO-1', 'soi1', 'DN-1', 'FLOUR', 'Flour', 10, 'Nos', 9, 90, 0), ('sii2', 'SINV-2', 'SO-1', 'soi1', 'DN-2', 'FLOUR', 'Flour', -2, 'Nos', 9, -18, 0);
insert into `tabPayment Entry` values
  ('PE-1', 'My Company', '2025-02-04', 'Receive', 'Customer', 'CUST-1', 87.12, 87.12, 'EUR', 'EUR', 'SINV-1', 1),
  ('PE-2', 'My Company', '2025-02-04', 'Pay', 'Supplier', 'SUP-1', 10, 10, 'EUR', 'EUR', null, 1);
insert into `tabPayment Entry Reference` values ('per1', 'PE-1', 'Sales Invoice', 'SINV-1', 87.12);
insert into `tabSales Person` values ('Ann', 'Ann', 'Sales Team', 0), ('Sales Team', 'Sales Team', '', 1);
insert into `tabOpportunity` values
  ('OPP-1', 'My Company', 'Customer', 'CUST-1', 'Bakery', 'Ann', '2024-12-01', 'Negotiation', 'Converted', 5000, 100, '2025-01-10', null, '2025-01-02 08:00:00'),
  ('OPP-2', 'My Company', 'Lead', 'LEAD-1', 'Other shop', 'Ann', '2024-12-01', 'Prospecting', 'Open', 300, 20, '2025-03-10', null, '2025-01-02 08:00:00');
insert into `tabCurrency Exchange` values ('X1', '2025-01-01', 'USD', 'EUR', 0.8, 1);
