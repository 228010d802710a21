"""Programs of 2017 to 2020, reduced to what they show, and otherwise as they were printed."""
