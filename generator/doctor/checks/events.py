"""What went wrong in the last hour, by reason.

Warnings that Kubernetes keeps for about an hour. What another finding explains is left out.
"""

from collections import Counter

from generator.doctor.checks.base import INFO, Diagnoses, sentence
from generator.doctor.look import Look
from generator.doctor.reading import minutes, number, text

CODE = "D182"
_HOUR = 60
_MOST = 5
# What the checks of pods, claims and images report with its cause.
_KNOWN = frozenset(
    """
    FailedScheduling BackOff Failed FailedMount FailedAttachVolume ProvisioningFailed
    FailedBinding FailedCreate ErrUnsealFailed NotTriggerScaleUp
    """.split()  # noqa: SIM905 - shorter than a list
)


def check(look: Look) -> Diagnoses:
    """One for each environment."""
    for place in look.places:
        seen: Counter[str] = Counter()
        example: dict[str, str] = {}
        for event in place.all("Event"):
            last = (
                text(event, "lastTimestamp")
                or text(event, "series.lastObservedTime")
                or text(event, "eventTime")
                or text(event, "metadata.creationTimestamp")
            )
            reason = text(event, "reason")
            if text(event, "type") != "Warning" or minutes(last, look.now) > _HOUR:
                continue
            if reason not in _KNOWN:
                seen[reason] += max(1, number(event, "count") or number(event, "series.count"))
                example[reason] = (
                    f"{text(event, 'involvedObject.kind')} "
                    f"{text(event, 'involvedObject.name')}: {text(event, 'message')}"
                )
        if seen:
            counted = ", ".join(f"{reason} {times}" for reason, times in seen.most_common(_MOST))
            reason = seen.most_common(1)[0][0]
            yield place.found(
                CODE,
                INFO,
                f"events of the last hour: {counted}; {sentence(example[reason], 160)}",
                "see the events",
                about="events",
                follows=("hub pods", "gateway pods", "claim"),
                commands=(
                    f"{place.kubectl} get events -n {place.environment.namespace} "
                    "--field-selector type=Warning --sort-by .lastTimestamp",
                ),
            )
