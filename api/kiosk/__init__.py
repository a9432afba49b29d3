"""The hall's own camera terminals, on the server's side: pairing, the ways to clock in, and what comes in later."""
