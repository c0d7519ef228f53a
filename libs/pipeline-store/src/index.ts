export * from './deliver';
export * from './drain';
export * from './erase';
export * from './import';
export * from './mail';
export * from './maintain';
export * from './replay';
export * from './traffic';
