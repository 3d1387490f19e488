"""A group of companies: one set of figures from what its companies published last. Keep out: what a company's figures are."""
