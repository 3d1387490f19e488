-- Who a customer is, in writing that is compared: 'VAT NL001234567B01', 'REG NL 12345678'. A placeholder identifies nobody:
-- an identifier has five digits at least, and not the same one throughout.
create macro has_identity(written) as (
    with digits as (select regexp_replace(written, '[^0-9]', '', 'g') as value)
    select length(value) >= 5 and replace(left(value, 8), left(value, 1), '') <> '' from digits
);

create macro vat_identifier(vat_id) as (
    with normalised as (select upper(regexp_replace(vat_id, '[^A-Za-z0-9]', '', 'g')) as value)
    select case when regexp_full_match(value, '[A-Z]{2}[A-Z0-9]{6,13}') and has_identity(substr(value, 3)) then 'VAT ' || value end
    from normalised
);

create macro registration_identifier(registration_number, country) as (
    with normalised as (select upper(regexp_replace(registration_number, '[^A-Za-z0-9]', '', 'g')) as value)
    select case when country is not null and has_identity(value) then 'REG ' || country || ' ' || value end from normalised
);

-- What the group's own companies are known by; one row per company and identifier.
create table work.member_identifiers as
select company, vat_identifier(vat_id) as identifier from input.member_vat_ids
union
select company, registration_identifier(registration_number, country) from input.member_registration_numbers;

-- What each customer is known by. One without an identifier of its own has those of the legal entity that it belongs to.
create table work.customer_identifiers as
with own as (
    select
        company,
        customer_id,
        legal_entity_id,
        is_unknown,
        name,
        vat_id,
        registration_number,
        vat_identifier(vat_id) as vat_identifier,
        registration_identifier(
            registration_number, coalesce(country_code, replace(left(substr(vat_identifier(vat_id), 5), 2), 'EL', 'GR'))
        ) as registration_identifier
    from read.customers
)

select
    own.company,
    own.customer_id,
    own.name,
    case when not own.is_unknown then coalesce(own.vat_identifier, entities.vat_identifier) end as vat_identifier,
    case when not own.is_unknown then coalesce(own.registration_identifier, entities.registration_identifier) end as registration_identifier,
    case
        when own.is_unknown then 'the customer itself is unknown'
        when own.vat_id is null and own.registration_number is null then 'no VAT id and no registration number'
        when own.registration_number is not null and own.vat_id is null and has_identity(own.registration_number)
            then 'a registration number without its country'
        else 'a placeholder or no VAT id of any country'
    end as reason
from own
left join own as entities
    on own.company = entities.company and own.legal_entity_id = entities.customer_id and own.customer_id <> entities.customer_id;
