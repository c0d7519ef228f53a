export * from './deliver';
export * from './drain';
export * from './erase';
export * from './maintain';
export * from './replay';
