"""Writes the loop of a selection: Python source that makes the answers of many objects.

A leaf is coerced in line. An object that is there at once, and of which only leaves are asked, is made in its
parent's turn of the loop. Every field has its own `try`, which costs nothing as long as nothing is raised.
Before that loop stands a short one where there can be one (`certain.py`).
Behind the loop stands what the other fields do once the rows are there, in the order in which they begin.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from graphql import GraphQLNonNull, Undefined

from execution.certain import Short, Unfit
from execution.leaves import PLAIN, snippet
from execution.reading import Attribute, Batched, Direct
from execution.rows import row_expression

if TYPE_CHECKING:
    from execution.field import Field
    from execution.selection import Selection

MOST_CLASSES = 100
"""Of the objects of one selection that are looked at; others are checked one by one."""
MOST_INLINE = 100
"""Fields of inner objects that are written into one loop."""


class Writer:
    """The loop of one selection in the making.

    `names` is what the source refers to. `made` are the fields that the loop answers, by their keys from the
    row inwards.
    """

    def __init__(self, selection: "Selection") -> None:
        self.names: dict[str, Any] = {"PLAIN": PLAIN, "Undefined": Undefined}
        self.made: list[tuple[tuple[str, ...], Field]] = []
        self._columns: list[Field] = []
        self._before: list[str] = []
        self._numbers: dict[int, int] = {}
        self._inline = MOST_INLINE
        self._written = any(each.plan.written for each in selection.fields.values() if each is not None)
        body, answer = self._row(selection)
        short = self._short(selection)
        counted = any("(n)" in line for line in body)
        checking = [
            "rows = []",
            "add = rows.append",
            "fail = run.fail",
            *self._before,
            "for n, o in enumerate(sources):" if counted else "for o in sources:",
            *_indented([*body, f"add({answer})"]),
        ]
        lines = [
            "def loop(run, sources, place, pending):",
            "    if not sources: return []",
            *_indented(short),
            *_indented(checking, 2 if short else 1),
            *_indented(self._after(selection)),
            "    return rows",
        ]
        self.source = "\n".join(lines)

    def _short(self, selection: "Selection") -> list[str]:
        """Lines that make the rows of objects of which enough is certain; none where it never is."""
        try:
            short = Short(selection, self.names, written=self._written)
        except Unfit:
            return []
        certain, sure, seen = selection.certain, set[type](), set[type]()

        def learn(sources: Sequence[Any]) -> bool:
            classes = set(map(type, sources))
            for cls in classes - seen:
                if len(seen) < MOST_CLASSES:
                    seen.add(cls)
                    if short.fits(certain(cls)):
                        sure.add(cls)
            return sure >= classes

        def odd() -> Any:
            raise ValueError("to be looked at")

        self.names |= {"sure": sure, "learn": learn, "odd": odd}
        return [
            "rows = None",
            "if sure.issuperset(map(type, sources)) or learn(sources):",
            f"    try: rows = [{short.expression} for o in sources]",
            "    except Exception: pass",
            "if rows is None:",
        ]

    def _number(self, field: "Field") -> int:
        return self._numbers.setdefault(id(field), len(self._numbers))

    def _row(self, selection: "Selection") -> tuple[list[str], str]:
        """Lines that make the parts of a row, and the expression that puts them together."""
        lines: list[str] = []
        parts: dict[str, str] = {}
        for key, field in selection.fields.items():
            part = "None"
            if field is None:
                part = repr(selection.type.name)
            elif field.is_leaf_at_once:
                part = f"v{self._number(field)}"
                self.made.append(((key,), field))
                lines += _guarded(self._leaf(field, self._read(field, "o")), part)
            elif field.is_there_at_once and (inner := self._inner(field)):
                part = f"v{self._number(field)}"
                self.made.append(((key,), field))
                lines += _guarded(self._object(field, inner), part)
            elif field.is_read_in_line:
                number = self._number(field)
                self._columns.append(field)
                self._before += [f"k{number} = []", f"a{number} = k{number}.append"]
                collected = [f"a{number}({self._read(field, 'o')})"]
                lines += [
                    "try:",
                    *_indented(collected),
                    "except Exception as error:",
                    f"    a{number}(fail(error))",
                ]
            parts[key] = part
        return lines, row_expression(parts, self.names, written=self._written)

    def _after(self, selection: "Selection") -> list[str]:
        """Lines that see to what is awaitable, and deliver the fields that the loop didn't make."""
        lines = []
        if self.made:
            self.names["later"] = selection.later
            lines.append("if run.awaited: later(run, rows, pending)")
        for column in self._columns:
            number = self._number(column)
            self.names[f"d{number}"] = column.deliver
            lines.append(f"d{number}(run, rows, k{number}, place, pending)")
        for field in selection.fields.values():
            if field is None or field.is_read_in_line:
                continue
            number = self._number(field)
            if isinstance(field.reading, Batched):
                self.names[f"b{number}"] = field.deliver_batch
                lines.append(f"pending.append(b{number}(run, rows, sources, place))")
            else:
                self.names[f"d{number}"], self.names[f"r{number}"] = field.deliver, field.read
                lines.append(f"d{number}(run, rows, r{number}(run, sources, place), place, pending)")
        return lines

    def _inner(self, field: "Field") -> "Selection | None":
        """What is asked of the field's object, where that can be written in line."""
        selection = field.plain_selection()
        if selection is None or len(selection.fields) > self._inline:
            return None
        asked = [each for each in selection.fields.values() if each is not None]
        if not all(each.is_leaf_at_once and not each.needs_info for each in asked):
            return None
        self._inline -= len(selection.fields)
        return selection

    def _object(self, field: "Field", inner: "Selection") -> list[str]:
        """Lines that set the field's variable to the answer of its object, or to null."""
        number = self._number(field)
        self.names[f"n{number}"] = field.alone
        embedded = field.embedded(inner)
        value = f"x{number}"
        read = f"o.{next(iter(embedded.values()))}" if embedded else self._read(field, "o")
        there = f"{value}.__class__ in PLAIN"
        lines: list[str] = []
        parts: dict[str, str] = {}
        for key, leaf in inner.fields.items():
            if leaf is None:
                parts[key] = repr(inner.type.name)
                continue
            parts[key] = part = f"v{self._number(leaf)}"
            self.made.append(((field.key, key), leaf))
            leaf_read = self._embedded(leaf, embedded) if embedded else self._read(leaf, value)
            same = leaf_read == read
            lines += _guarded(self._leaf(leaf, value if same else leaf_read), part)
            if same and (left := f"k{self._number(leaf)}_0") in self.names:
                there = f"{value}.__class__ is {left} or {there}"
        answer = row_expression(parts, self.names, written=self._written)
        lines.append(f"v{number} = {answer}")
        return [
            f"{value} = {read}",
            f"if {there}:",
            *_indented(lines),
            "else:",
            f"    v{number} = n{number}(run, {self._read(field, 'o') if embedded else value})",
        ]

    def _embedded(self, leaf: "Field", attributes: Mapping[str, str]) -> str:
        return f"o.{attributes[cast('Attribute', leaf.reading).name]}"

    def _leaf(self, field: "Field", read: str) -> list[str]:
        """Lines that set the field's variable to its answer."""
        number = self._number(field)
        shape = field.definition.type
        leaf: Any = shape.of_type if isinstance(shape, GraphQLNonNull) else shape
        self.names[f"s{number}"] = field.leaf
        coercion = snippet(leaf, f"v{number}", number, self.names, field.plan.written)
        return [f"v{number} = {read}", *coercion]

    def _read(self, field: "Field", of: str) -> str:
        """The expression that reads a field of the object `of`."""
        if isinstance(field.reading, Attribute):
            return f"{of}.{field.reading.name}"
        number = self._number(field)
        reading = cast("Direct", field.reading)
        self.names[f"f{number}"] = reading.function
        if reading.attributes is not None:
            return f"f{number}({', '.join(f'{of}.{name}' for name in reading.attributes)})"
        if reading.of_context:
            return f"f{number}(run.context)"
        given = [of] if reading.positional else []
        given += [f"{name}={of}" for name in reading.by_name]
        if reading.info:
            self.names[f"m{number}"] = field.infos
            self._before.append(f"i{number} = m{number}(run, place)")
            given.append(f"{reading.info}=i{number}(n)")
        return f"f{number}({', '.join(given)})"


def _indented(lines: list[str], by: int = 1) -> list[str]:
    return [f"{'    ' * by}{line}" for line in lines]


def _guarded(lines: list[str], variable: str) -> list[str]:
    return ["try:", *_indented(lines), "except Exception as error:", f"    {variable} = fail(error)"]
