"""Published rounds as data for others: OCDS, 落札公告 of GIF, and the table of 調達ポータル."""
