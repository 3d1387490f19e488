{#
Tables and views of a night. Nobody else reads a build file, so that nothing has to be moved out of the way: one statement
makes the relation in its place. dbt's own materialisations make it under another name, rename it, and look for backups of an
earlier run, each in a context of its own: 23 of 55 CPU milliseconds per model (2 cores, 2026-11). Contracts hold as they do there.
#}
{#
What a night that began with the kept build says of a model (pipelines/increments.py): the tables that it reads, of which none may
have changed for it to stay as it is, and the select of its content, by which it is known whether it changed itself.
#}
{% macro is_carried_over(increment) -%}
    {%- set names -%}
        {%- for table in increment.reads %}('{{ table[0] }}', '{{ table[1] }}'){{ ', ' if not loop.last }}{% endfor -%}
    {%- endset -%}
    {%- set changed = run_query("select 1 from increments.changed where (schema_name, table_name) in (" ~ names ~ ") limit 1") -%}
    {{ return(changed.rows | length == 0) }}
{%- endmacro %}

{% macro note_content(increment) -%}
    {%- set name = "'" ~ this.schema ~ "', '" ~ this.identifier ~ "'" -%}
    ;
    delete from increments.tonight where (schema_name, table_name) = ({{ name }});
    insert into increments.tonight select {{ name }}, * from ({{ increment.content }})
{%- endmacro %}

{% materialization table, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set increment = config.get('increment') -%}
    {% if increment and is_carried_over(increment) %}
        {% call noop_statement('main', 'carried over') %}{% endcall %}
    {% else %}
        {% call statement('main') -%}
            {% if config.get('contract').enforced %}{{ get_assert_columns_equivalent(sql) }}{% endif %}
            create or replace table {{ relation }} as ({{ get_select_subquery(sql) if config.get('contract').enforced else sql }})
            {%- if increment %}{{ note_content(increment) }}{% endif %}
        {%- endcall %}
        {{ adapter.commit() }}
    {% endif %}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='view') -%}
    {% call statement('main') -%}
        create or replace view {{ relation }} as ({{ sql }})
    {%- endcall %}
    {{ adapter.commit() }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{#
On Spark a table is a folder of Parquet files that night and workers share, and a name of it in the session: nothing stands in the
cluster's catalogue, where nights of two companies would write over one another.
#}
{% materialization table, adapter='spark' %}
    {% call statement('main') -%}
        insert overwrite directory '{{ config.get("folder") }}' using parquet {{ sql }}
    {%- endcall %}
    {% call statement('name') -%}
        create or replace temporary view {{ config.get("relation") }} using parquet options (path '{{ config.get("folder") }}')
    {%- endcall %}
    {{ return({'relations': []}) }}
{% endmaterialization %}
