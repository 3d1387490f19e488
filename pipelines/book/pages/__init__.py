"""The pages of the book, one module per page: which published figures stand where. Keep out: HTML, number formats, SQL rules."""
