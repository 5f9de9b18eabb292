"""The claims of published systems beside what is simulated here."""
