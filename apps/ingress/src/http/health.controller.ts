import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { readiness } from '@rollcall/platform';
import type { HintQueue } from '@rollcall/queue';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { WAKE_UPS } from './context.module';

/** A database that takes longer than this to answer `SELECT 1` serves nobody. */
const PROBE_TIMEOUT_MS = 2_000;

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
    const state = readiness([
      { name: 'database', required: true, up: await this.databaseAnswers() },
      { name: 'queue', required: false, up: this.queue.status() === 'ok' },
    ]);
    await reply.code(state.status === 'ok' ? 200 : 503).send(state);
  }

  private async databaseAnswers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), PROBE_TIMEOUT_MS);
    });
    const probe = this.dataSource.query('SELECT 1').then(
      () => true,
      () => false,
    );
    return Promise.race([probe, timeout]).finally(() => clearTimeout(timer));
  }
}
