-- How far chance explains a count.

-- -log10 of the chance that a share `rate` of so many draws gives as many hits or more:
-- the exponent of the Chernoff bound of a binomial tail; 0 at or below the expected count.
create or replace temp macro surprise(hits, draws, rate) as
case
    when hits <= rate * draws then 0.0
    when hits >= draws then -draws * ln(rate) / ln(10.0)
    else
        (
            hits * ln(hits / (rate * draws))
            + (draws - hits) * ln((draws - hits) / ((1.0 - rate) * draws))
        )
        / ln(10.0)
end;
