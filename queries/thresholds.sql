-- Thresholds that several queries share, made known to the connection that runs them.

-- How much a rate, an average or a comparison needs to mean something.
create or replace temp macro least_orders() as 5.0;
create or replace temp macro least_deliveries() as 5.0;
create or replace temp macro least_reviews() as 3.0;
create or replace temp macro least_views() as 50;
create or replace temp macro least_peers() as 20;

-- The same where what is counted is rare: disputes, complaints, repeated words.
create or replace temp macro many_orders() as 10.0;
create or replace temp macro many_reviews() as 10.0;

-- How many more, seen at the base rate, a smoothed rate supposes.
create or replace temp macro prior_weight() as 5.0;

-- Accounts on one identifier, or of one name in a household, above which it is a crowd;
-- shops or listings on one above which it is a service or stock.
create or replace temp macro hub_size(relation) as
case relation when 'ip' then 10 when 'household' then 6 else 60 end;
create or replace temp macro most_sharers() as 20;

-- Core number from which an account moves in lockstep: chance makes pairs, hardly
-- ever four accounts that all met.
create or replace temp macro lockstep_core() as 3;

-- Letters of a text that two people hardly write by chance, and hardly ever.
create or replace temp macro short_text() as 20;
create or replace temp macro long_text() as 40;

-- Days after an order by which practically every refund (97 %) has been asked for.
create or replace temp macro refund_days() as 21;

-- Days of money flows that a daily loss is the mean of.
create or replace temp macro loss_days() as 30;

-- Signs of a machine audience in one live room.
create or replace temp macro machine_viewers_per_device() as 1.5;
create or replace temp macro machine_distinct_comment_share() as 0.45;
create or replace temp macro machine_young_viewer_share() as 0.3;
create or replace temp macro machine_watch_variation() as 0.6;
create or replace temp macro machine_clicks_per_view() as 0.035;
create or replace temp macro machine_peak_view_share() as 0.25;
create or replace temp macro machine_arrival_share() as 0.3;

-- The same six signs where a machine audience is a minority of the room: each of them
-- fits every seventh honest room, several do not.
create or replace temp macro slight_viewers_per_device() as 1.2;
create or replace temp macro slight_distinct_comment_share() as 0.6;
create or replace temp macro slight_young_viewer_share() as 0.2;
create or replace temp macro slight_watch_variation() as 0.75;
create or replace temp macro slight_clicks_per_view() as 0.05;
create or replace temp macro slight_peak_view_share() as 0.18;

-- Reports that goods are fake that are no mistake of one buyer.
create or replace temp macro least_reports() as 2;

-- Cosine of the reviewers of two listings above which it is no chance.
create or replace temp macro crew_overlap() as 0.1;
