import { ApiProperty } from '@nestjs/swagger';
import { SHOWN_DIRECTORIES } from '@rollcall/contract';
import { DIRECTORY_TROUBLES, OVERVIEW_PERIODS } from '@rollcall/management';
import type { DirectoryTrouble, OverviewPeriod } from '@rollcall/management';
import { EnumField } from '../input/fields';
import { UnavailableCells } from '../paging/page-query';

export class OverviewQuery {
  @EnumField({ values: OVERVIEW_PERIODS, description: 'How far back the traffic is told; default `day`.' })
  period?: OverviewPeriod;
}

class TrafficItem {
  @ApiProperty({ type: 'integer', description: 'Changes by identity providers that were published or held.' })
  changes: number;

  @ApiProperty({ type: 'integer', description: 'Events made.' })
  events: number;

  @ApiProperty({ type: 'integer', description: 'Attempts to deliver that were answered 2xx; no tests.' })
  attempts_succeeded: number;

  @ApiProperty({ type: 'integer', description: 'Attempts to deliver that failed.' })
  attempts_failed: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'Milliseconds from the commit of a change to its first delivery, median; null: there was none. Where organizations live in several databases, that of the worst of them.',
  })
  latency_p50_ms: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The same, which 95 of 100 did not exceed.' })
  latency_p95_ms: number | null;
}

class TrafficStepItem extends TrafficItem {
  @ApiProperty({ type: String, format: 'date-time' })
  start_time: string;
}

class TrafficOfPeriodItem {
  @ApiProperty({ type: String, enum: [...OVERVIEW_PERIODS] })
  period: OverviewPeriod;

  @ApiProperty({ type: 'integer', description: 'The length of each of `steps`.' })
  step_seconds: number;

  @ApiProperty({ type: String, format: 'date-time' })
  from_time: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'The end of the step that is under way.' })
  to_time: string;

  @ApiProperty({ type: [TrafficStepItem], description: 'Oldest first, without a gap.' })
  steps: TrafficStepItem[];

  @ApiProperty({ type: TrafficItem, description: 'Of the whole period.' })
  total: TrafficItem;
}

class TroubledDirectoryItem {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String })
  organization_id: string;

  @ApiProperty({ type: String })
  organization_name: string;

  @ApiProperty({
    type: String,
    enum: [...DIRECTORY_TROUBLES],
    description: '`held`: its deprovision guard holds users back. The others are states of its `health`.',
  })
  trouble: DirectoryTrouble;

  @ApiProperty({ type: String, nullable: true, description: 'What is wrong, in a sentence; null with `held`.' })
  reason: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  since: string;

  @ApiProperty({ type: 'integer' })
  held_users: number;
}

class DirectoriesOverviewItem {
  @ApiProperty({ type: 'integer', description: 'How many directories were looked at.' })
  surveyed: number;

  @ApiProperty({ type: Boolean, description: 'There are more, older ones that were not looked at.' })
  partial: boolean;

  @ApiProperty({ type: 'integer', description: 'Users whose deprovisioning is held.' })
  held_users: number;

  @ApiProperty({ type: 'integer', description: 'How many need somebody’s attention.' })
  troubled: number;

  @ApiProperty({ type: [TroubledDirectoryItem], description: `The first ${SHOWN_DIRECTORIES} of them.` })
  items: TroubledDirectoryItem[];
}

class OldestChangeItem {
  @ApiProperty({ type: String })
  directory_id: string;

  @ApiProperty({ type: String })
  organization_id: string;

  @ApiProperty({ type: String, format: 'date-time' })
  occurred_at: string;
}

class OpenCircuitItem {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String, format: 'uri' })
  url: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When the next probe goes out.' })
  circuit_open_until: string;
}

class EndpointsOverviewItem {
  @ApiProperty({ type: 'integer' })
  total: number;

  @ApiProperty({ type: 'integer' })
  disabled: number;

  @ApiProperty({ type: [OpenCircuitItem], description: 'Endpoints to which nothing but a probe goes out.' })
  circuit_open: OpenCircuitItem[];
}

export class OverviewAnswer {
  @ApiProperty({ type: TrafficOfPeriodItem })
  traffic: TrafficOfPeriodItem;

  @ApiProperty({ type: DirectoriesOverviewItem })
  directories: DirectoriesOverviewItem;

  @ApiProperty({ type: EndpointsOverviewItem })
  webhook_endpoints: EndpointsOverviewItem;

  @ApiProperty({
    type: OldestChangeItem,
    nullable: true,
    description: 'The change that has waited longest to be published; null: none waits.',
  })
  oldest_pending_change: OldestChangeItem | null;

  @UnavailableCells()
  unavailable_cells?: string[];
}
