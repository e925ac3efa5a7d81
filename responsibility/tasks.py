"""Background work: thin wrappers over functions that run without a broker as well."""

from celery import shared_task

from responsibility.alerts import delivery
from responsibility.alerts import sweep as sweeper
from responsibility.coverage import audit as auditing
from responsibility.enterprise_line import owing
from responsibility.leaders.policies import apply_policies
from responsibility.statements import scoring
from safegrid.kernel import clock


@shared_task
def sweep() -> int:
    """Raise the alerts that are due and open new periods; return how many alerts were raised."""
    return sweeper.sweep(now=clock.now())


@shared_task
def deliver() -> int:
    """Send what waits to be sent; return how many mails were sent."""
    return delivery.deliver(now=clock.now())


@shared_task
def audit_coverage() -> int:
    """Look at the whole grid; return how many findings are to be resolved."""
    return auditing.audit(now=clock.now()).open


@shared_task
def audit_touched() -> None:
    """Look at what has changed since the last audit."""
    auditing.follow(now=clock.now())


@shared_task
def score_statements() -> int:
    """Work out the scores of statements and lock what is due; return how many were locked."""
    return scoring.nightly(now=clock.now())


@shared_task
def look_at_own_lines() -> int:
    """Open what falls due of certificates and training; return how many."""
    return owing.look(now=clock.now())


@shared_task
def give_leaders_duties() -> int:
    """Give leading posts, new ones too, what the policies in force say; return how many duties changed."""
    return apply_policies(now=clock.now())
