"""Frozen dataclasses with slots that cost next to nothing until they are used, and little when they are."""

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class of named fields that is compared, hashed and shown by them; what `dataclass(frozen=True)` promises.

    Python compiles six methods for each such class, a millisecond at every start for each of hundreds. Here they are
    shared, and the one that sets the fields is compiled when the first value is made. That nothing is changed later is
    for the type checker to see: at run time it would make every value three times as dear.
    """
    cls.__doc__ = cls.__doc__ or cls.__name__  # else Python writes one, of a signature that it looks for long
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    own = cls.__dict__
    if "__eq__" not in own:
        compared = [each.name for each in fields(made) if each.compare]
        made.__eq__, made.__hash__ = _comparing(compared)
    if "__repr__" not in own:
        made.__repr__ = _shown
    made.__init__ = _initialised_later(made)
    return made  # type: ignore[no-any-return]  # the same class, with slots


def _comparing(names: list[str]) -> tuple[Callable[[Any, object], bool], Callable[[Any], int]]:
    of: Callable[[Any], object] = attrgetter(*names) if names else type

    def equal(self: Any, other: object) -> bool:
        return of(self) == of(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(of(self))

    return equal, hashed


def _shown(self: Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _initialised_later(made: Any) -> Callable[..., None]:
    def initialise(self: Any, *arguments: Any, **named: Any) -> None:
        made.__init__ = _initialiser(made)
        made.__init__(self, *arguments, **named)

    return initialise


def _initialiser(made: Any) -> Callable[..., None]:
    """The `__init__` that Python writes for these fields, without the class that it would make for it."""
    known: dict[str, Any] = {"_absent": MISSING}
    taken: dict[bool, list[str]] = {False: ["self"], True: []}
    sets: list[str] = []
    for each in fields(made):
        name = value = parameter = each.name
        if each.default_factory is not MISSING:
            known[f"_make_{name}"], parameter = each.default_factory, f"{name}=_absent"
            value = f"_make_{name}() if {name} is _absent else {name}"
        elif each.default is not MISSING:
            known[f"_default_{name}"], parameter = each.default, f"{name}=_default_{name}"
        taken[each.kw_only is True].append(parameter)
        sets.append(f" self.{name} = {value}")
    parameters = [*taken[False], *(["*", *taken[True]] if taken[True] else [])]
    after = [" self.__post_init__()"] if hasattr(made, "__post_init__") else []
    lines = [f"def __init__({', '.join(parameters)}):", *(sets + after or [" pass"])]
    exec("\n".join(lines), known)  # noqa: S102 (as `dataclasses` does, with names that are in our own classes)
    return known["__init__"]  # type: ignore[no-any-return]  # that of the lines above
