"""Which numbers hold where and since when: inherited down the tree, defaults in the law."""
