export type * from './portal-types';
