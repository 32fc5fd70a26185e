"""How people review: second reviews, agreement, overturns, approvers, fairness, times."""
