"""The lifecycle table as a page of the documentation, so that it never says something else."""

from hazards.choices import State
from hazards.lifecycle import MACHINE

HEAD = """# The lifecycle of a hazard

Made from the table in `hazards/lifecycle.py` by `manage.py lifecycle_doc`; do not edit it here.
One service, `hazards.services.act`, applies it: checks, compare-and-swap on the version, what is owed,
timeline and ledger, in one transaction. Whatever is refused changes nothing.

"""


def document() -> str:
    """Return the page: a diagram, the table, and what its words mean. In English."""
    return HEAD + _diagram() + _table() + _words()


def _diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state}: {state.label}" for state in State]
    lines += [
        "    [*] --> reported: found by an inspection",
        "    [*] --> rectifying: found and planned by the enterprise",
        "    [*] --> to_confirm: found and fixed on the spot by the enterprise",
    ]
    for move in MACHINE:
        lines += [f"    {source} --> {move.target or source}: {move.action}" for source in move.sources]
    lines += ["    closed --> [*]", "    cancelled --> [*]", "```", ""]
    return "\n".join(dict.fromkeys(lines)) + "\n"


def _table() -> str:
    rows = [
        "| from | action | to | who | when | also needs | must be given | may be given |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for move in MACHINE:
        cells = (
            ", ".join(str(State(source).label) for source in move.sources),
            f"`{move.action}` ({move.label})",
            State(move.target).label if move.target else "as before",
            ", ".join(move.who),
            move.when or "always",
            ", ".join(move.needs) or "–",
            ", ".join(move.requires) or "–",
            ", ".join(move.optional) or "–",
        )
        rows.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join(rows) + "\n\n"


def _words() -> str:
    lines = ["What a page says of who, when, and what is still lacking:", ""]
    lines += [f"- `{name}`: {words}" for name, words in MACHINE.words.items()]
    return "\n".join(lines) + "\n"
