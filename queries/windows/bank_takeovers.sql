-- Banks of shops and creators that a strange device changed together with the locks.
--
-- Only who had one in the 90 days before a snapshot has a row.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type         varchar  merchant, creator
--          entity_id           varchar
--          as_of               date     only days before it count
--          bank_takeovers_90d  double   such changes, 90 days
with final as (
    select
        c.account_type as entity_type,
        c.account_id as entity_id,
        s.as_of,
        number(count(*)) as bank_takeovers_90d
    from facts.lock_changes as c
    inner join facts.snapshots as s
        on c.account_type = s.entity_type and within(c.day, s.as_of, 90)
    where c.is_bank_takeover = 1 and c.account_type <> 'buyer'
    group by c.account_type, c.account_id, s.as_of
)

select * from final
