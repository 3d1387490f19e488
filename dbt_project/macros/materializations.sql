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
