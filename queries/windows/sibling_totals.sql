-- How many shops had the same owner's details at each snapshot.
--
-- grain:   merchant_id, as_of
-- params:  none
-- returns: merchant_id       varchar
--          as_of             date
--          office_merchants  double   other shops on its device, return address
--          closed_siblings   double   of these or its bank account, closed by then
with final as (
    select
        h.merchant_id,
        s.as_of,
        cast(
            count(distinct case
                when h.relation <> 'bank_account' then h.sibling_id
            end) as double
        ) as office_merchants,
        cast(
            count(distinct case
                when h.closed_at < cast(s.as_of as timestamp)
                    then h.sibling_id
            end) as double
        ) as closed_siblings
    from facts.sibling_shops as h
    inner join facts.snapshots as s
        on
            s.entity_type = 'merchant'
            and valid_at(h.known_from, h.known_until, s.as_of)
    group by h.merchant_id, s.as_of
)

select * from final
