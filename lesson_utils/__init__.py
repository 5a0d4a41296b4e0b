"""Rolling Downhill: the code behind the lessons, in floors; the README has the plan."""
