-- What each buyer did as one of a crew, before each snapshot: praise and staged orders.
--
-- An order is staged when it came in the first half hour of a live room, was paid within
-- a minute and was cancelled, which counts on the day of the cancellation. Only who did
-- either in 90 days has a row.
--
-- grain:   observation_id
-- params:  none
-- returns: observation_id     bigint  of population.observations
--          review_crew_90d    double  most reviewers of the same two listings, 90 days
--          staged_orders_90d  double  orders placed for show, 90 days
with signs as (
    select
        buyer_id,
        day,
        crew_size,
        0 as staged
    from facts.review_crews
    union all
    select
        s.buyer_id,
        s.cancelled_on as day,
        0 as crew_size,
        1 as staged
    from facts.session_orders as s
    inner join facts.order_facts as f on s.order_id = f.order_id
    where
        s.cancelled_on is not null
        and s.is_early = 1
        and f.is_fast_pay = 1
),

final as (
    select
        s.observation_id,
        number(max(g.crew_size)) as review_crew_90d,
        number(sum(g.staged)) as staged_orders_90d
    from signs as g
    inner join facts.entity_keys as n
        on n.entity_type = 'buyer' and g.buyer_id = n.entity_id
    inner join population.buyer_spine as s
        on n.entity_key = s.entity_key and within(g.day, s.as_of, 90)
    group by s.observation_id
)

select * from final
