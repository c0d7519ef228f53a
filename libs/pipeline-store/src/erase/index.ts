export { findErasures } from './find-erasures';
export type { ErasureKey } from './find-erasures';
export { renderErasure } from './render-erasure';
export { runErasure } from './run-erasure';
