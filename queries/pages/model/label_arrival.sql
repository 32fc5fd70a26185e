-- How soon labels of each scheme arrive, by the age of the behaviour.
--
-- grain:   typology, age_days
-- params:  none
-- returns: typology    varchar
--          age_days    bigint  since the behaviour began
--          share       double  of the labels that arrive at all, 0..1
--          labels      bigint  on which the curve rests
--          old_enough  bigint  of these, on behaviour of at least that age
select
    typology,
    cast(age_days as bigint) as age_days,
    cast(share as double) as share,
    cast(labels as bigint) as labels,
    cast(old_enough as bigint) as old_enough
from scores.label_arrival
order by typology asc nulls last, age_days asc nulls last
