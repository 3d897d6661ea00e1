"""What the law says: pure rules over events, without clock, chance or I/O."""
