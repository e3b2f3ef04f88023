"""Development tools of the prevention register: preparation, demo, tests and lint."""
