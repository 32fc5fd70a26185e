-- What each ring took and harmed in the 30 days before the build, by who bears it, once.
--
-- An event that several members touched is in it once, and one that members of two rings
-- touched is shared by these, so rings add up (alerts.bearer_losses, alerts.harms). Sums
-- are of decimals: half a hundredth of a cent must not depend on the order of rows.
--
-- grain:   ring_id, is_harm, bearer
-- params:  none
-- returns: ring_id    varchar
--          is_harm    boolean  harm in the prices of the packs, else money
--          bearer     varchar  who bears the money; of harm what is harmed
--          usd        double   USD; of harm what an action now prevents or undoes
--          low_usd    double   of harm the least that could be said, else as usd
--          high_usd   double   of harm the most
with parts as (
    select
        entity_type,
        entity_id,
        false as is_harm,
        bearer,
        cast(split_usd as double) as usd,
        cast(split_usd as double) as low_usd,
        cast(split_usd as double) as high_usd
    from alerts.bearer_losses
    union all
    select
        entity_type,
        entity_id,
        true as is_harm,
        kind as bearer,
        harm_usd as usd,
        harm_low_usd as low_usd,
        harm_high_usd as high_usd
    from alerts.harms
),

final as (
    select
        m.ring_id,
        p.is_harm,
        p.bearer,
        dollars(sum(cast(p.usd as decimal(18, 6)))) as usd,
        dollars(sum(cast(p.low_usd as decimal(18, 6)))) as low_usd,
        dollars(sum(cast(p.high_usd as decimal(18, 6)))) as high_usd
    from parts as p
    inner join rings.members as m
        on p.entity_type = m.entity_type and p.entity_id = m.entity_id
    group by m.ring_id, p.is_harm, p.bearer
)

select * from final
where usd > 0.0
