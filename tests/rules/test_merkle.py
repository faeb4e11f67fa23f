"""The log's tree, against the reference values of RFC 6962 and against its definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.merkle import Tree, consistency_proof, extends, includes, inclusion_proof, leaf_hash, root

LEAVES = [
    bytes.fromhex(leaf).decode()
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
PATH_OF_THE_FIRST_OF_8 = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]
FROM_6_TO_8 = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
FROM_2_TO_5 = [
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
]
texts = st.lists(st.text(max_size=3), min_size=1, max_size=40)


@pytest.mark.parametrize("size", range(9))
def test_the_reference_roots_are_reproduced(size: int) -> None:  # A26
    assert root(LEAVES[:size]) == ROOTS[size]


def test_the_reference_proofs_are_reproduced() -> None:  # A26
    assert inclusion_proof(LEAVES, 0) == PATH_OF_THE_FIRST_OF_8
    assert consistency_proof(LEAVES, 1) == PATH_OF_THE_FIRST_OF_8
    assert consistency_proof(LEAVES, 6) == FROM_6_TO_8
    assert consistency_proof(LEAVES[:5], 2) == FROM_2_TO_5


@given(texts)
def test_the_growing_tree_gives_the_root_of_the_definition(leaves: list[str]) -> None:
    def defined(hashes: list[bytes]) -> bytes:
        if len(hashes) == 1:
            return hashes[0]
        half = max(power for power in (1, 2, 4, 8, 16, 32) if power < len(hashes))
        return hashlib.sha256(b"\1" + defined(hashes[:half]) + defined(hashes[half:])).digest()

    assert root(leaves) == defined([leaf_hash(leaf) for leaf in leaves]).hex()


@given(texts, st.data())
def test_a_tree_goes_on_from_its_peaks(leaves: list[str], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(leaves)))
    first = Tree()
    for leaf in leaves[:cut]:
        first.append(leaf)
    later = Tree(first.size, first.peaks)
    for leaf in leaves[cut:]:
        later.append(leaf)
    assert (later.size, later.root()) == (len(leaves), root(leaves))


def test_a_tree_with_too_few_peaks_is_refused() -> None:
    with pytest.raises(ValueError, match="2 peaks"):
        Tree(3, [ROOTS[1]])


@given(texts, st.data())
def test_a_proof_shows_its_own_leaf_and_no_other(leaves: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, head = inclusion_proof(leaves, index), root(leaves)
    assert includes(leaves[index], index, len(leaves), proof, head)
    assert not includes(leaves[index] + "!", index, len(leaves), proof, head)
    assert not includes(leaves[index], index, len(leaves), [*proof, head], head)
    assert not includes(leaves[index], index, len(leaves), proof[:-1], head) or not proof
    assert not includes(leaves[index], index, len(leaves), proof, leaf_hash("else").hex())
    assert not includes(leaves[index], len(leaves), len(leaves), proof, head)


@given(texts, st.data())
def test_a_log_is_shown_to_continue_its_beginning_and_no_other(leaves: list[str], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(leaves)))
    proof, old, new = consistency_proof(leaves, size), root(leaves[:size]), root(leaves)
    other = root([*leaves[: size - 1], leaves[size - 1] + "!"])
    assert extends(size, old, len(leaves), new, proof)
    assert not extends(size, other, len(leaves), new, proof)
    assert not extends(size, old, len(leaves), other, proof)
    assert not extends(size, old, len(leaves), new, [*proof, old])
    assert not proof or not extends(size, old, len(leaves), new, proof[1:])
    assert not extends(len(leaves) + 1, old, len(leaves), new, proof)


def test_there_is_no_proof_for_what_never_was() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 9)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 0)
