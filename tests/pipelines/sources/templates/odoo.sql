-- The tables of Odoo 17 that the template reads, in their public shape, with an invented company: two customers, an order that was
-- delivered, partly returned, invoiced, credited and paid, a deal that was won and one that was lost.
create table res_country (id int primary key, code varchar);
create table res_currency (id int primary key, name varchar);
create table res_currency_rate (id int, name date, rate numeric, currency_id int, company_id int);
create table res_partner_industry (id int primary key, name jsonb);
create table res_partner (id int primary key, name varchar, commercial_partner_id int, parent_id int, country_id int, industry_id int, vat varchar,
  company_registry varchar, user_id int, active boolean, customer_rank int, supplier_rank int, create_date timestamp, write_date timestamp);
create table res_users (id int primary key, partner_id int, login varchar);
create table crm_team (id int primary key, name jsonb);
create table crm_team_member (id int, user_id int, crm_team_id int, active boolean);
create table product_category (id int primary key, complete_name varchar);
create table product_template (id int primary key, name jsonb, categ_id int, list_price numeric, detailed_type varchar);
create table product_product (id int primary key, product_tmpl_id int, default_code varchar);
create table uom_uom (id int primary key, name jsonb);
create table sale_order (id int primary key, name varchar, partner_id int, date_order timestamp, currency_id int, client_order_ref varchar,
  user_id int, opportunity_id int, commitment_date timestamp, state varchar, company_id int, write_date timestamp);
create table sale_order_line (id int primary key, order_id int, product_id int, product_uom_qty numeric, product_uom int, price_unit numeric,
  discount numeric, display_type varchar, qty_delivered numeric, qty_invoiced numeric);
create table stock_location (id int primary key, usage varchar);
create table stock_picking (id int primary key, name varchar, date_done timestamp, date_deadline timestamp, state varchar);
create table stock_move (id int primary key, picking_id int, product_id int, sale_line_id int, quantity numeric, state varchar,
  location_id int, location_dest_id int, company_id int);
create table account_journal (id int primary key, code varchar, type varchar);
create table account_account (id int primary key, code varchar, account_type varchar);
create table account_move (id int primary key, name varchar, move_type varchar, state varchar, company_id int, journal_id int, partner_id int,
  commercial_partner_id int, date date, invoice_date date, invoice_date_due date, currency_id int, amount_untaxed numeric, amount_tax numeric,
  amount_total numeric, ref varchar, reversed_entry_id int, invoice_user_id int, payment_reference varchar, sequence_prefix varchar);
create table account_move_line (id int primary key, move_id int, account_id int, partner_id int, product_id int, name varchar, date date,
  quantity numeric, product_uom_id int, price_unit numeric, price_subtotal numeric, display_type varchar, currency_id int, amount_currency numeric);
create table sale_order_line_invoice_rel (order_line_id int, invoice_line_id int);
create table account_partial_reconcile (id int primary key, debit_move_id int, credit_move_id int, amount numeric, debit_amount_currency numeric,
  credit_amount_currency numeric, max_date date);
create table utm_source (id int primary key, name varchar);
create table crm_stage (id int primary key, name jsonb, is_won boolean);
create table crm_lost_reason (id int primary key, name jsonb);
create table crm_lead (id int primary key, name varchar, type varchar, partner_id int, partner_name varchar, contact_name varchar, user_id int,
  team_id int, stage_id int, expected_revenue numeric, probability double precision, create_date timestamp, date_open timestamp,
  date_conversion timestamp, date_deadline date, date_closed timestamp, active boolean, lost_reason_id int, source_id int, company_id int);

insert into res_country values (1, 'NL');
insert into res_currency values (1, 'EUR'), (2, 'USD');
insert into res_currency_rate values (1, '2025-01-01', 1.25, 2, 1);
insert into res_partner_industry values (1, '{"en_US": "Food"}');
insert into res_partner values
  (10, 'Bakery', 10, null, 1, 1, 'NL1', '123', 5, true, 3, 0, '2024-01-05 10:00', '2024-01-05 10:00'),
  (11, 'Bakery, Jan', 10, 10, 1, null, null, null, 5, true, 0, 0, '2024-01-05 10:00', '2024-01-05 10:00'),
  (12, 'Mill', 12, null, 1, null, null, null, null, false, 1, 0, '2024-02-01 10:00', '2025-03-01 10:00'),
  (13, 'Supplier', 13, null, 1, null, null, null, null, true, 0, 4, '2024-02-01 10:00', '2024-02-01 10:00'),
  (14, 'Ann', 14, null, 1, null, null, null, null, true, 0, 0, '2024-02-01 10:00', '2024-02-01 10:00');
