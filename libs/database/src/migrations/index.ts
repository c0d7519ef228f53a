import { CreateBaseline1790000001000 } from './1790000001000-create-baseline';
import { CreateAuditLog1790000001030 } from './1790000001030-create-audit-log';
import { AddApiClientSecrets1790000001040 } from './1790000001040-add-api-client-secrets';
import { AddSecretPepper1790000001050 } from './1790000001050-add-secret-pepper';
import { CreateRateLimits1790000001060 } from './1790000001060-create-rate-limits';
import { CreateErasures1790000001080 } from './1790000001080-create-erasures';
import { FoldStoredKeys1790000001090 } from './1790000001090-fold-stored-keys';
import { NameDirectorySecrets1790000001100 } from './1790000001100-name-directory-secrets';
import { KeepEndedPortalSessions1790000001110 } from './1790000001110-keep-ended-portal-sessions';
import { CreateScimRequests1790000001120 } from './1790000001120-create-scim-requests';
import { IndexEventsByRequest1790000001125 } from './1790000001125-index-events-by-request';
import { CreateMembers1790000001130 } from './1790000001130-create-members';
import { CountTraffic1790000001140 } from './1790000001140-count-traffic';
import { KeepDirectoryHealth1790000001150 } from './1790000001150-keep-directory-health';
import { TellFirstTimes1790000001155 } from './1790000001155-tell-first-times';
import { CreatePortalSettings1790000001160 } from './1790000001160-create-portal-settings';
import { CreateSearchTerms1790000001170 } from './1790000001170-create-search-terms';
import { RetireDirectorySecrets1790000001175 } from './1790000001175-retire-directory-secrets';
import { IndexPublishedUsers1790000001180 } from './1790000001180-index-published-users';
import { CreateHandOvers1790000001190 } from './1790000001190-create-hand-overs';
import { TellFirstRole1790000001200 } from './1790000001200-tell-first-role';
import { PackScimRequests1790000001210 } from './1790000001210-pack-scim-requests';
import { CountEpochs1790000001220 } from './1790000001220-count-epochs';
import { AddEndpointDialects1790000001230 } from './1790000001230-add-endpoint-dialects';
import { KeepImportedIds1790000001240 } from './1790000001240-keep-imported-ids';
import { CreateIdempotencyKeys1790000001250 } from './1790000001250-create-idempotency-keys';
import { DescribeOrganizations1790000001260 } from './1790000001260-describe-organizations';
import { PlaceOrganizations1790000001270 } from './1790000001270-place-organizations';
import { IndexImportedIds1790000001290 } from './1790000001290-index-imported-ids';
import { DeflateRequestBodies1790000001300 } from './1790000001300-deflate-request-bodies';

/** In order. Tables, indexes, policies and what is stored; functions stand in ../sql. */
export const migrations = [
  CreateBaseline1790000001000,
  CreateAuditLog1790000001030,
  AddApiClientSecrets1790000001040,
  AddSecretPepper1790000001050,
  CreateRateLimits1790000001060,
  CreateErasures1790000001080,
  FoldStoredKeys1790000001090,
  NameDirectorySecrets1790000001100,
  KeepEndedPortalSessions1790000001110,
  CreateScimRequests1790000001120,
  IndexEventsByRequest1790000001125,
  CreateMembers1790000001130,
  CountTraffic1790000001140,
  KeepDirectoryHealth1790000001150,
  TellFirstTimes1790000001155,
  CreatePortalSettings1790000001160,
  CreateSearchTerms1790000001170,
  RetireDirectorySecrets1790000001175,
  IndexPublishedUsers1790000001180,
  CreateHandOvers1790000001190,
  TellFirstRole1790000001200,
  PackScimRequests1790000001210,
  CountEpochs1790000001220,
  AddEndpointDialects1790000001230,
  KeepImportedIds1790000001240,
  CreateIdempotencyKeys1790000001250,
  DescribeOrganizations1790000001260,
  PlaceOrganizations1790000001270,
  IndexImportedIds1790000001290,
  DeflateRequestBodies1790000001300,
];
