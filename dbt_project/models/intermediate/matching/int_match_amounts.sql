-- Step 4, for receipts that name nothing of their payer: its account is walked receipt by receipt, all payers at once, with what was
-- open on that day and is not settled by then. One whose amount is that of exactly one open document, or of exactly one combination of
-- up to four of the oldest, settles it. Where there are several, nothing is chosen, and nothing of them later either.
with recursive walked as (
    select
        pool_id,
        currency,
        0 as place,
        receipts,
        items,
        cast([] as varchar[]) as doubtful,
        cast([] as varchar[]) as matched,
        0 as candidate_count
    from {{ ref('int_match_accounts') }}
    union all
    select
        pool_id,
        currency,
        place + 1,
        receipts,
        list_filter(items, lambda item: item.until_day > receipt.day and not list_contains(matched, item.invoice_id)),
        case when len(matched) = 0 then list_distinct(doubtful || flatten(candidates)) else doubtful end,
        matched,
        len(candidates)
    from (
        select
            *,
            case when len(candidates) = 1 and not list_has_any(doubtful, candidates[1]) then candidates[1] else cast([] as varchar[]) end as matched
        from (
            select
                * exclude (standing, matched, candidate_count),
                list_transform(list_filter(standing, lambda item: item.amount = receipt.amount), lambda item: [item.invoice_id])
                || list_transform(
                    list_filter(
                        [[1, 2], [1, 3], [1, 4], [2, 3], [2, 4], [3, 4], [1, 2, 3], [1, 2, 4], [1, 3, 4], [2, 3, 4], [1, 2, 3, 4]],
                        lambda places: list_max(places) <= len(standing)
                        and list_sum(list_transform(places, lambda place_of: standing[place_of].amount)) = receipt.amount
                    ),
                    lambda places: list_transform(places, lambda place_of: standing[place_of].invoice_id)
                ) as candidates
            from (
                select
                    *,
                    receipts[place + 1] as receipt,
                    list_filter(
                        items,
                        lambda item: item.from_day <= receipts[place + 1].day and item.until_day > receipts[place + 1].day
                        and not list_contains(receipts[place + 1].rejected, item.invoice_id)
                    ) as standing
                from walked
                where place < len(receipts)
            )
        )
    )
)

select
    receipts[place].payment_id as payment_id,
    candidate_count,
    matched as invoice_ids
from walked
where place > 0
