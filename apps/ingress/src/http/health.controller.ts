import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { readiness } from '@rollcall/platform';
import type { Readiness } from '@rollcall/platform';
import type { HintQueue } from '@rollcall/queue';
import { databaseAnswers, DataSource, InjectDataSource } from '@rollcall/database';
import { WAKE_UPS } from './context.module';

/** Probes for a load balancer or orchestrator; no authentication, no details. */
@Controller()
export class HealthController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(WAKE_UPS) private readonly queue: HintQueue,
  ) {}

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
    return readiness([
      { name: 'database', required: true, up: await databaseAnswers(this.dataSource) },
      { name: 'queue', required: false, up: this.queue.status() === 'ok' },
    ]);
  }
}
