"""The 360° profile: what is measured of a partner, and how it stands among its peers."""
