"""Every number in lesson NN, and in its part of the teacher's guide, computed again."""

CLAIMS = [
    # claim("it settles in {} steps", steps_to_settle((0.01, 1.0), 4, 0.9)),
]
# Fragments whose numbers are a choice, such as "β = 0.9".
SETTINGS = ()

GUIDE_CLAIMS = []
GUIDE_SETTINGS = ("In ten minutes", "In forty minutes", "(10 minutes)")
