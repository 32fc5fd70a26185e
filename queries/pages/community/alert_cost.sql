-- What wrongly acting on every alerted member of a community would cost.
--
-- grain:   community_id
-- params:  community_id  varchar
-- returns: community_id             varchar
--          alerted_count            bigint   members with an open alert
--          exposure_usd             double   money that can still be lost
--          false_positive_cost_usd  double   cost of wrongly acting on all
--          expected_cost_usd        double   the same times (1 - probability)
with member_alerts as (
    select
        a.entity_type,
        a.entity_id,
        max(a.probability) as probability,
        max(a.exposure_usd) as exposure_usd,
        max(a.false_positive_cost_usd) as false_positive_cost_usd
    from alerts.alerts as a
    inner join communities.members as m
        on a.entity_type = m.entity_type and a.entity_id = m.entity_id
    where m.community_id = $community_id and a.lane <> 'unproven'
    group by a.entity_type, a.entity_id
)

select
    cast($community_id as varchar) as community_id,
    count(*) as alerted_count,
    cast(coalesce(sum(exposure_usd), 0) as double) as exposure_usd,
    cast(
        coalesce(sum(false_positive_cost_usd), 0) as double
    ) as false_positive_cost_usd,
    cast(
        coalesce(sum(false_positive_cost_usd * (1.0 - probability)), 0)
        as double
    ) as expected_cost_usd
from member_alerts
