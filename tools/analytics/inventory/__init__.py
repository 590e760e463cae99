"""Stock against demand: what runs short, what lies idle, and what to move where.

Pure functions over frames. Demand is what left a place, resampled over the time until new stock can
arrive; the safety stock is a quantile of that distribution, because a mean plus z times a deviation
is wrong for boxes of which none is asked for in most weeks and a dozen in one.
"""
