"""Planted errors: placeholder tables."""
def prepare(con):
    con.execute("create or replace table work.planted(code varchar, doc_key bigint); create or replace table work.skipped_numbers(skipped_after_date date)")
def plant(con, planted, stage): pass
def answer(con):
    con.execute("create or replace table demo.planted_errors(error_code varchar); create or replace table demo.near_misses(error_code varchar)")
