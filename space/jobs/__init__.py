"""Work outside the page: job folders, the warm worker processes that run them, and their queues."""
