"""The SQL stages on a Spark Connect endpoint: docs/decisions/0146-one-sql-three-engines.md."""
