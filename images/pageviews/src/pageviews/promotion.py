"""Which version predicts: the alias `champion` moves only to a better one, and can be moved back."""

from datetime import date, timedelta

import pandas as pd

from pageviews import frame, model, registry, storage
from pageviews.errors import RegistryError
from pageviews.features import rows
from pageviews.training import FEATURE_SET

ROLLED_BACK = "rolled_back"


def promote(*, even_if_worse: bool = False) -> bool:
    """Compares the challenger with the champion on the same holdout; says whether the alias moved.

    A challenger that is not better is a result and no error. `even_if_worse` promotes it all the same: whether the
    platform works does not hang on what there was to learn.
    """
    with registry.reached():
        named = registry.aliases()
        if registry.CHALLENGER not in named:
            raise RegistryError(f"No version of {registry.model_name()} is the challenger: run pageviews train first.")
        challenger = registry.version(named[registry.CHALLENGER])
        if challenger.number == named.get(registry.CHAMPION):
            print(f"version {challenger.number} is already the champion: nothing to do")
            return False
        champion = registry.version(named[registry.CHAMPION]) if registry.CHAMPION in named else None
        decision = _decide(challenger, champion)
        if even_if_worse and not decision.promote:
            decision = model.Decision(True, f"although {decision.reason}")
        outcome = "promoted" if decision.promote else "refused"
        registry.tag(challenger.number, {"gate": outcome, "gate_reason": decision.reason})
        if decision.promote:
            # In this order, a run that is cut short anywhere can be repeated.
            if champion:
                registry.set_alias(registry.PREVIOUS, champion.number)
            registry.set_alias(registry.CHAMPION, challenger.number)
    kept = f"the champion is still version {champion.number}" if champion else "there is still no champion"
    print(f"{outcome}: version {challenger.number}: {decision.reason}" + ("" if decision.promote else f"; {kept}"))
    return decision.promote


def roll_back() -> None:
    """Makes the previous version the champion again, and bars the one that it replaces.

    A run that was cut short can be repeated; a second whole one is refused, so that a retry never rolls forward.
    """
    with registry.reached():
        named = registry.aliases()
        if registry.PREVIOUS not in named:
            raise RegistryError(
                f"No version of {registry.model_name()} has the alias {registry.PREVIOUS}: "
                "there is nothing to roll back to."
            )
        champion, previous = named.get(registry.CHAMPION), named[registry.PREVIOUS]
        if champion is not None and champion != previous:
            registry.tag(champion, {ROLLED_BACK: "true"})
            registry.set_alias(registry.CHAMPION, previous)
        registry.delete_alias(registry.PREVIOUS)
    print(f"version {previous} is the champion again; the version that it replaces will never be promoted again")


def _decide(challenger: registry.Version, champion: registry.Version | None) -> model.Decision:
    if challenger.tags.get(ROLLED_BACK) == "true":
        return model.Decision(False, "it was rolled back; new views or another seed make a new version")
    if challenger.tags["feature_set"] != FEATURE_SET:
        return model.Decision(False, "another version of this package made it; run pageviews train again")
    views = _snapshot(challenger)
    first = _day(challenger, "holdout_first")
    last = _day(challenger, "holdout_last")
    # A champion of other features cannot read these; it must go anyway, since it cannot predict either.
    comparable = champion if champion and champion.tags["feature_set"] == FEATURE_SET else None
    if comparable:
        first = max(first, _day(comparable, "holdout_first"))
        if first > last:
            seen = first - timedelta(days=1)
            return model.Decision(False, f"the champion was trained on views up to {seen}, so no day is new to both")
    table = rows(views)
    return model.decide(
        model.score(registry.load(challenger), table, first, last),
        model.Backtest(challenger.metrics["backtest_gain"], challenger.metrics["backtest_standard_error"]),
        model.score(registry.load(comparable), table, first, last) if comparable else None,
    )


def _snapshot(version: registry.Version) -> pd.DataFrame:
    snapshot = storage.Snapshot(version.tags["snapshot_path"], version.tags["snapshot_sha256"])
    return frame.from_csv(storage.load(snapshot), snapshot.path)


def _day(version: registry.Version, tag: str) -> date:
    return date.fromisoformat(version.tags[tag])
