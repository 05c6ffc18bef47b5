"""PostgreSQL's parser, as pglast has it, without the checks that slow it down."""

from __future__ import annotations

from pglast import ast, parse_sql


def _trust() -> None:
    """Lets nodes take their fields as they are.

    pglast looks at every value that a node is given, whether it is of the type that the field has
    in C, since anybody may build nodes. The parser gives none of another type, and three quarters
    of its time went into that. A Boolean alone is told a number that has to become True or False.
    """
    ast.Boolean.__setattr__ = ast.Node.__setattr__  # type: ignore[method-assign]
    del ast.Node.__setattr__


_trust()

__all__ = ["parse_sql"]
