import { CreateTables1790000000000 } from './1790000000000-create-tables';
import { CreatePartitions1790000000100 } from './1790000000100-create-partitions';
import { EnableRowLevelSecurity1790000000200 } from './1790000000200-enable-row-level-security';
import { CreateLookupFunctions1790000000300 } from './1790000000300-create-lookup-functions';
import { CreateScimFunctions1790000000400 } from './1790000000400-create-scim-functions';
import { CreateManagementFunctions1790000000600 } from './1790000000600-create-management-functions';
import { CreateRoles1790000000610 } from './1790000000610-create-roles';
import { CreateLearnedAttributes1790000000700 } from './1790000000700-create-learned-attributes';
import { AddUnnumberedDeliveries1790000000800 } from './1790000000800-add-unnumbered-deliveries';
import { CreateReplays1790000000820 } from './1790000000820-create-replays';
import { CreateDeprovisionGuard1790000000840 } from './1790000000840-create-deprovision-guard';
import { WatchWebhookEndpoints1790000000860 } from './1790000000860-watch-webhook-endpoints';
import { CreateDeliveryFunctions1790000000880 } from './1790000000880-create-delivery-functions';
import { CreateStatisticsFunction1790000000885 } from './1790000000885-create-statistics-function';
import { LightenScimFunctions1790000000890 } from './1790000000890-lighten-scim-functions';
import { CountPendingChanges1790000000900 } from './1790000000900-count-pending-changes';

/** In order. A migration that has been released is never edited; a later one changes what it made. */
export const migrations = [
  CreateTables1790000000000,
  CreatePartitions1790000000100,
  EnableRowLevelSecurity1790000000200,
  CreateLookupFunctions1790000000300,
  CreateScimFunctions1790000000400,
  CreateManagementFunctions1790000000600,
  CreateRoles1790000000610,
  CreateLearnedAttributes1790000000700,
  AddUnnumberedDeliveries1790000000800,
  CreateReplays1790000000820,
  CreateDeprovisionGuard1790000000840,
  WatchWebhookEndpoints1790000000860,
  CreateDeliveryFunctions1790000000880,
  CreateStatisticsFunction1790000000885,
  LightenScimFunctions1790000000890,
  CountPendingChanges1790000000900,
];
