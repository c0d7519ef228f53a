export { decideRoute, originFormOf } from './decide-route';
export type { Facade, PortalCredential, Route, SharedList } from './decide-route';
export { beginList, LAST_PAGE, mergePages, placesAround } from './list-pages';
export type { CellPage, ListPlace, MergedPage, Taken } from './list-pages';
export { mergeParts } from './merge-parts';
export type { Part } from './merge-parts';
export {
  isReadToEnd,
  leavePastCells,
  mergeFeed,
  placeAfterSequence,
  readFeedPlace,
  writeFeedPlace,
} from './feed-place';
export type { CellStart, DirectoryCells, FeedMerging, FeedPlace, MergedFeed, PastPlacement } from './feed-place';
export { splitFeed } from './split-feed';
export type { CellFeed, FeedEvent } from './split-feed';
export { combineOverviews } from './combine-overviews';
export type { OverviewPart } from './combine-overviews';
