import { Inject } from '@nestjs/common';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { OrganizationService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import type {
  CreateOrganizationRequest,
  DeleteOrganizationRequest,
  DeletePortalLinkByIdRequest,
  DeletePortalLinkRequest,
  GeneratePortalLinkRequest,
  GetOrganizationRequest,
  GetPortalLinkRequest,
  ListOrganizationsRequest,
  ListOrganizationsResponseSchema,
  SearchOrganizationsRequest,
  UpdateOrganizationRequest,
  UpdateOrganizationSettingsRequest,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import { AppError, newId, publicId } from '@rollcall/platform';
import { DataSource, InjectDataSource, notFound } from '@rollcall/database';
import type { Organization } from '@rollcall/database';
import {
  createOrganization,
  createPortalLink,
  deleteOrganization,
  findOrganization,
  listOrganizations,
  listPortalLinks,
  revokePortalLinks,
  updateOrganization,
} from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { RequestWriter } from '../http/request-writer';
import { answerAndWake } from '../http/wake-workers.interceptor';
import { Access } from '../management/access/access';
import { EnvironmentId, OrganizationOfClient } from '../management/access-token.guard';
import { IdPipe } from '../management/input/id.pipe';
import {
  CreateOrganizationBody,
  FEATURE_NAMES,
  OrganizationQuery,
  UpdateOrganizationBody,
  UpdateSettingsBody,
} from '../management/organizations/organization.dto';
import { MAX_PAGE_SIZE } from '../management/paging/page-query';
import { Pager } from '../management/paging/pager';
import { DEFAULT_EXPIRES_IN } from '../management/portal-links/default-expires-in';
import { Message } from './message';
import { onlyMasked, readIdentity, readRegion, said, toOrganization } from './organization-messages';
import type { Identities } from './organization-messages';
import { checked, notOffered, pageOf, readOrganizationId, toTime } from './read-input';
import { Call, ScalekitService } from './scalekit-service';

const linkIds = new IdPipe('lnk', 'link');
const methods = OrganizationService.method;

/** Organizations and the links to their portals. */
@ScalekitService()
export class OrganizationsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    private readonly pager: Pager,
  ) {}

  @Call(methods.createOrganization)
  @Access('write', 'refused')
  async create(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() { organization: given }: CreateOrganizationRequest,
  ) {
    const body = await checked(CreateOrganizationBody, {
      display_name: given?.displayName,
      external_id: given?.externalId,
      metadata: given?.metadata,
      slug: said(given?.slug),
      logo_url: said(given?.logoUrl),
      region_code: readRegion(given?.regionCode),
    });
    const organization = await createOrganization(writer, environmentId, {
      id: newId(),
      displayName: body.display_name,
      externalId: body.external_id ?? null,
      metadata: body.metadata ?? {},
      slug: body.slug,
      logoUrl: body.logo_url,
      regionCode: body.region_code,
    });
    return { organization: toOrganization(organization) };
  }

  @Call(methods.updateOrganization)
  @Access('write', 'refused')
  async update(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() { identities, organization: given, updateMask }: UpdateOrganizationRequest,
  ) {
    const organizationId = await this.findId(environmentId, identities);
    const body = await checked(UpdateOrganizationBody, {
      display_name: given?.displayName,
      // Nothing is removed by a text that was not said; an empty one is no id.
      external_id: given?.externalId === '' ? null : given?.externalId,
      metadata: given && Object.keys(given.metadata).length > 0 ? given.metadata : undefined,
      slug: given?.slug === '' ? null : given?.slug,
      logo_url: given?.logoUrl === '' ? null : given?.logoUrl,
    });
    const patch = {
      displayName: body.display_name,
      externalId: body.external_id,
      metadata: body.metadata,
      slug: body.slug,
      logoUrl: body.logo_url,
    };
    const masked = onlyMasked(patch, updateMask?.paths ?? []);
    return {
      organization: toOrganization(await updateOrganization(writer, { environmentId, organizationId }, masked)),
    };
  }

  @Call(methods.getOrganization)
  @Access('read', 'filtered')
  async get(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Message() { identities }: GetOrganizationRequest,
  ) {
    return { organization: toOrganization(await this.find(environmentId, identities, only)) };
  }

  @Call(methods.getOrganizationByExternalId)
  @Access('read', 'filtered')
  async getByExternalId(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Message() { identities }: GetOrganizationRequest,
  ) {
    return { organization: toOrganization(await this.find(environmentId, identities, only)) };
  }

  @Call(methods.listOrganization)
  @Access('read', 'filtered')
  async list(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Message() message: ListOrganizationsRequest,
  ): Promise<MessageInitShape<typeof ListOrganizationsResponseSchema>> {
    const { externalId = '' } = message;
    if (externalId === '') return this.page(message, { environmentId, only });
    const found = await this.findIfThere(environmentId, { case: 'externalId', value: externalId }, only);
    return { organizations: found.map(toOrganization), totalSize: found.length };
  }

  @Call(methods.searchOrganization)
  @Access('read', 'filtered')
  async search(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Message() message: SearchOrganizationsRequest,
  ) {
    const { search } = await checked(OrganizationQuery, { search: message.query.trim() });
    return this.page(message, { environmentId, only, search });
  }

  @Call(methods.updateOrganizationSettings)
  @Access('write', 'refused')
  async updateSettings(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() { id, settings }: UpdateOrganizationSettingsRequest,
  ) {
    const organizationId = readOrganizationId(id);
    const asked = (settings?.features ?? []).map(({ name, enabled }) => ({ name, enabled }));
    const isSso = ({ name }: { name: string }) => name === 'sso';
    if (asked.some((feature) => isSso(feature) && feature.enabled)) throw notOffered('Rollcall has no single sign-on.');
    const { features } = await checked(UpdateSettingsBody, { features: asked.filter((feature) => !isSso(feature)) });
    const dirSync = features.findLast(({ name }) => FEATURE_NAMES[name] === 'dir_sync');
    const patch = { dirSyncEnabled: dirSync?.enabled };
    return {
      organization: toOrganization(await updateOrganization(writer, { environmentId, organizationId }, patch)),
    };
  }

  @Call(methods.deleteOrganization)
  @Access('write', 'refused')
  async delete(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() { identities }: DeleteOrganizationRequest,
  ) {
    const organizationId = await this.findId(environmentId, identities);
    return answerAndWake(await deleteOrganization(writer, { environmentId, organizationId }), () => ({}));
  }

  /** Whatever features are named, the portal shows those that the organization has. */
  @Call(methods.generatePortalLink)
  @Access('write', 'own')
  async generatePortalLink(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() { id }: GeneratePortalLinkRequest,
  ) {
    const scope = { environmentId, organizationId: readOrganizationId(id) };
    const { publicUrl } = this.config;
    const { link, location } = await createPortalLink(writer, scope, {
      features: ['dir_sync'],
      expiresIn: DEFAULT_EXPIRES_IN,
      publicUrl,
    });
    return {
      link: { id: publicId('lnk', link.id), location, expireTime: toTime(link.expireTime.toISOString()) },
    };
  }

  /** Where the links lead is known only to whom they were given. */
  @Call(methods.getPortalLinks)
  @Access('read', 'own')
  async getPortalLinks(@EnvironmentId() environmentId: string, @Message() { id }: GetPortalLinkRequest) {
    const scope = { environmentId, organizationId: readOrganizationId(id) };
    const { rows } = await listPortalLinks(this.dataSource, scope, { size: MAX_PAGE_SIZE });
    return {
      links: rows.map((link) => ({
        id: publicId('lnk', link.id),
        expireTime: toTime(link.expireTime.toISOString()),
      })),
    };
  }

  @Call(methods.deletePortalLink)
  @Access('write', 'own')
  async deletePortalLinks(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() { id }: DeletePortalLinkRequest,
  ) {
    await revokePortalLinks(writer, { environmentId, organizationId: readOrganizationId(id) });
    return {};
  }

  @Call(methods.deletePortalLinkByID)
  @Access('write', 'own')
  async deletePortalLink(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Message() { id, linkId }: DeletePortalLinkByIdRequest,
  ) {
    const scope = { environmentId, organizationId: readOrganizationId(id) };
    await revokePortalLinks(writer, scope, linkIds.transform(linkId));
    return {};
  }

  private async page(
    message: { pageSize: number; pageToken: string },
    filter: { environmentId: string; only?: string; search?: string },
  ) {
    const { environmentId, only, search } = filter;
    const scope = ['organizations', environmentId, only, search];
    const { page, info } = await this.pager.list(await pageOf(message), scope, (request) =>
      listOrganizations(this.dataSource, filter, request),
    );
    return {
      organizations: page.rows.map(toOrganization),
      totalSize: info.total_size,
      nextPageToken: info.next_page_token,
      prevPageToken: info.prev_page_token,
    };
  }

  private async find(environmentId: string, identities: Identities, only?: string): Promise<Organization> {
    const organization = await findOrganization(this.dataSource, environmentId, readIdentity(identities));
    if (only !== undefined && organization.id !== only) throw notFound('organization');
    return organization;
  }

  private async findIfThere(environmentId: string, identities: Identities, only?: string): Promise<Organization[]> {
    try {
      return [await this.find(environmentId, identities, only)];
    } catch (error) {
      if (error instanceof AppError && error.code === 'organization_not_found') return [];
      throw error;
    }
  }

  private async findId(environmentId: string, identities: Identities): Promise<string> {
    return (await this.find(environmentId, identities)).id;
  }
}
