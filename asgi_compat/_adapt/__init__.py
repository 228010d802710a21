"""How is it called? Adapters from one call to the other, and the guarantees.

Invariants:

1. Only the call is adapted: no message is looked at, none is changed.
2. One adapter and never two: an application that has the right call already is returned as the same
   object, and an adapter of the other direction is taken off instead of being wrapped.
3. The body of an application never runs twice. A second call is made only after a TypeError that was
   raised while the arguments were *bound*, which is before any frame of the callee existed.
4. An exception of the application is raised where the adapted application is awaited, as by an
   ``async def``, and is not wrapped.
"""

from __future__ import annotations

from .adapters import Adapter as Adapter
from .adapters import DoubleCallable as DoubleCallable
from .adapters import PositionalCallable as PositionalCallable
from .adapters import SingleCallable as SingleCallable
from .calling import call_double as call_double
from .calling import call_double_and_check as call_double_and_check
from .either import EitherCallable as EitherCallable
from .either import EitherVariable as EitherVariable
from .guarantee import double_to_single_callable as double_to_single_callable
from .guarantee import guarantee_double_callable as guarantee_double_callable
from .guarantee import guarantee_single_callable as guarantee_single_callable
from .guarantee import single_to_double_callable as single_to_double_callable
from .undecided import UndecidedDoubleCallable as UndecidedDoubleCallable
from .undecided import UndecidedSingleCallable as UndecidedSingleCallable
