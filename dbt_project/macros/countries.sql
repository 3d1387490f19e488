{# A country as it stands in the seed country_names: in capitals, without accents and double blanks. #}
{% macro normalised_country(country) -%}upper(strip_accents(regexp_replace(trim({{ country }}), '\s+', ' ', 'g'))){%- endmacro %}
