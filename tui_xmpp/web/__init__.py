"""Files over HTTPS (XEP-0066), also encrypted ones (XEP-0454); meets the core at its port only."""
