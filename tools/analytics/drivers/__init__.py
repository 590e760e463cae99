"""Why a figure changed: contributions that add up to the change, and how far they surprise."""
