export { advanceReplays } from './advance-replays';
export type { ReplayProgress } from './advance-replays';
export { findEndpointsToReplay } from './find-endpoints-to-replay';
export { renderDryRun, renderReplay } from './render-replay';
export type { ReplayView } from './view-replays';
