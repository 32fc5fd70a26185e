-- The numbers that playbooks ask for, of each subject at the last snapshot.
--
-- Of each scheme the numbers that its evidence is about and no day shows: a share of
-- parcels, a count of accounts. Unknown values are left out. A page asks for one subject:
-- subjects are sorted before each becomes thirty rows, for a third of the memory.
--
-- grain:   entity_type, entity_id, feature
-- params:  none
-- returns: entity_type  varchar
--          entity_id    varchar
--          feature      varchar  a column of features.<entity_type>
--          figure       double
with latest_merchants as (
    select *
    from features.merchant
    where as_of = (select max(t.as_of) from features.merchant as t)
    order by merchant_id asc nulls last
),

merchants as (
    select
        merchant_id as entity_id,
        feature,
        figure
    from latest_merchants
    unpivot (
        figure for feature in (
            account_age_days, orders_per_buyer_30d, unseen_order_share_30d,
            young_account_order_share_30d, new_buyer_voucher_share_30d,
            tight_basket_share_30d, lockstep_order_share_90d,
            light_parcel_share_30d, few_scan_share_30d, late_scan_rate_30d,
            reused_tracking_rate_90d, wrong_address_share_30d,
            complaint_rate_90d, dispute_rate_90d, one_star_share_90d,
            fast_review_share_30d, repeated_review_share_90d,
            crew_review_share_90d, cut_price_order_share_30d,
            turned_order_share_30d, counterfeit_rate_90d, misspelt_listings,
            closed_siblings, bank_account_merchants, office_merchants,
            scam_call_rate_90d, place_scam_calls_90d,
            off_hours_opened_share_90d, own_desk_orders_90d, bank_takeovers_90d
        )
    )
),

latest_creators as (
    select *
    from features.creator
    where as_of = (select max(t.as_of) from features.creator as t)
    order by creator_id asc nulls last
),

creators as (
    select
        creator_id as entity_id,
        feature,
        figure
    from latest_creators
    unpivot (
        figure for feature in (
            account_age_days, watch_seconds_30d, watch_variation_30d,
            viewers_per_device_30d, young_viewer_share_30d,
            clicks_per_view_30d, distinct_comment_share_30d,
            comments_per_account_90d, script_comment_share_90d,
            arrival_peak_share_90d, follower_growth_30d, follower_loss_14d,
            follower_day_loss_30d, slot_fee_usd_30d, device_creators,
            own_device_order_share_90d, instant_order_share_90d,
            late_refund_share_90d, paid_refund_rate_90d, commission_rate_30d,
            early_order_share_90d, cancelled_share_90d, late_mismatch_rate_90d,
            mismatch_complaint_rate_90d, bank_takeovers_90d
        )
    )
),

latest_products as (
    select *
    from features.product
    where as_of = (select max(t.as_of) from features.product as t)
    order by product_id asc nulls last
),

products as (
    select
        product_id as entity_id,
        feature,
        figure
    from latest_products
    unpivot (
        figure for feature in (
            account_age_days, price_to_category, price_to_first,
            price_to_brand, is_turned, edits_30d, gone_image_products,
            is_misspelt_brand, near_titles, counterfeit_rate_90d,
            complaint_rate_90d, quality_complaint_rate_90d, dispute_rate_90d,
            one_star_share_90d, fast_review_share_30d,
            repeated_review_share_90d, near_copied_review_share_90d,
            orders_per_buyer_30d, unseen_order_share_30d,
            lockstep_order_share_90d, light_parcel_share_30d,
            few_scan_share_30d, new_buyer_voucher_share_30d,
            tight_basket_share_30d
        )
    )
),

latest_buyers as (
    select *
    from features.buyer
    where as_of = (select max(t.as_of) from features.buyer as t)
    order by buyer_id asc nulls last
),

buyers as (
    select
        buyer_id as entity_id,
        feature,
        figure
    from latest_buyers
    unpivot (
        figure for feature in (
            account_age_days, disproved_claims_90d, copied_claims_90d,
            late_refund_share_90d, light_return_share_90d,
            unauthorised_reports_90d, takeover_orders_90d, cards_90d,
            declined_payments_30d, billing_mismatch_share_90d,
            device_accounts, address_accounts, payment_token_accounts,
            young_account_order_share_90d, new_buyer_voucher_share_90d,
            tight_basket_share_90d, unseen_order_share_90d,
            instant_order_share_90d, creator_device_order_share_90d,
            cancelled_share_90d, orders_per_merchant_30d,
            light_parcel_share_90d, few_scan_share_90d, five_star_share_90d,
            fast_review_share_90d, copied_reviews_90d, script_comments_90d,
            staged_orders_90d, lockstep_partners_1d
        )
    )
),

final as (
    select
        'merchant' as entity_type,
        entity_id,
        feature,
        figure
    from merchants
    union all
    select
        'creator' as entity_type,
        entity_id,
        feature,
        figure
    from creators
    union all
    select
        'product' as entity_type,
        entity_id,
        feature,
        figure
    from products
    union all
    select
        'buyer' as entity_type,
        entity_id,
        feature,
        figure
    from buyers
)

select * from final
