import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { writeSignIns } from '@rollcall/management';
import type { SignIn, SignInRefusal, SignInRow, SignInTarget } from '@rollcall/management';
import { newId } from '@rollcall/platform';
import type { Clock, Logger } from '@rollcall/platform';
import { CLOCK, LOGGER } from '../http/context.module';
import { SignInCounter } from './count-sign-ins';

type Origin = SignIn['origin'];

const FLUSH_EVERY_MS = 5_000;
/** Successful sign-ins of a client in a minute that have an entry each; the others of that minute share one. */
const OWN_ENTRIES = 20;

/**
 * Writes sign-ins in the audit log. A token that was issued is an entry before its answer. Refusals are counted and written a few
 * seconds later, one row for each client or directory, reason and minute: whoever has no credential fills nothing, and costs no
 * statement.
 */
@Injectable()
export class SignInRecorder implements BeforeApplicationShutdown {
  private readonly counter = new SignInCounter();
  private readonly successes = new LRUCache<string, { minute: number; count: number }>({ max: 10_000 });
  private readonly timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS).unref();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** An API client got an access token. Throws what the database throws: a token that cannot be told of is not given. */
  async succeeded(clientId: string, origin: Origin): Promise<void> {
    const target: SignInTarget = { type: 'api_client', id: clientId };
    const signIn: SignIn = { action: 'sign_in.succeeded', target, reason: null, origin };
    if (this.countSuccess(clientId) > OWN_ENTRIES) this.counter.add(signIn, this.clock());
    else await this.write([{ ...signIn, id: newId(), count: null }]);
  }

  /** Somebody came without a credential that is valid now. */
  refused(target: SignInTarget, reason: SignInRefusal, origin: Origin): void {
    this.counter.add({ action: 'sign_in.refused', target, reason, origin }, this.clock());
  }

  /** Writes what was counted. What cannot be written is lost, and the log says so. */
  async flush(): Promise<void> {
    const rows = this.counter.take();
    if (rows.length === 0) return;
    await this.write(rows).catch((error: unknown) => {
      this.logger.error({ err: error, rows: rows.length }, 'could not write counted sign-ins');
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private countSuccess(clientId: string): number {
    const minute = Math.floor(this.clock().getTime() / 60_000);
    const before = this.successes.get(clientId);
    const count = before?.minute === minute ? before.count + 1 : 1;
    this.successes.set(clientId, { minute, count });
    return count;
  }

  private async write(rows: readonly SignInRow[]): Promise<void> {
    for (const target of await writeSignIns(this.dataSource, rows)) this.counter.know(target);
  }
}
