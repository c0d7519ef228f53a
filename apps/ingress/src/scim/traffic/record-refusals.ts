import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { writeRefusals } from '@rollcall/management';
import type { CountedRefusal } from '@rollcall/management';
import { isBareId } from '@rollcall/platform';
import type { Clock, Logger } from '@rollcall/platform';
import { CLOCK, LOGGER } from '../../http/context.module';
import { RefusalCounter } from './count-refusals';
import type { Refusal } from './count-refusals';

/** An admin who tries a token out sees what became of it a moment later. */
const FLUSH_EVERY_MS = 1_000;

/** Keeps what identity providers are refused, for the health of their directories; off the requests, which wait for nothing. */
@Injectable()
export class RefusalRecorder implements BeforeApplicationShutdown {
  private readonly counter = new RefusalCounter();
  private readonly timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS).unref();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  refused(refusal: Refusal): void {
    if (isBareId(refusal.directoryId)) this.counter.add(refusal, this.clock());
  }

  accepted(directoryId: string): void {
    this.counter.accepted(directoryId);
  }

  /** Writes what is due. What cannot be written is lost, and the log says so. */
  async flush(): Promise<void> {
    await this.write(this.counter.takeDue(this.clock()));
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.write(this.counter.takeAll());
  }

  private async write(refusals: readonly CountedRefusal[]): Promise<void> {
    if (refusals.length === 0) return;
    try {
      for (const directoryId of await writeRefusals(this.dataSource, refusals)) this.counter.know(directoryId);
    } catch (error) {
      this.logger.error({ err: error, rows: refusals.length }, 'could not write counted refusals');
    }
  }
}
