"""Schemes as frozen records: distributions, variance scaling, orthogonal, structured; fans and gains. Data only."""
