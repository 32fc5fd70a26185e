-- How each buyer pays, cancels, writes and signs in; a sign counts on the day it is seen.
--
-- grain:   buyer_id, as_of
-- params:  none
-- returns: buyer_id                  varchar
--          as_of                     date     only days before it count
--          declined_payments_30d     double   refused payment attempts, 30 days
--          cards_90d                 double   payment tokens, null of who has one
--          billing_mismatches_90d    double   orders billed elsewhere, 90 days
--          short_looks_90d           double   orders after under 30 s, 90 days
--          cancellations_90d         double   paid orders cancelled, 90 days
--          lapsed_orders_90d         double   orders that ended unpaid, 90 days
--          takeover_orders_90d       double   after a strange device's change, 90 days
--          unauthorised_reports_90d  double   owner's or bank's reports, 90 days
--          copied_reviews_90d        double   in other accounts' words, 90 days
--          live_comments_90d         double   sampled comments, 90 days
--          script_comments_90d       double   of these, from a script
--          observation_id            bigint   of population.observations
with card_uses as (
    select
        buyer_id,
        payment_token_id,
        day
    from staging.order_attempts
    where not is_sample and payment_token_id is not null
    union all
    select
        buyer_id,
        payment_token_id,
        day
    from staging.declined_payments
    where payment_token_id is not null
),

-- Most buyers have one card for life and need no looking for.
multi_card_buyers as (
    select buyer_id
    from card_uses
    group by buyer_id
    having min(payment_token_id) < max(payment_token_id)
),

-- From one use of a card until the next one: the last use stands for the card.
card_spells as (
    select
        u.buyer_id,
        u.day,
        lead(u.day) over (
            partition by u.buyer_id, u.payment_token_id
            order by u.day
        ) as next_day
    from card_uses as u
    inner join multi_card_buyers as v on u.buyer_id = v.buyer_id
),

signs as (
    select
        buyer_id,
        day,
        'declined' as sign,
        cast(null as date) as next_day
    from staging.declined_payments
    union all
    select
        buyer_id,
        day,
        'billing' as sign,
        cast(null as date) as next_day
    from staging.orders
    where not is_sample and not is_billing_match
    union all
    select
        buyer_id,
        day,
        'look' as sign,
        cast(null as date) as next_day
    from staging.orders
    where not is_sample and view_seconds < 30.0
    union all
    select
        buyer_id,
        cast(cancelled_at as date) as day,
        'cancelled' as sign,
        cast(null as date) as next_day
    from staging.orders
    where not is_sample and cancelled_at is not null
    union all
    select
        buyer_id,
        cast(cancelled_at as date) as day,
        'lapsed' as sign,
        cast(null as date) as next_day
    from staging.unpaid_orders
    where not is_sample and cancelled_at is not null
    union all
    select
        buyer_id,
        day,
        'takeover' as sign,
        cast(null as date) as next_day
    from facts.takeover_facts
    union all
    select
        buyer_id,
        cast(observed_at as date) as day,
        'report' as sign,
        cast(null as date) as next_day
    from staging.complaints
    where topic = 'unauthorised'
    union all
    select
        o.buyer_id,
        cast(d.observed_at as date) as day,
        'report' as sign,
        cast(null as date) as next_day
    from staging.disputes as d
    inner join staging.orders as o on d.order_id = o.order_id
    where d.kind = 'fraud'
    union all
    select
        buyer_id,
        day,
        'copied' as sign,
        cast(null as date) as next_day
    from facts.review_text_facts
    where is_copied = 1
    union all
    select
        buyer_id,
        day,
        'comment' as sign,
        cast(null as date) as next_day
    from facts.comment_facts
    where buyer_id is not null
    union all
    select
        buyer_id,
        day,
        'script' as sign,
        cast(null as date) as next_day
    from facts.comment_facts
    where buyer_id is not null and is_script = 1
    union all
    select
        buyer_id,
        day,
        'card' as sign,
        next_day
    from card_spells
),

totals as (
    select
        s.observation_id,
        count(*) filter (where g.sign = 'declined' and g.day >= s.as_of - 30)
            as declined_payments_30d,
        count(*) filter (where g.sign = 'card') as cards_90d,
        count(*) filter (where g.sign = 'billing') as billing_mismatches_90d,
        count(*) filter (where g.sign = 'look') as short_looks_90d,
        count(*) filter (where g.sign = 'cancelled') as cancellations_90d,
        count(*) filter (where g.sign = 'lapsed') as lapsed_orders_90d,
        count(*) filter (where g.sign = 'takeover') as takeover_orders_90d,
        count(*) filter (where g.sign = 'report') as unauthorised_reports_90d,
        count(*) filter (where g.sign = 'copied') as copied_reviews_90d,
        count(*) filter (where g.sign = 'comment') as live_comments_90d,
        count(*) filter (where g.sign = 'script') as script_comments_90d
    from signs as g
    inner join facts.entity_keys as n
        on n.entity_type = 'buyer' and g.buyer_id = n.entity_id
    inner join population.buyer_spine as s
        on
            n.entity_key = s.entity_key
            and within(g.day, s.as_of, 90)
            and (g.next_day is null or g.next_day >= s.as_of)
    group by s.observation_id
),

final as (
    select
        s.buyer_id,
        s.as_of,
        cast(c.declined_payments_30d as double) as declined_payments_30d,
        cast(nullif(c.cards_90d, 0) as double) as cards_90d,
        cast(c.billing_mismatches_90d as double) as billing_mismatches_90d,
        cast(c.short_looks_90d as double) as short_looks_90d,
        cast(c.cancellations_90d as double) as cancellations_90d,
        cast(c.lapsed_orders_90d as double) as lapsed_orders_90d,
        cast(c.takeover_orders_90d as double) as takeover_orders_90d,
        cast(c.unauthorised_reports_90d as double) as unauthorised_reports_90d,
        cast(c.copied_reviews_90d as double) as copied_reviews_90d,
        cast(c.live_comments_90d as double) as live_comments_90d,
        cast(c.script_comments_90d as double) as script_comments_90d,
        s.observation_id
    from totals as c
    inner join population.buyer_spine as s
        on c.observation_id = s.observation_id
)

select * from final
