-- Accounts that one buyer moves in lockstep with, the tightest bound first.
--
-- grain:   partner_id
-- params:  entity_id      varchar  the buyer
--          as_of          date     what was known before this day
-- returns: partner_id     varchar
--          name           varchar  as typed
--          is_2h          integer  met three times within 2 hours
--          is_1d          integer  met three times within a day
--          is_3d          integer  met four times within 3 days
--          reached_day    date     day on which they first had met often enough
--          partner_core   double   the partner's own core number
--          place          bigint   1 = partner of the highest core number
with partners as (
    select
        partner_id,
        max(case when width_hours = 2 then 1 else 0 end) as is_2h,
        max(case when width_hours = 24 then 1 else 0 end) as is_1d,
        max(case when width_hours = 72 then 1 else 0 end) as is_3d,
        min(reached_day) as reached_day
    from graph.lockstep_pairs
    where buyer_id = $entity_id and reached_day < $as_of
    group by partner_id
),

final as (
    select
        m.partner_id,
        e.name,
        m.is_2h,
        m.is_1d,
        m.is_3d,
        m.reached_day,
        g.core as partner_core,
        row_number() over (
            order by g.core desc nulls last, m.partner_id asc nulls last
        ) as place
    from partners as m
    inner join similarity.lockstep_groups as g
        on m.partner_id = g.buyer_id and g.as_of = cast($as_of as date)
    inner join graph.entities as e
        on e.entity_type = 'buyer' and m.partner_id = e.entity_id
)

select * from final
order by place asc nulls last
