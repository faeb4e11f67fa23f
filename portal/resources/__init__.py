"""The resource list: premises, people, money, goods and skills that can be used, and who uses them when."""
