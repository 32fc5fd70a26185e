-- When a creator sold for a shop, each day once.
--
-- A spell runs from one such day to the next: of the spells begun in a window the one
-- that has not ended by its close is the pair's only one, so pairs need no counting.
--
-- grain:   creator_id, merchant_id, day
-- params:  none
-- returns: creator_id   varchar
--          merchant_id  varchar
--          day          date
--          next_day     date     it sold for it again; null = not yet
with days as (
    select distinct
        creator_id,
        merchant_id,
        day
    from facts.order_facts
    where creator_id is not null
),

final as (
    select
        creator_id,
        merchant_id,
        day,
        lead(day) over (
            partition by creator_id, merchant_id
            order by day
        ) as next_day
    from days
)

select * from final
