import { publicId } from '@rollcall/platform';
import type { Overview, OverviewPeriod, TrafficView, TroubledDirectory } from '@rollcall/management';
import type { OverviewAnswer } from './overview.dto';

/** How an environment fares, as the management API tells it. */
export function renderOverview(
  { traffic, directories, endpoints, oldestChange }: Overview,
  period: OverviewPeriod,
): OverviewAnswer {
  return {
    traffic: {
      period,
      step_seconds: traffic.stepSeconds,
      from_time: traffic.fromTime.toISOString(),
      to_time: traffic.toTime.toISOString(),
      steps: traffic.steps.map((step) => ({ start_time: step.startTime.toISOString(), ...renderTraffic(step) })),
      total: renderTraffic(traffic.total),
    },
    directories: {
      surveyed: directories.surveyed,
      partial: directories.isPartial,
      held_users: directories.heldUsers,
      troubled: directories.troubled,
      items: directories.shown.map(renderTroubled),
    },
    webhook_endpoints: {
      total: endpoints.total,
      disabled: endpoints.disabled,
      circuit_open: endpoints.circuitOpen.map(({ endpointId, url, openUntil }) => ({
        id: publicId('whe', endpointId),
        url,
        circuit_open_until: openUntil.toISOString(),
      })),
    },
    oldest_pending_change: oldestChange && {
      directory_id: publicId('dir', oldestChange.directoryId),
      organization_id: publicId('org', oldestChange.organizationId),
      occurred_at: oldestChange.occurredAt.toISOString(),
    },
  };
}

function renderTraffic(view: TrafficView) {
  return {
    changes: view.changes,
    events: view.events,
    attempts_succeeded: view.attemptsSucceeded,
    attempts_failed: view.attemptsFailed,
    latency_p50_ms: view.latencyP50Ms,
    latency_p95_ms: view.latencyP95Ms,
  };
}

function renderTroubled(directory: TroubledDirectory) {
  return {
    id: publicId('dir', directory.directoryId),
    name: directory.name,
    organization_id: publicId('org', directory.organizationId),
    organization_name: directory.organizationName,
    trouble: directory.trouble,
    reason: directory.reason,
    since: directory.since.toISOString(),
    held_users: directory.heldUsers,
  };
}
