import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { dataSourceOptions } from './connect-database';
import type { ConnectOptions } from './connect-database';
import { entities } from './entities';

/** For the applications, which import no typeorm themselves: inject with `@InjectDataSource() dataSource: DataSource`. */
export { InjectDataSource, InjectRepository } from '@nestjs/typeorm';

/** The data source and its repositories for a Nest application. Connects at start and closes when the application stops. */
@Module({})
export class DatabaseModule {
  /** Throws at start when the database cannot be reached within about five seconds. Every entity's repository is injectable. */
  static forRoot(options: ConnectOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions(options),
          autoLoadEntities: false,
          retryAttempts: 5,
          retryDelay: 1_000,
          verboseRetryLog: false,
        }),
        TypeOrmModule.forFeature(entities),
      ],
      exports: [TypeOrmModule],
    };
  }
}
