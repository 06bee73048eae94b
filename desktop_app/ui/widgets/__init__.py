"""What several pages share: painters, tables, cards, charts."""
