"""A log that can only grow: the hash tree of RFC 6962 (RFC 9162, section 2.1), and its proofs."""

import hashlib
from collections.abc import Iterable, Sequence


def root(texts: Iterable[str]) -> str:
    """The hash over all `texts` in their order, 64 hex digits. Source: A26, domain/trust 3."""
    tree = Tree()
    for text in texts:
        tree.append(text)
    return tree.root()


class Tree:
    """A tree that grows by one leaf in O(log n) and keeps no more than its peaks.

    `size` and `peaks` are all that has to be kept to go on later: Tree(size, peaks).
    """

    def __init__(self, size: int = 0, peaks: Iterable[str] = ()) -> None:
        """ValueError where there are not as many peaks (64 hex digits each) as `size` leaves make."""
        self.size = size
        self._peaks = [bytes.fromhex(peak) for peak in peaks]
        if size.bit_count() != len(self._peaks):
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks, not {len(self._peaks)}")

    @property
    def peaks(self) -> list[str]:
        """The roots of the perfect trees that the leaves make, the largest first."""
        return [peak.hex() for peak in self._peaks]

    def append(self, text: str) -> None:
        """Add one leaf at the end."""
        node = leaf_hash(text)
        size = self.size
        while size & 1:
            node = _node(self._peaks.pop(), node)
            size >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> str:
        """The hash over all leaves so far; of none, that of nothing."""
        if not self._peaks:
            return hashlib.sha256().hexdigest()
        node, *left = reversed(self._peaks)
        for peak in left:
            node = _node(peak, node)
        return node.hex()


def leaf_hash(text: str) -> bytes:
    """The 32 bytes of a leaf. Source: RFC 6962, 2.1."""
    return hashlib.sha256(b"\0" + text.encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def inclusion_proof(texts: Sequence[str], index: int) -> list[str]:
    """What shows that leaf `index` (from 0) is in the log of all `texts`: hashes from the leaf upwards.

    IndexError where there is no such leaf. Source: RFC 6962, 2.1.1.
    """
    if not 0 <= index < len(texts):
        raise IndexError(f"there is no leaf {index} among {len(texts)}")
    return [node.hex() for node in _path(_levels(texts), index, 0, len(texts))]


def consistency_proof(texts: Sequence[str], size: int) -> list[str]:
    """What shows that the log of all `texts` only adds to that of its first `size` (at least 1) leaves.

    IndexError where it was never of that size. Source: RFC 6962, 2.1.2.
    """
    if not 0 < size <= len(texts):
        raise IndexError(f"a log of {len(texts)} leaves cannot be shown to continue one of {size}")
    return [node.hex() for node in _subproof(_levels(texts), size, 0, len(texts), known=True)]


def _path(levels: list[list[bytes]], index: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(levels, index, start, middle), _subtree(levels, middle, end)]
    return [*_path(levels, index, middle, end), _subtree(levels, start, middle)]


def _subproof(levels: list[list[bytes]], size: int, start: int, end: int, *, known: bool) -> list[bytes]:
    if size == end:
        return [] if known else [_subtree(levels, start, end)]
    middle = start + _split(end - start)
    if size <= middle:
        return [*_subproof(levels, size, start, middle, known=known), _subtree(levels, middle, end)]
    return [*_subproof(levels, size, middle, end, known=False), _subtree(levels, start, middle)]


def _split(size: int) -> int:
    """The largest power of two below `size` (2 or more)."""
    return 1 << (size - 1).bit_length() - 1


def _levels(texts: Iterable[str]) -> list[list[bytes]]:
    """Leaf hashes, and above each full pair its node, up to the largest perfect tree."""
    levels = [[leaf_hash(text) for text in texts]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([_node(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])
    return levels


def _subtree(levels: list[list[bytes]], start: int, end: int) -> bytes:
    """The root over the leaves from `start` up to `end`; `start` is one where a subtree of that size begins."""
    size = end - start
    if size & (size - 1) == 0:
        height = size.bit_length() - 1
        return levels[height][start >> height]
    middle = start + _split(size)
    return _node(_subtree(levels, start, middle), _subtree(levels, middle, end))


def includes(text: str, index: int, size: int, proof: Sequence[str], head: str) -> bool:
    """Whether `proof` shows that `text` is leaf `index` of the log of `size` leaves with the root `head`.

    Source: RFC 9162, 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    node, place, last = leaf_hash(text), index, size - 1
    for other in map(bytes.fromhex, proof):
        if not last:
            return False
        if place & 1 or place == last:
            node = _node(other, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = _node(node, other)
        place, last = place >> 1, last >> 1
    return not last and node.hex() == head


def extends(size: int, head: str, larger: int, larger_head: str, proof: Sequence[str]) -> bool:
    """Whether `proof` shows that a log (`larger` leaves, root `larger_head`) only adds to one (`size`, `head`).

    Source: RFC 9162, 2.1.4.2.
    """
    if not 0 < size <= larger:
        return False
    if size == larger:
        return not proof and head == larger_head
    nodes = [bytes.fromhex(node) for node in proof]
    if size & (size - 1) == 0:
        nodes.insert(0, bytes.fromhex(head))
    if not nodes:
        return False
    place, last = size - 1, larger - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = nodes[0]
    for other in nodes[1:]:
        if not last:
            return False
        if place & 1 or place == last:
            old, new = _node(other, old), _node(other, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = _node(new, other)
        place, last = place >> 1, last >> 1
    return not last and old.hex() == head and new.hex() == larger_head
