"""What the pages of the board show; frozen values that templates loop over."""
