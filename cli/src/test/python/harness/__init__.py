"""What the end-to-end tests share: a server process, a strict wire client, waiting, memory."""
