"""Local services: PostgreSQL and Valkey as child processes, for one machine."""
