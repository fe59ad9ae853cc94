"""Values that are made quickly are the frozen dataclasses that they would be without."""

import copy
import dataclasses
import inspect
import pickle

import pytest

from tui_xmpp.model.quick import made_quickly


@made_quickly
@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 2
    names: list[str] = dataclasses.field(default_factory=list, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Plain:
    x: int
    y: int = 2
    names: list[str] = dataclasses.field(default_factory=list, repr=False)


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
    assert inspect.signature(Point).parameters.keys() == inspect.signature(Plain).parameters.keys()
    assert [(each.name, each.type) for each in dataclasses.fields(Point)] == [
        (each.name, each.type) for each in dataclasses.fields(Plain)
    ]


def test_nothing_of_it_can_be_changed() -> None:
    point = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.x = 2  # type: ignore[misc]  # that is what is tried
    with pytest.raises(dataclasses.FrozenInstanceError):
        del point.x
    with pytest.raises((AttributeError, TypeError)):
        point.z = 2  # type: ignore[attr-defined]  # as above
    assert point == Point(1)


def test_what_is_missing_is_refused() -> None:
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]  # that is what is tried
    with pytest.raises(TypeError):
        Point(1, z=3)  # type: ignore[call-arg]  # as above
