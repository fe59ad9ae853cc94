"""The engine: one session per account, policies, inbox and outbox."""
