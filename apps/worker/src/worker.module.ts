import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { EgressClient } from '@rollcall/egress';
import type { Config, Logger, Sealer } from '@rollcall/platform';
import type { HintQueue } from '@rollcall/queue';
import { DatabaseModule, DataSource } from '@rollcall/database';
import type { ConnectOptions } from '@rollcall/database';
import { CONFIG, DATA_SOURCE, EGRESS, HINT_QUEUE, LOGGER, SEALER } from './tokens';
import { WorkerService } from './worker.service';

/** What the process brings: everything that is not a table. */
export interface WorkerContext {
  config: Config;
  logger: Logger;
  queue: HintQueue;
  egress: EgressClient;
  sealer: Sealer;
  database: ConnectOptions;
}

/** The worker: hints and sweeps in, events and deliveries out. */
@Module({})
export class WorkerModule {
  static forRoot(context: WorkerContext): DynamicModule {
    return {
      module: WorkerModule,
      imports: [DatabaseModule.forRoot(context.database)],
      providers: [
        { provide: CONFIG, useValue: context.config },
        { provide: LOGGER, useValue: context.logger },
        { provide: HINT_QUEUE, useValue: context.queue },
        { provide: EGRESS, useValue: context.egress },
        { provide: SEALER, useValue: context.sealer },
        { provide: DATA_SOURCE, useExisting: DataSource },
        WorkerService,
      ],
    };
  }
}
