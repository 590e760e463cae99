"""Who is about to stop ordering: labels, features, a calibrated model, reasons."""
