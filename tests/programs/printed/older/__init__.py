"""Programs of 2017 that no adapter bridges."""
