"""Listed supervision (挂牌督办): a higher body lists a major hazard and watches it to its delisting."""
