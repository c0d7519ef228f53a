export { advanceReplays } from './advance-replays';
export type { ReplayProgress } from './advance-replays';
export { endReplay } from './end-replay';
export { findEndpointsToReplay } from './find-endpoints-to-replay';
export { renderDryRun, renderReplay } from './render-replay';
export { countReplayed } from './scan-replayed';
export { viewReplays } from './view-replays';
export type { ReplayView } from './view-replays';
