"""When suspects are a ring: thresholds of the ties, the clusters and who joins them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RingSettings:
    """When suspects are a ring; the names are the parameters of queries/rings.

    Chosen together on three worlds: docs/decisions/0086-rings-among-suspects.md.
    """

    suspect_from: float = 0.3
    """Probability from which a subject may be in a ring: a third of those are innocent, and
    ties leave them out."""
    convicted_suspicion: float = 0.9
    """A standing verdict is about as sure as a critical score."""
    hinted_suspicion: float = 0.8
    """Signals of strength 0.4 and more make a suspect although no verdict bore them out yet."""
    crowd_accounts: int = 6
    """Buyers that odd listings of two shops have in common ..."""
    crowd_share: float = 0.2
    """... a fifth of those of each ..."""
    crowd_surprise: float = 9.0
    """... one in a billion, since every two listings are asked."""
    crowd_days: float = 10.0
    """... and all of them within days of each other."""
    script_accounts: int = 4
    """Accounts in the same words at one shop ..."""
    script_surprise: float = 6.0
    """... one chance in a million, since every wording is asked."""
    relayed_addresses: int = 4
    """A dormitory is one address."""
    relay_hours: float = 24.0
    """A front has the goods bought within half a day; clocks of two shops differ."""
    most_sharers: int = 300
    """Suspects on one thing above which it is a crowd: pairs grow with its square."""
    least_surprise: float = 0.5
    """One chance in three: more common meetings tie nobody."""
    surprise_weight: float = 0.3
    """Three powers of ten tie two accounts about as strongly as one device."""
    least_target_share: float = 0.03
    """Suspects among the visitors of a place that ties them."""
    campaign_days: float = 1.5
    """Hired accounts come to a shop within days of each other."""
    pair_weight: float = 2.0
    """Two things in common are as good as ten."""
    least_tie: float = 0.001
    """Weaker pairs change no cluster."""
    resolution: float = 0.15
    """Mean tie between members that a cluster must exceed."""
    iterations: int = 5
    """Leiden cycles: later ones rarely move a node."""
    seed: int = 20240
    """Same ties, same rings."""
    large_ring: int = 4
    """Members from which those of another typology need several ties ..."""
    other_ties: int = 3
    """... namely three: a household gives one or two."""
    join_share: float = 0.4
    """Part of the members of the smaller cluster that is tied to the larger one."""
    join_members: int = 2
    """... several of each: one go-between is no common plan."""
    join_rounds: int = 3
    """Cells of cells: a third round rarely joins any."""
    even_suspicion: float = 0.5
    """One member of a ring at least is as likely bad as not."""
    seller_accounts: int = 3
    """Two members in one shop are chance."""
    seller_surprise: float = 6.0
    """One in a million, since every shop is asked for every ring."""
    seller_share: float = 0.4
    """Part of a seller's accounts that are of the ring ..."""
    seller_suspicion: float = 0.05
    """... of a seller that is not plainly good."""
    ring_share: float = 0.5
    """Half of the ring was there ..."""
    ring_seller_share: float = 0.15
    """... and is every seventh account it ever had."""
    likely_bad: float = 0.6
    """A seller more likely bad than not ..."""
    likely_ring_share: float = 0.2
    """... needs a fifth of the ring."""
    joining_sellers: int = 2
    """A further account meets two sellers of one ring ..."""
    joining_suspicion: float = 0.1
    """... and is not below Medium."""
    owned_suspicion: float = 0.3
    """Listings of a hijacked or mixed shop that are good stay out of its ring."""
    organiser_reach: float = 0.5
    """An organiser is who half of the others hang on ..."""
    organiser_lead: float = 1.5
    """... and half as many again as on the next; closer than that, nobody is singled out."""
    organiser_members: int = 3
    """Two who hang on a third are a chain, not a crew."""
    decided_least: int = 2
    """One verdict is on a member, two are on what they do together."""
    few_members: int = 5
    """Three or four suspects meet by chance more easily."""
    benign_accounts: int = 3
    """A group of two is a couple."""
    least_actors: int = 3
    """A shop with its own listings is no ring."""
    min_overlap: float = 0.1
    """Jaccard overlap from which a ring inherits the id of an earlier one."""
