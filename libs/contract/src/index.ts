export * from './directory-data';
export * from './event-data';
export * from './event-types';
export * from './group-data';
export * from './operational-data';
export * from './providers';
export * from './statuses';
export * from './user-data';
