import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DatabaseModule, DataSource } from '@rollcall/database';
import type { ConnectOptions } from '@rollcall/database';
import { WorkerService } from './worker.service';
import type { WorkerContext } from './worker.service';

/** The worker: hints and sweeps in, events and deliveries out. */
@Module({})
export class WorkerModule {
  static forRoot({ database, ...context }: WorkerContext & { database: ConnectOptions }): DynamicModule {
    const service = {
      provide: WorkerService,
      useFactory: (dataSource: DataSource) => new WorkerService(context, dataSource),
      inject: [DataSource],
    };
    return { module: WorkerModule, imports: [DatabaseModule.forRoot(database)], providers: [service] };
  }
}
