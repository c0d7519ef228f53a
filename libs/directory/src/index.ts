export { BOUNDS, isStorable, isStorableJson, ROLE_NAME } from './bounds';
export { changeDirectory } from './change-directory';
export type { SettingsPatch } from './change-directory';
export { changeGroup } from './change-group';
export type { GroupColumns, GroupRecord } from './change-group';
export { changeGuard } from './change-guard';
export type { GuardPatch } from './change-guard';
export { changeRules, refuseDuplicateRules } from './change-rules';
export type { RulesChange } from './change-rules';
export { changeUser } from './change-user';
export type { UserColumns, UserRecord } from './change-user';
export { countListed, decideAll, decideSome, hasHeldUsers, NOTHING_HELD } from './decide-hold';
export type { HoldState } from './decide-hold';
export { decideAlerts } from './decide-alerts';
export type { Alert, AlertKind } from './decide-alerts';
export { decideHealth } from './decide-health';
export type { Health, HealthFacts, RefusalCount } from './decide-health';
export { importedId, IMPORTED_SERVICES, isAlias, isForeignToken, readAlias } from './directory-alias';
export type { ImportedService } from './directory-alias';
export { directoryStatus } from './directory-status';
export { freeName } from './free-name';
export { handOverState } from './hand-over-state';
export { mergeMetadata } from './merge-metadata';
export { refuseBeyondLimit } from './refuse-beyond-limit';
export { refuseReplacing } from './refuse-replacing';
export { refuseRoleInUse } from './refuse-role-in-use';
export { NAMED_MAX, refuseUnknownGroups, refuseUnknownRoles } from './refuse-unknown';
export { refuseWhileFeatureOff } from './refuse-while-feature-off';
export {
  afterPrefix,
  foldForSearch,
  groupTerms,
  readSearch,
  userEmailKey,
  userNameKey,
  userTerms,
} from './search-terms';
export { settleManager, withManagerName } from './settle-manager';
export { describeSilence, silenceLimitMs } from './silence-limit';
export { ENTRY_FIELDS, isFailure, keysOf, readEntries } from './request-entry';
export type { RequestEntry } from './request-entry';
export { unpackBodies } from './request-bodies';
export type { StoredBodies } from './request-bodies';
export { OpenPack, PACK_MAX, withoutRequests, withoutStoredRequests } from './request-pack';
export type { RecordedRequest, RequestPack } from './request-pack';
export { secretStatus } from './secret-status';
