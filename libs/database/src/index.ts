export * from './bootstrap-database';
export * from './connect-database';
export * from './entities';
export * from './migrate-database';
export * from './tenant-transaction';
