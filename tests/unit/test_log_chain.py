"""The hash of a row."""

from uuid import UUID

import pytest

from attendance.log.chain import genesis, link

HALL = UUID("5b4b62ad-9d3f-4f3c-8f0d-6a5d2a2f7b10")
ROW = (b"p" * 32, 7, b"i" * 16, 1, "punch", 1_760_000_000_000_000, "terminal:MQT0001", b'{"pin":"1001"}')


def test_the_same_row_gives_the_same_hash_in_every_version_of_this_program() -> None:
    assert genesis(HALL).hex() == "cb453ee315b7cbbbd39b314d9054c191d33953fc2a9b8d74bf35842ecf2fe6ca"
    assert link(*ROW).hex() == "10cae06a34dd55155fe06b31f2e49d8144550dc1a39fcb9a4c9f4321255e8a25"


def test_no_two_halls_begin_alike() -> None:
    assert genesis(HALL) != genesis(UUID(int=HALL.int + 1))


@pytest.mark.parametrize(
    ("part", "other"),
    list(enumerate((b"q" * 32, 8, b"j" * 16, 2, "leave", 1_760_000_000_000_001, "office", b'{"pin":"1002"}'))),
)
def test_every_part_of_a_row_changes_its_hash(part: int, other: bytes | int | str) -> None:
    changed = (*ROW[:part], other, *ROW[part + 1 :])
    assert link(*changed) != link(*ROW)  # type: ignore[arg-type]


def test_bytes_moved_from_one_part_to_its_neighbour_change_the_hash() -> None:
    before = link(*ROW[:4], "punch", ROW[5], "office", b"data")
    assert link(*ROW[:4], "punc", ROW[5], "hoffice", b"data") != before
    assert link(*ROW[:4], "punch", ROW[5], "offic", b"edata") != before
