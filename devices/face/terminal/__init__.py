"""A face terminal without a browser: it matches by itself, under a gallery it borrows for a day, and sends later."""
