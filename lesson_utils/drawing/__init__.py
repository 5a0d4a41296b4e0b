"""Drawing: arrays in, matplotlib artists out. Nothing here knows a widget."""
