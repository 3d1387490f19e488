-- A debtor is what is connected by identifiers: a customer with a VAT id and a registration number connects the two, and whoever
-- carries one of them. Each identifier takes the smallest label of those that it is connected with, until none changes.
create table work.labels as
with recursive pairs as (
    select vat_identifier as one, registration_identifier as other from work.customer_identifiers
    where vat_identifier is not null and registration_identifier is not null
    union
    select one.identifier, other.identifier from work.member_identifiers as one
    inner join work.member_identifiers as other on one.company = other.company
    where one.identifier < other.identifier
),

edges as (
    select one, other from pairs
    union
    select other, one from pairs
),

identifiers as (
    select vat_identifier as identifier from work.customer_identifiers where vat_identifier is not null
    union
    select registration_identifier from work.customer_identifiers where registration_identifier is not null
    union
    select identifier from work.member_identifiers where identifier is not null
),

labels (identifier, label) using key (identifier) as (
    select identifier, identifier from identifiers
    union
    select edges.other, min(labels.label)
    from labels
    inner join edges on labels.identifier = edges.one
    inner join recurring.labels as known on edges.other = known.identifier
    where labels.label < known.label
    group by edges.other
)

select identifier, label from labels;

-- One row per company and customer: who it is to the group.
create table receivables.debtor_customers as
with intercompany as (
    select labels.label, string_agg(distinct member_identifiers.company, ', ' order by member_identifiers.company) as counterparty
    from work.member_identifiers
    inner join work.labels on member_identifiers.identifier = labels.identifier
    group by 1
)

select
    customers.company,
    customers.customer_id,
    customers.name,
    substr(customers.vat_identifier, 5) as vat_id,
    substr(customers.registration_identifier, 5) as registration_number,
    coalesce(labels.label, customers.company || ' ' || customers.customer_id) as debtor_id,
    labels.label is not null as is_identified,
    case when labels.label is null then customers.reason end as not_identified_reason,
    intercompany.counterparty as intercompany_company
from work.customer_identifiers as customers
left join work.labels on coalesce(customers.vat_identifier, customers.registration_identifier) = labels.identifier
left join intercompany on labels.label = intercompany.label;

-- One row per debtor. Its name is that of its customer with the company that the group's file names first.
create table receivables.debtors as
select
    customers.debtor_id,
    arg_min(customers.name, (members.position, customers.customer_id)) as name,
    string_agg(distinct customers.vat_id, ', ' order by customers.vat_id) as vat_ids,
    string_agg(distinct customers.registration_number, ', ' order by customers.registration_number) as registration_numbers,
    count(distinct left(customers.registration_number, 2)) < count(distinct customers.registration_number) as has_several_registrations,
    count(distinct customers.company) as company_count,
    count(*) as customer_count,
    bool_and(customers.is_identified) as is_identified,
    any_value(customers.intercompany_company) as intercompany_company
from receivables.debtor_customers as customers
inner join input.members on customers.company = members.company
group by customers.debtor_id;
