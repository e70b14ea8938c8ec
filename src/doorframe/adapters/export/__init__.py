"""What leaves as data: FHIR bundles, tables, and the evidence pack."""
