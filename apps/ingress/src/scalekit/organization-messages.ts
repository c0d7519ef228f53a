import type { MessageInitShape } from '@bufbuild/protobuf';
import { RegionCode } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb';
import type {
  GetOrganizationRequest,
  OrganizationSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import type { Organization } from '@rollcall/database';
import type { OrganizationPatch } from '@rollcall/management';
import { renderOrganization } from '../management/organizations/render-organization';
import { readOrganizationId, toTime } from './read-input';

export type Identities = GetOrganizationRequest['identities'];

/** By which id of the owner's or of ours a message names an organization. */
export function readIdentity(identities: Identities): { id: string } | { externalId: string } {
  if (identities.case === 'externalId') return { externalId: identities.value.replaceAll('\0', '\u{FFFD}') };
  return { id: readOrganizationId(identities.value ?? '') };
}

/** With a mask nothing else changes, and what it names without a value is removed, where that can be. */
export function onlyMasked(patch: OrganizationPatch, paths: readonly string[]): OrganizationPatch {
  if (paths.length === 0) return patch;
  const isNamed = (name: string) => paths.some((path) => path === name || path === `organization.${name}`);
  return {
    ...(isNamed('display_name') && { displayName: patch.displayName }),
    ...(isNamed('external_id') && { externalId: patch.externalId ?? null }),
    ...(isNamed('metadata') && { metadata: patch.metadata ?? null }),
    ...(isNamed('slug') && { slug: patch.slug ?? null }),
    ...(isNamed('logo_url') && { logoUrl: patch.logoUrl ?? null }),
  };
}

const REGIONS = [
  ['US', RegionCode.US],
  ['EU', RegionCode.EU],
] as const;

/** Undefined when it was not said; of a number that is none, the number, which is refused. */
export function readRegion(code: RegionCode = RegionCode.REGION_CODE_UNSPECIFIED): string | undefined {
  if (code === RegionCode.REGION_CODE_UNSPECIFIED) return undefined;
  return REGIONS.find(([, known]) => known === code)?.[0] ?? String(code);
}

/** An empty text is none. */
export function said(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** An organization as a message of Scalekit's. */
export function toOrganization(organization: Organization): MessageInitShape<typeof OrganizationSchema> {
  const item = renderOrganization(organization);
  return {
    id: item.id,
    displayName: item.display_name,
    externalId: item.external_id ?? undefined,
    // Their values are texts; by REST they may be anything.
    metadata: Object.fromEntries(
      Object.entries(item.metadata).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
    slug: item.slug,
    logoUrl: item.logo_url,
    regionCode: REGIONS.find(([name]) => name === item.region_code)?.[1] ?? RegionCode.REGION_CODE_UNSPECIFIED,
    createTime: toTime(item.create_time),
    updateTime: toTime(item.update_time),
    settings: { features: item.settings.features.map(({ name, enabled }) => ({ name, enabled })) },
  };
}