insert into res_users values (5, 14, 'ann');
insert into crm_team values (1, '{"en_US": "North"}');
insert into crm_team_member values (1, 5, 1, true);
insert into product_category values (1, 'All / Flour');
insert into product_template values (1, '{"en_US": "Flour"}', 1, 10, 'product'), (2, '{"en_US": "Advice"}', 1, 80, 'service');
insert into product_product values (1, 1, 'F1'), (2, 2, 'A1');
insert into uom_uom values (1, '{"en_US": "Units"}');
insert into sale_order values
  (1, 'S00001', 11, '2025-01-02 09:00', 1, 'PO-1', 5, 2, '2025-01-06 00:00', 'sale', 1, '2025-01-02 09:00'),
  (2, 'S00002', 12, '2025-01-03 09:00', 1, null, 5, null, null, 'draft', 1, '2025-01-03 09:00'),
  (3, 'S00003', 12, '2025-01-03 09:00', 1, null, 5, null, null, 'sale', 2, '2025-01-03 09:00');
insert into sale_order_line values
  (1, 1, 1, 10, 1, 10, 10, null, 10, 10), (2, 1, null, 0, null, 0, 0, 'line_note', 0, 0), (3, 2, 1, 1, 1, 10, 0, null, 0, 0);
insert into stock_location values (1, 'internal'), (2, 'customer');
insert into stock_picking values (1, 'OUT/1', '2025-01-05 12:00', '2025-01-06 00:00', 'done'), (2, 'IN/1', '2025-01-09 12:00', null, 'done');
insert into stock_move values (1, 1, 1, 1, 10, 'done', 1, 2, 1), (2, 2, 1, 1, 2, 'done', 2, 1, 1), (3, 1, 1, 1, 5, 'assigned', 1, 2, 1);
insert into account_journal values (1, 'INV', 'sale'), (2, 'BNK1', 'bank'), (3, 'BILL', 'purchase');
insert into account_account values (1, '110000', 'asset_receivable'), (2, '800000', 'income'), (3, '100000', 'asset_cash');
insert into account_move values
  (1, 'INV/2025/1', 'out_invoice', 'posted', 1, 1, 11, 10, '2025-01-06', '2025-01-06', '2025-02-05', 1, 90, 18.90, 108.90, 'PO-1', null, 5, 'INV/2025/1', 'INV/2025/'),
  (2, 'RINV/2025/1', 'out_refund', 'posted', 1, 1, 11, 10, '2025-01-10', '2025-01-10', '2025-01-10', 1, 18, 3.78, 21.78, null, 1, 5, null, 'RINV/2025/'),
  (3, 'BNK1/1', 'entry', 'posted', 1, 2, 10, 10, '2025-02-04', null, null, 1, 0, 0, 87.12, 'thanks INV/2025/1', null, null, null, 'BNK1/'),
  (4, '/', 'out_invoice', 'draft', 1, 1, 11, 10, '2025-02-06', '2025-02-06', '2025-02-06', 1, 1, 0, 1, null, null, 5, null, null),
  (5, 'BILL/1', 'in_invoice', 'posted', 1, 3, 13, 13, '2025-01-06', '2025-01-06', '2025-01-06', 1, 50, 0, 50, null, null, null, null, 'BILL/');
insert into account_move_line values
  (1, 1, 2, 10, 1, 'Flour', '2025-01-06', 10, 1, 10, 90, 'product', 1, -90), (2, 1, 2, 10, null, '21 pct', '2025-01-06', 1, null, 18.9, 18.9, 'tax', 1, -18.90),
  (3, 1, 1, 10, null, null, '2025-01-06', 1, null, 0, 0, 'payment_term', 1, 108.90),
  (4, 2, 2, 10, 1, 'Flour', '2025-01-10', 2, 1, 10, 18, 'product', 1, 18), (5, 2, 1, 10, null, null, '2025-01-10', 1, null, 0, 0, 'payment_term', 1, -21.78),
  (6, 3, 3, 10, null, null, '2025-02-04', 1, null, 0, 0, 'product', 1, 87.12), (7, 3, 1, 10, null, null, '2025-02-04', 1, null, 0, 0, 'product', 1, -87.12);
insert into sale_order_line_invoice_rel values (1, 1), (1, 4);
insert into account_partial_reconcile values (1, 3, 5, 21.78, 21.78, 21.78, '2025-01-10'), (2, 3, 7, 87.12, 87.12, 87.12, '2025-02-04');
insert into utm_source values (1, 'Website');
insert into crm_stage values (1, '{"en_US": "New"}', false), (2, '{"en_US": "Won"}', true);
insert into crm_lost_reason values (1, '{"en_US": "Too expensive"}');
insert into crm_lead values
  (1, 'Visit of the site', 'lead', null, 'New shop', null, 5, 1, 1, 0, 10, '2025-01-01 08:00', null, null, null, null, true, null, 1, 1),
  (2, 'Flour for a year', 'opportunity', 11, null, null, 5, 1, 2, 5000, 100, '2024-12-01 08:00', '2024-12-02 08:00', '2024-12-05 08:00', '2025-01-10', '2025-01-02 08:00', true, null, 1, 1),
  (3, 'Lost', 'opportunity', null, 'Other shop', null, 5, 1, 1, 300, 0, '2024-12-01 08:00', null, '2024-12-05 08:00', '2025-01-10', '2025-01-03 08:00', false, 1, null, null);
