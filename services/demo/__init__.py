"""The demo: published figures imported, then one live year through the API on a virtual clock."""
