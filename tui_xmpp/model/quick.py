"""Frozen dataclasses that are made for every message, without the price of being frozen."""

from copy import copy
from dataclasses import fields, make_dataclass
from functools import wraps
from typing import Any, TypeVar

T = TypeVar("T")


def made_quickly(cls: type[T]) -> type[T]:
    """Let a frozen dataclass with slots set its fields as one that is not frozen does; for those with many fields.

    Python's own `__init__` looks up and calls `object.__setattr__` for each field, which takes several times as long
    as all else. Here a value is of a class with the same slots that is open until they are set.
    """
    members = [(each.name, each.type, copy(each)) for each in fields(cls)]  # type: ignore[arg-type]  # a dataclass
    open_class: Any = make_dataclass(cls.__name__, members, slots=True)
    set_fields, become = open_class.__init__, object.__setattr__

    @wraps(cls.__init__)
    def initialise(self: Any, *arguments: Any, **named: Any) -> None:
        become(self, "__class__", open_class)
        set_fields(self, *arguments, **named)
        self.__class__ = cls

    cls.__init__ = initialise  # type: ignore[method-assign]  # which is the point
    return cls
