"""The ways in which one place of a module is made wrong: every change is one that could move a number."""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATIONS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
NAMES = {"min": "max", "minimum": "maximum", "any": "all", "floor": "ceil", "argmin": "argmax", "nanmin": "nanmax"}
NAMES |= {wrong: right for right, wrong in NAMES.items()} | {"sum": "max", "cumsum": "sort", "prod": "sum"}
# Called with one argument these could be forgotten.
FORGETTABLE = {"sqrt", "log", "log2", "log1p", "exp", "expm1", "abs", "round", "rint", "sorted", "lgamma", "gammaln"}
SIDES = {"left": "right", "right": "left"}


@dataclass(frozen=True, slots=True)
class Change:
    """One mutant: `where` is the function, `before` and `after` the expression, `tree` the module with the change."""

    where: str
    line: int
    before: str
    after: str
    tree: ast.Module

    @property
    def key(self) -> str:
        return f"{self.where} | {self.before} | {self.after}"


def changes_of(source: str) -> Iterator[Change]:
    """Every mutant of a module, in the order of its lines. What is said twice in a function is numbered from 2."""
    module = ast.parse(source)
    seen: Counter[str] = Counter()
    for path, where in _places(module, (), "module"):
        node = _at(module, path)
        for wrong in _wrong(node):
            tree = copy.deepcopy(module)
            _put(tree, path, ast.copy_location(wrong, node))
            ast.fix_missing_locations(tree)
            before, after = ast.unparse(node), ast.unparse(wrong)
            key = f"{where} | {before} | {after}"
            seen[key] += 1
            numbered = where if seen[key] == 1 else f"{where} #{seen[key]}"
            yield Change(numbered, node.lineno, before, after, tree)


def _places(node, path, where):
    """(path, function) of every expression and statement that runs: not annotations, decorators and docstrings."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params", "ctx", "op", "ops"):
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _is_text(child) or _is_for_types_only(child):
                continue
            here = where
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                here = child.name if where == "module" else f"{where}.{child.name}"
            step = (*path, (name, place))
            if isinstance(child, ast.expr | ast.stmt):
                yield step, here
            yield from _places(child, step, here)


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_types_only(node):
    """Names for types, and imports."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        made = ast.unparse(node.value)
        return made.startswith(("NDArray", "tuple[", "dict[", "list["))
    return isinstance(node, ast.Import | ast.ImportFrom)


def _at(node, path):
    for name, place in path:
        node = getattr(node, name) if place is None else getattr(node, name)[place]
    return node


def _put(tree, path, new):
    parent, (name, place) = _at(tree, path[:-1]), path[-1]
    if place is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[place] = new


def _wrong(node):
    """The wrong nodes that may stand in the place of this one."""
    match node:
        case ast.Compare(ops=[op]):
            for other in COMPARISONS[type(op)]:
                yield ast.Compare(node.left, [other()], node.comparators)
        case ast.Compare(ops=ops):
            for place, op in enumerate(ops):
                changed = [*ops[:place], COMPARISONS[type(op)][0](), *ops[place + 1 :]]
                yield ast.Compare(node.left, changed, node.comparators)
        case ast.BinOp() if not isinstance(node.left, ast.JoinedStr):
            yield ast.BinOp(node.left, OPERATIONS[type(node.op)](), node.right)
        case ast.AugAssign():
            yield ast.AugAssign(node.target, OPERATIONS[type(node.op)](), node.value)
        case ast.UnaryOp():
            yield node.operand
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        case ast.Constant():
            yield from _wrong_constant(node.value)
        case ast.IfExp():
            yield ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
        case ast.If():
            yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()
        case ast.Call():
            yield from _wrong_call(node)


def _wrong_constant(value):
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        if value > 1:
            yield ast.Constant(value - 1)
    elif isinstance(value, float):
        yield ast.Constant(value * 1.01 if value else 0.01)
    elif value in SIDES:
        yield ast.Constant(SIDES[value])


def _wrong_call(node):
    match node.func:
        case ast.Name(name) | ast.Attribute(attr=name):
            pass
        case _:
            return
    if name in NAMES:
        called = copy.deepcopy(node.func)
        if isinstance(called, ast.Name):
            called.id = NAMES[name]
        else:
            called.attr = NAMES[name]
        yield ast.Call(called, node.args, node.keywords)
    if name in FORGETTABLE and len(node.args) == 1:
        yield node.args[0]
    if name == "clip" and isinstance(node.func, ast.Attribute):
        yield node.args[0] if len(node.args) == 3 else node.func.value
