"""What spans say and where they go: conventions, attributes, masking for export, OTLP."""
