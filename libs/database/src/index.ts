export * from './bootstrap-database';
export * from './connect-database';
export * from './database.module';
export * from './entities';
export * from './is-database-unavailable';
export * from './migrate-database';
export * from './tenant-transaction';
