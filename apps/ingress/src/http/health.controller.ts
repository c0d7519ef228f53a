import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { readiness } from '@rollcall/platform';
import type { Readiness } from '@rollcall/platform';
import type { HintQueue } from '@rollcall/queue';
import { DataSource, InjectDataSource } from '@rollcall/database';
import type { DatabaseProbe } from '@rollcall/database';
import { watchDrainLag } from '@rollcall/pipeline-store';
import type { DrainLag } from '@rollcall/pipeline-store';
import type { Metrics } from '@rollcall/platform';
import { METRICS, PROBE, WAKE_UPS } from './context.module';

/** Probes for a load balancer or orchestrator; no authentication, no details. */
@Controller()
export class HealthController {
  private readonly lag: DrainLag;

  constructor(
    @InjectDataSource() dataSource: DataSource,
    @Inject(PROBE) private readonly probe: DatabaseProbe,
    @Inject(WAKE_UPS) private readonly queue: HintQueue,
    @Inject(METRICS) metrics: Metrics,
  ) {
    this.lag = watchDrainLag(dataSource, metrics);
  }

  /** The process is alive. */
  @Get('healthz')
  healthz(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 when requests can be served (`degraded` names what is away), 503 with `failing` when not. */
  @Get('readyz')
  async readyz(@Res() reply: FastifyReply): Promise<void> {
    const state = await this.readiness();
    await reply.code(state.status === 'ok' ? 200 : 503).send(state);
  }

  /** What /readyz says, here and at the operations port. */
  async readiness(): Promise<Readiness> {
    const isUp = await this.probe.answers();
    return readiness([
      { name: 'database', required: true, up: isUp },
      { name: 'queue', required: false, up: this.queue.status() === 'ok' },
      { name: 'events', required: false, up: !isUp || !(await this.lag.isLate()) },
    ]);
  }
}
