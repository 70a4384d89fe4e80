"""Why the weights said what they said: the sentences that weigh most, quoted."""

from collections.abc import Collection

from followup_mail.core.facts.context import Context
from followup_mail.core.facts.values import Kind
from followup_mail.core.rules import Evidence, find_terms, lean, load_weights

_SENTENCES = 2
_HEAVY = 0.3  # weight from which a sentence is worth quoting
_READ = 80  # sentences


def quote_grounds(context: Context, kind: Kind, marks: Collection[str]) -> list[Evidence]:
    """The sentences whose words speak most for this kind rather than for ordinary mail, the heaviest first.

    `marks` are the message's own: a word that was not weighed (a correspondent's name) is no ground.
    """
    weights, reading = load_weights("kinds"), context.reading
    found: list[tuple[float, int]] = []
    for unit in reading.units[:_READ]:
        terms = find_terms("", reading.text[unit.start : unit.end]).intersection(marks)
        weight = sum(lean(terms, weights, kind, Kind.OTHER))
        if weight >= _HEAVY:
            found.append((weight, unit.start))
    return [reading.evidence("wording", start) for _, start in sorted(found, reverse=True)[:_SENTENCES]]
