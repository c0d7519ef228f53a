export * from './json';
export * from './scim-error';
export * from './schema/schema';
export * from './filter/filter';
export * from './pending';
