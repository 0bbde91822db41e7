"""Background jobs: leases, batches, the bell, the sweeper, and what survives a kill."""
