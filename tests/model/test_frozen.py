"""A frozen class behaves as the frozen dataclass that it stands for."""

import copy
import dataclasses
import pickle

import pytest

from tui_xmpp.model.frozen import frozen


@frozen
class Point:
    x: int
    y: int = 2
    names: list[str] = dataclasses.field(default_factory=list, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Plain:
    x: int
    y: int = 2
    names: list[str] = dataclasses.field(default_factory=list, repr=False)


@frozen
class Pair:
    x: int
    note: str = dataclasses.field(default="", compare=False)


@frozen
class Nothing:
    pass


@frozen
class Positive:
    x: int

    def __post_init__(self) -> None:
        if self.x < 0:
            raise ValueError("less than nothing")


@frozen
class Secret:
    word: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret)

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "a secret"


def test_it_is_of_its_own_class_with_what_it_was_given() -> None:
    point = Point(1, names=["home"])
    assert type(point) is Point
    assert (point.x, point.y, point.names) == (1, 2, ["home"])
    assert Point(1).names is not Point(1).names


def test_it_compares_and_shows_itself_and_is_copied_as_ever() -> None:
    point = Point(1, 3)
    assert point == Point(1, 3) != Point(1, 4)
    assert repr(point) == "Point(x=1, y=3)"
    assert dataclasses.replace(point, y=4) == Point(1, 4)
    assert copy.deepcopy(point) == point == pickle.loads(pickle.dumps(point))
    assert [(each.name, each.type) for each in dataclasses.fields(Point)] == [
        (each.name, each.type) for each in dataclasses.fields(Plain)
    ]


def test_it_is_hashed_by_its_fields() -> None:
    assert hash(Pair(1, "a")) == hash(Pair(1, "b")) != hash(Pair(2, "a"))
    assert {Pair(1): "first"}[Pair(1)] == "first"
    with pytest.raises(TypeError):
        hash(Point(1))  # a list cannot be hashed


def test_what_does_not_count_makes_no_difference() -> None:
    assert Pair(1, "a") == Pair(1, "b")
    assert Pair(1) != Point(1)  # type: ignore[comparison-overlap]  # they are of two classes
    assert Nothing() == Nothing()


def test_it_is_prepared_once_all_fields_are_set() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        Positive(-1)


def test_what_a_class_says_itself_is_kept() -> None:
    assert str(Secret("open sesame")) == "a secret"
    assert Secret("one") == Secret("two")


def test_a_field_that_it_has_not_is_not_set() -> None:
    with pytest.raises(AttributeError):
        Point(1).z = 2  # type: ignore[attr-defined]  # that is what is tried


def test_its_fields_can_be_told_apart_by_place() -> None:
    match Point(1, 3):
        case Point(x, y):
            assert (x, y) == (1, 3)


def test_what_is_missing_is_refused() -> None:
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]  # that is what is tried
    with pytest.raises(TypeError):
        Point(1, z=3)  # type: ignore[call-arg]  # as above
