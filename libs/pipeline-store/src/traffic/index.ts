export { LATENCY_BOUNDS_MS, latencyAt, latencyPlace } from './latency-bounds';
export { deleteOldTraffic, writeTraffic } from './write-traffic';
export type { TrafficRow } from './write-traffic';
