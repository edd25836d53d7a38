"""Medians with their spread."""

from statistics import median


def summary(values):
    values = sorted(values)
    return {"median": round(median(values), 3), "least": round(values[0], 3), "most": round(values[-1], 3), "runs": len(values)}


def text(figures, unit="s"):
    if figures["runs"] == 1 or figures["least"] == figures["most"]:
        return f"{figures['median']:.2f} {unit}"
    return f"{figures['median']:.2f} {unit} ({figures['least']:.2f}–{figures['most']:.2f})"
