"""The pages of access, one module per page or group of buttons; each view loads, calls one action and redirects."""
