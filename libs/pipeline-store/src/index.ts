export * from './deliver';
export * from './drain';
export * from './maintain';
export * from './replay';
