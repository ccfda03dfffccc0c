"""What a training learns from: one cohort or several, and how often each is drawn."""
