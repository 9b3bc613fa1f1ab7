"""One task on several tiers: quality, price and wait in one picture, and whether to switch.

outcomes               -> front   -> a still picture with the Pareto front
outcomes, margin and n -> cheaper -> the same with the loss, which is decided or not

No app is run. With another n the shares stay as they are; only how sure they are changes.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from labkit.arguments import every, known, line, refused
from labkit.cost import Outcomes, Verdict, noninferior, pareto
from labkit.views import Provenance, View, amount, choice
from labkit.views.cost.fronts import FrontPoint, FrontScene, Loss, draw_front
from labkit.views.words import number, several, usd

Kind = Literal["measured", "simulated"]
MOST_N, STEP_N = 492, 12
MARGIN = 5
NOT_SHOWN = "Your own traffic: the examples are the eval set's, and each counts alike."


def front(
    outcomes: Outcomes,
    *,
    today: str = "frontier",
    chosen: str = "",
    kind: Kind = "simulated",
    notes: Sequence[str] = (),
) -> View:
    """Draw the tiers of one task: right answers over what one costs, and the wait beside each.

    Args:
        outcomes: What was tried, of one task.
        today: The tier that runs today.
        chosen: The tier in question.
        kind: Whether a model answered (``measured``) or a simulated one did.
        notes: What else must be known of them.
    """
    hues, where = hues_of(outcomes, today, chosen), source(kind, notes)
    tiers = points_of(outcomes, hues)
    if not tiers:
        raise refused("the right answers", 0, "There is nothing to draw.", "Try another tier.")
    beaten = [one.name for one in tiers if not one.on_front]
    cheap, best = min(tiers, key=lambda one: one.usd), max(tiers, key=lambda one: one.share)
    said = (
        f"1,000 right answers cost {usd(best.usd)} USD on {best.name} and {usd(cheap.usd)} on "
        f"{cheap.name}, which has {best.right - cheap.right} of {best.n} fewer right."
    )
    said += f" {' and '.join(beaten)} beaten by another." if beaten else " None beats another."
    scene = FrontScene(titled(kind, said), tiers, where, NOT_SHOWN)
    return View(draw_front(scene))


def cheaper(
    outcomes: Outcomes,
    *,
    today: str = "frontier",
    first: str = "balanced",
    kind: Kind = "simulated",
    notes: Sequence[str] = (),
) -> View:
    """Move the margin and the number of examples, and see whether a cheaper tier may take over.

    Args:
        outcomes: What was tried, of one task.
        today: The tier that runs today.
        first: The cheaper tier at first.
        kind: Whether a model answered (``measured``) or a simulated one did.
        notes: What else must be known of them.
    """
    hues_of(outcomes, today, first)
    others = [name for name in outcomes.tiers if name != today]
    source(kind, notes)
    before = outcomes.right(today)
    least, most = reach(len(before))
    flips = {name: flips_of(before, outcomes.right(name)) for name in others}

    def scene(tier: str, margin: int, n: int) -> FrontScene:
        tiers = points_of(outcomes, hues_of(outcomes, today, tier), n)
        verdict = noninferior(*scaled(flips[tier], len(before), n), margin / 100)
        low, high = verdict.interval
        loss = Loss(-high, -verdict.difference, -low, verdict.margin, word_of(verdict))
        known_as = kind if n == len(before) else "simulated"  # shares of so many were not seen
        said = titled(known_as, finding_of(verdict, tier, today))
        return FrontScene(said, tiers, source(known_as, notes), NOT_SHOWN, loss)

    controls = {
        "tier": choice("Instead of what runs today", others, value=first),
        "margin": amount("Margin", 1, 15, value=MARGIN, unit="points"),
        "n": amount("Examples", least, most, step=STEP_N, value=len(before)),
    }
    return View.of(scene, draw_front, controls)


def reach(n: int) -> tuple[int, int]:
    """The fewest and the most examples of the slider, which stops at the n that were tried."""
    least = n % STEP_N + STEP_N * (n >= STEP_N)
    steps = max(MOST_N - least, n - least) // STEP_N
    return least, least + steps * STEP_N


def hues_of(outcomes: object, today: str, chosen: str) -> dict[str, str]:
    """Whose each tier is; a refusal where there is none of that name."""
    if not isinstance(outcomes, Outcomes):
        remedy = 'Give Outcomes, for example read_outcomes("outcomes.csv").only("answers").'
        raise refused("outcomes", outcomes, "Nothing can be drawn.", remedy)
    hues = dict.fromkeys(outcomes.tiers, "i")
    for name, hue in ((chosen, "d"), (today, "p")):
        if name != "" or hue == "p":
            known(name, hues, "a tier of these outcomes", "It cannot be compared.")
            hues[name] = hue
    if chosen == today:
        remedy = "Choose another one, or name what runs today."
        raise refused("the cheaper tier", chosen, "It runs today.", remedy)
    return hues


def points_of(outcomes: Outcomes, hues: Mapping[str, str], n: int = 0) -> tuple[FrontPoint, ...]:
    """Every tier that is ever right, with n examples at its share."""
    points = outcomes.points()
    best = pareto(points)
    found = []
    for one in points:
        right = outcomes.right(one.name)
        total = n or len(right)
        good = round(total * sum(right.values()) / len(right))
        each = 1000 * float(one.cost_usd)
        found.append(
            FrontPoint(one.name, good, total, each, one.p95_s, hues[one.name], one in best)
        )
    return tuple(found)


def flips_of(before: Mapping[str, bool], after: Mapping[str, bool]) -> tuple[int, int]:
    """How many examples got worse, and how many better."""
    worse = sum(was and not after[id] for id, was in before.items())
    return worse, sum(after[id] and not was for id, was in before.items())


def scaled(flips: tuple[int, int], n: int, to: int) -> tuple[dict[str, bool], dict[str, bool]]:
    """Outcomes of so many examples in which the shares of both flips are the same."""
    worse, better = (round(one * to / n) for one in flips)
    before = {str(at): at < worse or at >= worse + better for at in range(to)}
    return before, {id: int(id) >= worse for id in before}


def word_of(verdict: Verdict) -> str:
    """What to do."""
    words = {"yes": "switch", "no": "keep what runs today"}
    return words.get(verdict.word, verdict.said())


def finding_of(verdict: Verdict, tier: str, today: str) -> str:
    """The verdict with its numbers."""
    low, high = (number(-100 * end, 1) for end in verdict.interval[::-1])
    margin = several(round(100 * verdict.margin), "point")
    lost = f"{verdict.worse} worse and {verdict.better} better of {number(verdict.n)}"
    name = line(tier, 40)
    if verdict.word == "yes":
        return f"Switch to {name}: {lost}, and a loss of {margin} is ruled out."
    if verdict.word == "no":
        return f"Keep {line(today, 40)}: {lost}, and {name} surely loses more than {margin}."
    begins = verdict.said().capitalize()
    return f"{begins}: {lost} with {name}. The loss is {low} to {high} points; agreed: {margin}."


def titled(kind: Kind, said: str) -> str:
    """A finding that begins with where its numbers come from."""
    return f"{kind.capitalize()}: {said[:1].lower()}{said[1:]}"


def source(kind: object, notes: Sequence[str]) -> Provenance:
    """Where the numbers come from."""
    if kind not in ("measured", "simulated"):
        remedy = 'Use "measured" where a real model answered, else "simulated".'
        raise refused("kind", kind, "Nobody could tell what to believe.", remedy)
    every("notes", notes, str, '("seed 7",)')
    return Provenance("measured" if kind == "measured" else "simulated", tuple(notes))
