"""Speed as ratios, each measured against its own floor in one run."""
