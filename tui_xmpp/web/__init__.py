"""Files over HTTPS (XEP-0066, XEP-0363), also encrypted ones (XEP-0454); meets the core at its port only."""
